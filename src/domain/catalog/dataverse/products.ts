import type { TableDefinition } from '../../schema.js'
import { code, field, option, text } from '../fields.js'
import {
  BOOLEAN,
  CURRENCY_LOOKUP,
  DATE,
  decimal,
  ENTITY,
  INTEGER,
  lookupField,
  money,
  STATE,
} from './common.js'

/** What Business Central puts before the code of a unit of measure in the name of its unit group. */
const UNIT_GROUP_PREFIX = 'NAV '

/**
 * Web API v9.2 `products`. A new product is a draft unless the organisation has it otherwise; it is made active right behind its
 * creation. Its unit goes with its unit group: the primary one.
 */
export const PRODUCT: TableDefinition = {
  ...ENTITY,
  name: 'products',
  caption: 'Product',
  keyField: 'productid',
  nameField: 'name',
  page: 'product',
  fields: [
    field('productnumber', 'Product ID', text(100), { required: true }),
    field('name', 'Name', text(100), { required: true }),
    field('description', 'Description', text(2000)),
    field('producttypecode', 'Product Type', option('1', '2', '3', '4')),
    field('productstructure', 'Product Structure', option('1', '2', '3'), { createOnly: true }),
    lookupField('defaultuomscheduleid', 'Unit Group', 'uomschedules', { required: true }),
    lookupField('defaultuomid', 'Default Unit', 'uoms', {
      follows: {
        lookup: 'defaultuomscheduleid',
        table: 'uoms',
        reference: 'uomscheduleid',
        flag: 'isschedulebaseuom',
      },
    }),
    field('quantitydecimal', 'Decimals Supported', INTEGER, { required: true }),
    money('price', 'List Price'),
    money('currentcost', 'Current Cost'),
    money('standardcost', 'Standard Cost'),
    CURRENCY_LOOKUP,
    field('quantityonhand', 'Quantity On Hand', decimal(5)),
    field('stockvolume', 'Stock Volume', decimal(5)),
    field('stockweight', 'Stock Weight', decimal(5)),
    field('vendorid', 'Vendor ID', text(100)),
    field('vendorname', 'Vendor', text(100)),
    field('vendorpartnumber', 'Vendor Part Number', text(100)),
    field('validfromdate', 'Valid From', DATE),
    field('validtodate', 'Valid To', DATE),
    field('statecode', 'Status', option('0', '1', '2', '3'), { afterCreation: true }),
  ],
}

/**
 * Web API v9.2 `uomschedules`. The name of a group that Business Central made is its unit of measure's code behind a prefix; by
 * that code it is found again. Its primary unit is made with it.
 */
export const UNIT_GROUP: TableDefinition = {
  ...ENTITY,
  name: 'uomschedules',
  caption: 'Unit Group',
  keyField: 'uomscheduleid',
  nameField: 'name',
  page: 'uomschedule',
  fields: [
    field('name', 'Name', text(200)),
    field('code', 'Unit of Measure Code', code(10), {
      behindPrefix: { column: 'name', prefix: UNIT_GROUP_PREFIX },
    }),
    field('description', 'Description', text(2000)),
    field('baseuomname', 'Base Unit name', text(100), { required: true, createOnly: true }),
    STATE,
  ],
}

/** Web API v9.2 `uoms`. */
export const UNIT: TableDefinition = {
  ...ENTITY,
  name: 'uoms',
  caption: 'Unit',
  keyField: 'uomid',
  nameField: 'name',
  page: 'uom',
  fields: [
    field('name', 'Name', text(100), { required: true }),
    field('quantity', 'Quantity', decimal(10), { required: true }),
    lookupField('uomscheduleid', 'Unit Group', 'uomschedules', { required: true, createOnly: true }),
    lookupField('baseuom', 'Base Unit', 'uoms'),
    field('isschedulebaseuom', 'Is Schedule Base Unit', BOOLEAN, { readOnly: true }),
  ],
}
