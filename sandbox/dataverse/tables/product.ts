import {
  boolean,
  choice,
  date,
  decimal,
  exchangeRate,
  guid,
  integer,
  lookup,
  memo,
  money,
  numbered,
  text,
} from '../columns.js'
import type { DataverseTable, State } from './table.js'
import { BASE, CREATE_ONLY, STAMPS, stateColumns } from './table.js'

/** States of a product. */
export const ProductState = { active: '0', retired: '1', draft: '2', underRevision: '3' } as const
export type ProductState = (typeof ProductState)[keyof typeof ProductState]

const DRAFT: State = { value: 2, label: 'Draft', statuses: [{ value: 0, label: 'Draft' }] }
const STATES: readonly State[] = [
  { value: 0, label: 'Active', statuses: [{ value: 1, label: 'Active' }] },
  { value: 1, label: 'Retired', statuses: [{ value: 2, label: 'Retired' }] },
  DRAFT,
  { value: 3, label: 'Under Revision', statuses: [{ value: 3, label: 'Under Revision' }] },
]

const AMOUNT = { minimum: 0, maximum: 1_000_000_000_000 } as const
const QUANTITY = { minimum: 0, maximum: 1_000_000_000 } as const

const INVALID_QUANTITY_DECIMAL = {
  code: '0x80043b07',
  message: () => 'The number of decimal places on the quantity is invalid.',
}

export const PRODUCTS: DataverseTable = {
  ...BASE,
  name: 'products',
  entity: 'product',
  schemaName: 'Product',
  caption: 'Product',
  pluralCaption: 'Products',
  objectTypeCode: 1024,
  ownership: 'OrganizationOwned',
  key: 'productid',
  required: ['name', 'productnumber', 'defaultuomscheduleid', 'defaultuomid', 'quantitydecimal'],
  money: ['price', 'currentcost', 'standardcost'],
  states: STATES,
  refusals: {
    blank: {
      productnumber: { code: '0x80043b05', message: () => 'The product number can not be null.' },
      defaultuomscheduleid: {
        code: '0x80043b13',
        message: () => 'The unit schedule id of the product is missing.',
      },
      defaultuomid: {
        code: '0x80043b14',
        message: () => 'The specified unit is not valid for this product.',
      },
      quantitydecimal: INVALID_QUANTITY_DECIMAL,
    },
    outOfRange: { quantitydecimal: INVALID_QUANTITY_DECIMAL },
    duplicate: {
      productnumber: {
        code: '0x80043b06',
        message: () =>
          'The specified product ID conflicts with the product ID of an existing record. Specify a different product ID and try again.',
      },
    },
  },
  columns: [
    guid('productid'),
    text('productnumber', 100, { unique: true }),
    text('name', 100, { indexed: true }),
    memo('description'),
    choice(
      'producttypecode',
      numbered(['Sales Inventory', 'Miscellaneous Charges', 'Services', 'Flat Fees']),
    ),
    choice('productstructure', numbered(['Product', 'Product Family', 'Product Bundle']), {
      createOnly: true,
      initial: '1',
    }),
    lookup('defaultuomscheduleid', 'uomschedules', 'restrict'),
    lookup('defaultuomid', 'uoms', 'restrict'),
    integer('quantitydecimal', 0, 5),
    ...money('price', AMOUNT),
    ...money('currentcost', AMOUNT),
    ...money('standardcost', AMOUNT),
    exchangeRate({ readOnly: true }),
    lookup('transactioncurrencyid', 'transactioncurrencies', 'restrict'),
    decimal('quantityonhand', 5, QUANTITY),
    decimal('stockvolume', 5, QUANTITY),
    decimal('stockweight', 5, QUANTITY),
    text('vendorid', 100),
    text('vendorname', 100),
    text('vendorpartnumber', 100),
    text('size', 200),
    text('suppliername', 100),
    text('producturl', 255),
    boolean('isstockitem', { initial: 'f' }),
    boolean('iskit', { initial: 'f' }),
    date('validfromdate'),
    date('validtodate'),
    lookup('parentproductid', 'products', 'restrict'),
    lookup('pricelevelid', 'pricelevels'),
    ...stateColumns(STATES, DRAFT),
    ...CREATE_ONLY,
    ...STAMPS,
  ],
}
