import {
  MAPPING_DEFAULTS,
  type Direction,
  type FieldMapping,
  type InsertTemplate,
  type MappingDefinition,
} from '../mapping.js'
import type { Values } from '../value.js'

const map = (
  localField: string,
  integrationField: string,
  direction: Direction,
  rest: Partial<FieldMapping> = {},
): FieldMapping => ({
  name: `${localField}:${integrationField}`,
  localField,
  integrationField,
  direction,
  ...rest,
})

const template = (values: Values): InsertTemplate => ({ name: 'DEFAULT', priority: 1, filter: null, values })

/**
 * Business Central's default CURRENCY mapping: to Sales only, matched on the ISO code, created where none matches.
 * Currency codes of more than five characters do not fit Dataverse and are reported as validation errors.
 */
export const CURRENCY_MAPPING: MappingDefinition = {
  name: 'CURRENCY',
  localTable: 'currencies',
  integrationTable: 'transactioncurrencies',
  direction: 'TO_INTEGRATION_TABLE',
  ...MAPPING_DEFAULTS,
  onlyCoupled: false,
  fields: [
    map('code', 'isocurrencycode', 'TO_INTEGRATION_TABLE'),
    map('displayName', 'currencyname', 'TO_INTEGRATION_TABLE'),
    map('symbol', 'currencysymbol', 'TO_INTEGRATION_TABLE'),
  ],
  matchRules: [
    {
      priority: 1,
      pairs: [{ localField: 'code', integrationField: 'isocurrencycode' }],
      caseSensitive: false,
    },
  ],
  templates: { local: [], integration: [template({ exchangerate: '1', currencyprecision: '2' })] },
  coupling: { synchronizeAfterwards: true, createNew: true },
}

/**
 * Business Central's default CUSTOMER mapping as far as API v2.0 has the fields: no Contact, Fax, Shipping Agent or Primary
 * Contact there; Payment Terms and Shipment Method are option maps, and Salesperson an owner, which are not carried yet.
 */
export const CUSTOMER_MAPPING: MappingDefinition = {
  name: 'CUSTOMER',
  localTable: 'customers',
  integrationTable: 'accounts',
  direction: 'BIDIRECTIONAL',
  ...MAPPING_DEFAULTS,
  onlyCoupled: false,
  localFilter: { kind: 'compare', field: 'blocked', comparison: 'blank', value: null },
  integrationFilter: {
    kind: 'and',
    filters: [
      { kind: 'compare', field: 'statecode', comparison: '=', value: '0' },
      { kind: 'compare', field: 'customertypecode', comparison: '=', value: '3' },
    ],
  },
  fields: [
    map('displayName', 'name', 'BIDIRECTIONAL'),
    map('addressLine1', 'address1_line1', 'BIDIRECTIONAL'),
    map('addressLine2', 'address1_line2', 'BIDIRECTIONAL'),
    map('postalCode', 'address1_postalcode', 'BIDIRECTIONAL'),
    map('city', 'address1_city', 'BIDIRECTIONAL'),
    map('country', 'address1_country', 'BIDIRECTIONAL'),
    map('state', 'address1_stateorprovince', 'BIDIRECTIONAL'),
    map('currencyId', 'transactioncurrencyid', 'BIDIRECTIONAL', { lookupMappings: ['CURRENCY'] }),
    map('email', 'emailaddress1', 'BIDIRECTIONAL'),
    map('website', 'websiteurl', 'BIDIRECTIONAL'),
    map('phoneNumber', 'telephone1', 'BIDIRECTIONAL'),
    map('creditLimit', 'creditlimit', 'TO_INTEGRATION_TABLE', {
      localCurrencyAmount: { currencyField: 'currencyId' },
    }),
  ],
  matchRules: [
    {
      priority: 1,
      pairs: [{ localField: 'number', integrationField: 'accountnumber' }],
      caseSensitive: false,
    },
    { priority: 2, pairs: [{ localField: 'displayName', integrationField: 'name' }], caseSensitive: false },
  ],
  templates: {
    local: [template({ type: 'Company' })],
    integration: [template({ customertypecode: '3' })],
  },
  dependsOn: ['CURRENCY'],
}

export const DEFAULT_MAPPINGS: readonly MappingDefinition[] = [CURRENCY_MAPPING, CUSTOMER_MAPPING]
