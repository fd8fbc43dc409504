import type { TableDefinition } from '../../schema.js'
import { field, option, text } from '../fields.js'
import { BOOLEAN, decimal, ENTITY, INTEGER, STATE } from './common.js'

/** Web API v9.2 `transactioncurrencies`. The ISO code can be given only on creation. */
export const TRANSACTION_CURRENCY: TableDefinition = {
  ...ENTITY,
  name: 'transactioncurrencies',
  caption: 'Transaction Currency',
  keyField: 'transactioncurrencyid',
  nameField: 'isocurrencycode',
  page: 'transactioncurrency',
  fields: [
    field('isocurrencycode', 'Currency Code', text(5), { required: true, createOnly: true }),
    field('currencyname', 'Currency Name', text(100), { required: true }),
    field('currencysymbol', 'Currency Symbol', text(10)),
    field('currencyprecision', 'Currency Precision', INTEGER),
    field('exchangerate', 'Exchange Rate', decimal(10)),
    STATE,
  ],
}

/** Web API v9.2 `systemusers`. Users are made in Microsoft Entra, never by Accord. */
export const SYSTEM_USER: TableDefinition = {
  ...ENTITY,
  name: 'systemusers',
  caption: 'User',
  keyField: 'systemuserid',
  nameField: 'fullname',
  page: 'systemuser',
  fields: [
    field('fullname', 'Full Name', text(200), { readOnly: true }),
    field('firstname', 'First Name', text(64)),
    field('lastname', 'Last Name', text(64)),
    field('internalemailaddress', 'Primary Email', text(100)),
    field('mobilephone', 'Mobile Phone', text(64)),
    field('address1_telephone1', 'Main Phone', text(64)),
    field('jobtitle', 'Job Title', text(100)),
    field('isdisabled', 'Disabled', BOOLEAN, { readOnly: true }),
    field('islicensed', 'User Licensed', BOOLEAN, { readOnly: true }),
    field('isintegrationuser', 'Integration User', BOOLEAN, { readOnly: true }),
    field('applicationid', 'Application ID', { kind: 'guid' }, { readOnly: true }),
    field('accessmode', 'Access Mode', option('0', '1', '2', '3', '4', '5')),
  ],
}
