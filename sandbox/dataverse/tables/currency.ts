import { exchangeRate, guid, integer, text } from '../columns.js'
import type { DataverseTable } from './table.js'
import { ACTIVE_INACTIVE, BASE, CREATE_ONLY, STAMPS, stateColumns } from './table.js'

export const TRANSACTION_CURRENCIES: DataverseTable = {
  ...BASE,
  name: 'transactioncurrencies',
  entity: 'transactioncurrency',
  schemaName: 'TransactionCurrency',
  caption: 'Currency',
  pluralCaption: 'Currencies',
  objectTypeCode: 9105,
  ownership: 'OrganizationOwned',
  nameColumn: 'currencyname',
  key: 'transactioncurrencyid',
  required: ['isocurrencycode', 'currencyname', 'exchangerate'],
  states: ACTIVE_INACTIVE,
  refusals: {
    duplicate: {
      isocurrencycode: {
        code: '0x80048cf3',
        message: (value) => `A currency with the ISO currency code '${value}' exists already.`,
      },
    },
  },
  columns: [
    guid('transactioncurrencyid'),
    text('isocurrencycode', 5, { createOnly: true, unique: true }),
    text('currencyname', 100),
    text('currencysymbol', 10),
    integer('currencyprecision', 0, 4, { initial: '2' }),
    exchangeRate({}),
    ...stateColumns(ACTIVE_INACTIVE),
    ...CREATE_ONLY,
    ...STAMPS,
  ],
}
