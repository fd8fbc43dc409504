import { DiagnosisCode, type Diagnosis } from './code.js'

const BC_CURRENCIES = 'https://learn.microsoft.com/dynamics365/business-central/finance-how-update-currencies'
const DATAVERSE_CURRENCIES =
  'https://learn.microsoft.com/power-platform/admin/manage-transactions-with-multiple-currencies'

/** What the mappings of the connection need: tables, columns, currencies. */
export const MAPPED = {
  [DiagnosisCode.tableMissing]: {
    severity: 'ERROR',
    seenAs: 'A table of a mapping is not in the metadata of its system',
    cause: 'The table was removed or renamed, or the extension or solution it comes with is not installed.',
    remedy: 'Install what the table comes with, or take the mapping out of the connection.',
    link: null,
  },
  [DiagnosisCode.columnMissing]: {
    severity: 'ERROR',
    seenAs: 'A field of a mapping is not in the metadata of its table',
    cause: 'The column was removed or renamed, or the extension or solution it comes with is not installed.',
    remedy: 'Restore the column, or disable the field mappings that name it.',
    link: null,
  },
  [DiagnosisCode.columnTooShort]: {
    severity: 'WARNING',
    seenAs: 'A field that is written holds less text than the field it is carried from',
    cause: 'Longer values are refused record by record.',
    remedy: 'Lengthen the column, or let the field mapping truncate the value.',
    link: null,
  },
  [DiagnosisCode.columnReadOnly]: {
    severity: 'ERROR',
    seenAs: 'A field that is written can only be read',
    cause: 'The system computes or assigns the value of the column itself.',
    remedy: 'Take the field mapping out, or carry it the other way only.',
    link: null,
  },
  [DiagnosisCode.exchangeRateMissing]: {
    severity: 'ERROR',
    seenAs:
      'No row of `currencyExchangeRates` that is in force, or `exchangerate` of a currency that is empty or zero',
    cause: 'Amounts in a currency cannot be carried between two systems unless both have its exchange rate.',
    remedy: 'Enter the exchange rate of the currency that is named, in the system that is named.',
    link: BC_CURRENCIES,
  },
  [DiagnosisCode.localCurrencyMissing]: {
    severity: 'ERROR',
    seenAs: 'The LCY Code of the company is blank',
    cause: 'Without it the blank currency of Business Central stands for no currency of Dataverse.',
    remedy: 'Specify the LCY Code in General Ledger Setup.',
    link: BC_CURRENCIES,
  },
  [DiagnosisCode.localCurrencyUnknown]: {
    severity: 'ERROR',
    seenAs: 'The LCY Code is no `isocurrencycode` of `transactioncurrencies`',
    cause: 'The local currency code does not match any ISO Currency Code in the Dataverse currency table.',
    remedy: 'Create the currency in Dataverse, or make the LCY Code the ISO code of the currency.',
    link: DATAVERSE_CURRENCIES,
  },
  [DiagnosisCode.baseCurrencyUnknown]: {
    severity: 'ERROR',
    seenAs: 'The base currency of the environment is neither the LCY Code nor a currency of Business Central',
    cause:
      'The base currency of the Dataverse environment must exist in Business Central and must have an exchange rate.',
    remedy: 'Create the currency with an exchange rate in Business Central.',
    link: DATAVERSE_CURRENCIES,
  },
  [DiagnosisCode.signedInAs]: {
    severity: 'INFORMATION',
    seenAs: 'The connection works',
    cause: 'As whom Accord works there, and in which company or organisation.',
    remedy: 'Nothing to do.',
    link: null,
  },
} as const satisfies Partial<Record<DiagnosisCode, Diagnosis>>
