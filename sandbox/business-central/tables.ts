import { CONTACTS } from './contact-table.js'
import { ITEMS, ITEM_CATEGORIES, UNITS_OF_MEASURE } from './item-tables.js'
import {
  COMPANY_INFORMATION,
  CURRENCIES,
  CURRENCY_EXCHANGE_RATES,
  PAYMENT_TERMS,
  SALESPEOPLE,
  SHIPMENT_METHODS,
} from './reference-tables.js'
import type { BusinessCentralTable } from './table.js'
import { BASE, ID, VERSION_COLUMN, column, guid, text } from './table.js'
import { CUSTOMERS, VENDORS } from './trade-tables.js'

/** The tables below a company, with everything that they hold. */
export const COMPANY_TABLES: readonly BusinessCentralTable[] = [
  COMPANY_INFORMATION,
  CUSTOMERS,
  VENDORS,
  CONTACTS,
  ITEMS,
  ITEM_CATEGORIES,
  UNITS_OF_MEASURE,
  CURRENCIES,
  CURRENCY_EXCHANGE_RATES,
  SALESPEOPLE,
  PAYMENT_TERMS,
  SHIPMENT_METHODS,
]

/** One of them by its name. Throws when there is none. */
export function companyTable(name: string): BusinessCentralTable {
  const table = COMPANY_TABLES.find((candidate) => candidate.name === name)
  if (table === undefined) throw new Error(`Business Central has no table ${name}.`)
  return table
}

/** The list of companies itself. */
export const COMPANIES: BusinessCentralTable = {
  ...BASE,
  name: 'companies',
  entity: 'company',
  caption: 'Company',
  writable: false,
  stamp: 'systemModifiedAt',
  columns: [
    ID,
    text('systemVersion', 30),
    column('timestamp', { kind: 'bigint' }, '0'),
    text('name', 30),
    text('displayName', 250),
    text('businessProfileId', 250),
    column('systemCreatedAt', { kind: 'dateTime', digits: 3 }, '0001-01-01T00:00:00Z', { readOnly: true }),
    guid('systemCreatedBy', { readOnly: true }),
    column('systemModifiedAt', { kind: 'dateTime', digits: 3 }, '0001-01-01T00:00:00Z', { readOnly: true }),
    guid('systemModifiedBy', { readOnly: true }),
    VERSION_COLUMN,
  ],
}

/** Tables that hold another table's code: they follow when that code is renamed. */
export const CODE_REFERENCES: Readonly<
  Record<string, readonly { readonly table: string; readonly column: string }[]>
> = {
  currencies: [
    { table: 'customers', column: 'currencyCode' },
    { table: 'vendors', column: 'currencyCode' },
    { table: 'contacts', column: 'currencyCode' },
    { table: 'currencyExchangeRates', column: 'currencyCode' },
  ],
  salespeoplePurchasers: [
    { table: 'customers', column: 'salespersonCode' },
    { table: 'vendors', column: 'purchaserCode' },
    { table: 'contacts', column: 'salespersonCode' },
  ],
  contacts: [
    { table: 'contacts', column: 'companyNumber' },
    { table: 'customers', column: 'primaryContactNumber' },
    { table: 'vendors', column: 'primaryContactNumber' },
  ],
  vendors: [{ table: 'items', column: 'vendorNumber' }],
  itemCategories: [{ table: 'items', column: 'itemCategoryCode' }],
  unitsOfMeasure: [{ table: 'items', column: 'baseUnitOfMeasureCode' }],
}
