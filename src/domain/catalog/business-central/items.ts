import type { TableDefinition } from '../../schema.js'
import { code, field, lookup, option, text } from '../fields.js'
import { assignedKey, BOOLEAN, CUSTOM, decimal, ENTITY_SET } from './common.js'

/** API v2.0 `items`. The inventory follows postings and cannot be given to a new item. */
export const ITEM: TableDefinition = {
  ...ENTITY_SET,
  name: 'items',
  caption: 'Item',
  nameField: 'displayName',
  page: '30',
  assignedKey: assignedKey('number'),
  fields: [
    field('number', 'No.', code(20)),
    field('displayName', 'Description', text(100)),
    field('displayName2', 'Description 2', text(50)),
    field('type', 'Type', option('Inventory', 'Service', 'Non-Inventory')),
    field('itemCategoryId', 'Item Category Code', lookup('itemCategories')),
    field('blocked', 'Blocked', BOOLEAN),
    field('gtin', 'GTIN', code(14)),
    field('inventory', 'Inventory', decimal(5), { readOnly: true }),
    field('unitPrice', 'Unit Price', decimal(5)),
    field('priceIncludesTax', 'Price Includes VAT', BOOLEAN),
    field('unitCost', 'Unit Cost', decimal(5)),
    field('baseUnitOfMeasureId', 'Base Unit of Measure', lookup('unitsOfMeasure')),
    field('volume', 'Unit Volume', decimal(5), CUSTOM),
    field('grossWeight', 'Gross Weight', decimal(5), CUSTOM),
    field('netWeight', 'Net Weight', decimal(5), CUSTOM),
    field('vendorNumber', 'Vendor No.', code(20), CUSTOM),
    field('vendorItemNumber', 'Vendor Item No.', text(50), CUSTOM),
  ],
}

/** API v2.0 `unitsOfMeasure`. */
export const UNIT_OF_MEASURE: TableDefinition = {
  ...ENTITY_SET,
  name: 'unitsOfMeasure',
  caption: 'Unit of Measure',
  nameField: 'code',
  page: '209',
  assignedKey: assignedKey('code'),
  fields: [
    field('code', 'Code', code(10), { required: true }),
    field('displayName', 'Description', text(50)),
    field('internationalStandardCode', 'International Standard Code', text(10)),
    field('symbol', 'Symbol', text(10)),
  ],
}
