import { MAPPING_DEFAULTS, type MappingDefinition } from '../../mapping.js'
import { all, blank, equal, from, match, template, to } from './parts.js'

const DAY = 1440

/** People who sign in and sell: no users of integrations. They are coupled by hand or by their address. */
export const SALESPEOPLE_MAPPING: MappingDefinition = {
  ...MAPPING_DEFAULTS,
  name: 'SALESPEOPLE',
  localTable: 'salespeoplePurchasers',
  integrationTable: 'systemusers',
  direction: 'FROM_INTEGRATION_TABLE',
  integrationFilter: all(
    equal('isdisabled', false),
    equal('islicensed', true),
    equal('isintegrationuser', false),
    blank('applicationid'),
  ),
  fields: [
    from('email', 'internalemailaddress'),
    from('displayName', 'fullname'),
    from('phoneNo', 'mobilephone'),
  ],
  matchRules: [match(1, 'email', 'internalemailaddress')],
  inactivityTimeoutMinutes: DAY,
}

/**
 * To Sales only, matched on the ISO code, created where none matches. Currency codes of more than five characters do not fit
 * Dataverse and are reported as validation errors.
 */
export const CURRENCY_MAPPING: MappingDefinition = {
  ...MAPPING_DEFAULTS,
  name: 'CURRENCY',
  localTable: 'currencies',
  integrationTable: 'transactioncurrencies',
  direction: 'TO_INTEGRATION_TABLE',
  fields: [to('code', 'isocurrencycode'), to('displayName', 'currencyname'), to('symbol', 'currencysymbol')],
  matchRules: [match(1, 'code', 'isocurrencycode')],
  templates: { local: [], integration: [template({ exchangerate: '1', currencyprecision: '2' })] },
  coupling: { synchronizeAfterwards: true, createNew: true },
}

/** The options of a column of accounts, as records of Business Central: the code is the beginning of the label. */
const OPTIONS = {
  ...MAPPING_DEFAULTS,
  direction: 'FROM_INTEGRATION_TABLE',
  fields: [from('code', 'code')],
  matchRules: [match(1, 'code', 'code')],
  coupling: { synchronizeAfterwards: true, createNew: true },
  inactivityTimeoutMinutes: DAY,
} as const satisfies Partial<MappingDefinition>

export const PAYMENT_TERMS_MAPPING: MappingDefinition = {
  ...OPTIONS,
  name: 'PAYMENT TERMS',
  localTable: 'paymentTerms',
  integrationTable: 'account.paymenttermscode',
}

export const SHIPMENT_METHOD_MAPPING: MappingDefinition = {
  ...OPTIONS,
  name: 'SHIPMENT METHOD',
  localTable: 'shipmentMethods',
  integrationTable: 'account.address1_freighttermscode',
}
