import { MAPPING_DEFAULTS, type MappingDefinition } from '../../mapping.js'
import { all, both, equal, match, template, to } from './parts.js'

/** A unit of measure is a unit group of its own in Sales, found by its code, with one unit that bears the code. */
export const UNIT_OF_MEASURE_MAPPING: MappingDefinition = {
  ...MAPPING_DEFAULTS,
  name: 'UNIT OF MEASURE',
  localTable: 'unitsOfMeasure',
  integrationTable: 'uomschedules',
  direction: 'TO_INTEGRATION_TABLE',
  fields: [to('code', 'code'), to('code', 'baseuomname')],
  matchRules: [match(1, 'code', 'code')],
}

/**
 * Items that are sold pair with active products of the type Sales Inventory. Volume, weight and vendor need a custom API page. The
 * inventory follows postings and is carried to Sales only.
 */
export const ITEM_MAPPING: MappingDefinition = {
  ...MAPPING_DEFAULTS,
  name: 'ITEM-PRODUCT',
  localTable: 'items',
  integrationTable: 'products',
  direction: 'BIDIRECTIONAL',
  localFilter: equal('blocked', false),
  integrationFilter: all(equal('producttypecode', '1'), equal('statecode', '0')),
  fields: [
    to('number', 'productnumber'),
    both('displayName', 'name'),
    both('baseUnitOfMeasureId', 'defaultuomscheduleid', { lookupMappings: ['UNIT OF MEASURE'] }),
    to('unitPrice', 'price'),
    to('unitCost', 'standardcost'),
    to('unitCost', 'currentcost'),
    to('inventory', 'quantityonhand'),
    to('volume', 'stockvolume'),
    to('grossWeight', 'stockweight'),
    to('vendorNumber', 'vendorid'),
    to('vendorItemNumber', 'vendorpartnumber'),
  ],
  matchRules: [match(1, 'number', 'productnumber')],
  templates: {
    local: [template({ type: 'Inventory' })],
    integration: [template({ producttypecode: '1', quantitydecimal: '2', statecode: '0' })],
  },
  inactivityTimeoutMinutes: 1440,
  dependsOn: ['UNIT OF MEASURE'],
}
