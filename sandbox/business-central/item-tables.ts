import { boolean, code, decimal, guid, option, table, tableWithPage, text } from './table.js'

export const { stored: ITEMS, page: ITEMS_PAGE } = tableWithPage(
  {
    name: 'items',
    entity: 'item',
    caption: 'Item',
    primary: 'number',
    series: { prefix: 'P', digits: 5, step: 10 },
    relations: [
      {
        id: 'itemCategoryId',
        code: 'itemCategoryCode',
        target: 'itemCategories',
        caption: 'Item Category',
      },
      { id: 'taxGroupId', code: 'taxGroupCode', target: null, caption: 'Tax Group' },
      {
        id: 'baseUnitOfMeasureId',
        code: 'baseUnitOfMeasureCode',
        target: 'unitsOfMeasure',
        caption: 'Unit of Measure',
      },
      {
        id: 'generalProductPostingGroupId',
        code: 'generalProductPostingGroupCode',
        target: null,
        caption: 'General Product Posting Group',
      },
      {
        id: 'inventoryPostingGroupId',
        code: 'inventoryPostingGroupCode',
        target: null,
        caption: 'Inventory Posting Group',
      },
    ],
    codeRelations: [
      { code: 'vendorNumber', target: 'vendors', targetCaption: 'Vendor', fieldCaption: 'Vendor No.' },
    ],
    columns: [
      code('number', 20, { unique: true }),
      text('displayName', 100, { indexed: true }),
      text('displayName2', 50),
      option('type', ['Inventory', 'Service', 'Non_x002D_Inventory']),
      guid('itemCategoryId'),
      code('itemCategoryCode', 20),
      boolean('blocked'),
      code('gtin', 14),
      decimal('inventory'),
      decimal('unitPrice'),
      boolean('priceIncludesTax'),
      decimal('unitCost'),
      guid('taxGroupId'),
      code('taxGroupCode', 20),
      guid('baseUnitOfMeasureId'),
      code('baseUnitOfMeasureCode', 10),
      guid('generalProductPostingGroupId'),
      code('generalProductPostingGroupCode', 20),
      guid('inventoryPostingGroupId'),
      code('inventoryPostingGroupCode', 20),
    ],
  },
  [
    decimal('volume'),
    decimal('grossWeight'),
    decimal('netWeight'),
    code('vendorNumber', 20),
    text('vendorItemNumber', 50),
  ],
)

export const ITEM_CATEGORIES = table({
  name: 'itemCategories',
  entity: 'itemCategory',
  caption: 'Item Category',
  primary: 'code',
  columns: [code('code', 20, { unique: true, required: true }), text('displayName', 100)],
})

export const UNITS_OF_MEASURE = table({
  name: 'unitsOfMeasure',
  entity: 'unitOfMeasure',
  caption: 'Unit of Measure',
  primary: 'code',
  columns: [
    code('code', 10, { unique: true, required: true }),
    text('displayName', 50),
    text('internationalStandardCode', 10),
    text('symbol', 10),
  ],
})
