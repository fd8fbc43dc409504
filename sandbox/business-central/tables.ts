import type { Column, ColumnType, Table } from '../common/table.js'

export const ZERO_GUID = '00000000-0000-0000-0000-000000000000'
export const BLANK_OPTION = '_x0020_'

/** A member that names a record of another table by id and perhaps, in a second member, by code. */
export interface Relation {
  readonly id: string
  readonly code: string | null
  /** Null: a table that this sandbox does not serve, so that only a blank id fits. */
  readonly target: string | null
  readonly caption: string
}

/** A member that holds a code of another table, without an id beside it. */
export interface CodeRelation {
  readonly code: string
  readonly target: string
  readonly targetCaption: string
  readonly fieldCaption: string
}

export interface BusinessCentralTable extends Table {
  readonly writable: boolean
  /** The member that is the table's primary key in Business Central: `number`, `code`. */
  readonly primary: string | null
  /** Numbers given to records created without one. */
  readonly series?: { readonly prefix: string; readonly digits: number; readonly step: number }
  readonly nameRequired: boolean
  readonly relations: readonly Relation[]
  readonly codeRelations: readonly CodeRelation[]
}

const column = (name: string, type: ColumnType, initial: string, rest: Partial<Column> = {}): Column => ({
  name,
  type,
  initial,
  ...rest,
})
const text = (name: string, length: number, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'text', length }, '', rest)
const code = (name: string, length: number, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'code', length }, '', rest)
const guid = (name: string, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'guid' }, ZERO_GUID, rest)
const decimal = (name: string, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'decimal', precision: 38, scale: 20, trimmed: true }, '0', rest)
const boolean = (name: string): Column => column(name, { kind: 'boolean' }, 'f')
const option = (name: string, members: readonly string[], rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'option', members }, members[0] ?? BLANK_OPTION, rest)
const date = (name: string, rest: Partial<Column> = {}): Column =>
  column(name, { kind: 'date' }, '0001-01-01', rest)

const ID: Column = { name: 'id', type: { kind: 'guid' }, readOnly: true }
/** Not a member on the wire: it shows only in the ETag. */
export const VERSION = 'recordVersion'
const VERSION_COLUMN: Column = { name: VERSION, type: { kind: 'bigint' }, initial: '0', readOnly: true }
const STAMP: Column = column(
  'lastModifiedDateTime',
  { kind: 'dateTime', digits: 3 },
  '0001-01-01T00:00:00Z',
  { readOnly: true },
)

const BASE = {
  key: 'id',
  version: VERSION,
  stamp: STAMP.name,
  writable: true,
  primary: null,
  nameRequired: false,
  relations: [],
  codeRelations: [],
} as const

type Definition = Pick<BusinessCentralTable, 'name' | 'entity' | 'caption' | 'columns'> &
  Partial<BusinessCentralTable>

const table = (definition: Definition): BusinessCentralTable => ({
  ...BASE,
  ...definition,
  columns: [ID, ...definition.columns, STAMP, VERSION_COLUMN],
})

const ADDRESS = [
  text('addressLine1', 100),
  text('addressLine2', 50),
  text('city', 30),
  text('state', 30),
  code('country', 10),
  code('postalCode', 20),
] as const

const CUSTOMERS = table({
  name: 'customers',
  entity: 'customer',
  caption: 'Customer',
  primary: 'number',
  series: { prefix: 'C', digits: 5, step: 10 },
  nameRequired: true,
  relations: [
    { id: 'currencyId', code: 'currencyCode', target: 'currencies', caption: 'Currency' },
    { id: 'paymentTermsId', code: null, target: 'paymentTerms', caption: 'Payment Terms' },
    { id: 'shipmentMethodId', code: null, target: 'shipmentMethods', caption: 'Shipment Method' },
    { id: 'paymentMethodId', code: null, target: null, caption: 'Payment Method' },
    { id: 'taxAreaId', code: null, target: null, caption: 'Tax Area' },
  ],
  codeRelations: [
    {
      code: 'salespersonCode',
      target: 'salespeoplePurchasers',
      targetCaption: 'Salesperson/Purchaser',
      fieldCaption: 'Salesperson Code',
    },
  ],
  columns: [
    code('number', 20, { unique: true }),
    text('displayName', 100, { required: true, indexed: true }),
    option('type', ['Company', 'Person']),
    ...ADDRESS,
    text('phoneNumber', 30),
    text('email', 80, { indexed: true }),
    text('website', 255),
    code('salespersonCode', 20),
    decimal('balanceDue', { readOnly: true }),
    decimal('creditLimit'),
    boolean('taxLiable'),
    guid('taxAreaId'),
    text('taxAreaDisplayName', 100, { readOnly: true }),
    text('taxRegistrationNumber', 50),
    guid('currencyId', { indexed: true }),
    code('currencyCode', 10),
    guid('paymentTermsId'),
    guid('shipmentMethodId'),
    guid('paymentMethodId'),
    option('blocked', [BLANK_OPTION, 'Ship', 'Invoice', 'All']),
  ],
})

const CONTACTS = table({
  name: 'contacts',
  entity: 'contact',
  caption: 'Contact',
  primary: 'number',
  series: { prefix: 'CT', digits: 6, step: 1 },
  nameRequired: true,
  columns: [
    code('number', 20, { unique: true }),
    option('type', ['Company', 'Person']),
    text('displayName', 100, { required: true, indexed: true }),
    text('jobTitle', 30),
    code('companyNumber', 20),
    text('companyName', 100),
    option(
      'contactBusinessRelation',
      [BLANK_OPTION, 'Customer', 'Vendor', 'Bank_x0020_Account', 'Employee', 'None', 'Other', 'Multiple'],
      { readOnly: true },
    ),
    ...ADDRESS,
    text('phoneNumber', 30),
    text('mobilePhoneNumber', 30),
    text('email', 80, { indexed: true }),
    text('website', 255),
    text('searchName', 100),
    boolean('privacyBlocked'),
    text('taxRegistrationNumber', 50),
    date('lastInteractionDate', { readOnly: true }),
  ],
})

const CURRENCIES = table({
  name: 'currencies',
  entity: 'currency',
  caption: 'Currency',
  primary: 'code',
  columns: [
    code('code', 10, { unique: true, required: true }),
    text('displayName', 30),
    text('symbol', 10),
    text('amountDecimalPlaces', 5),
    decimal('amountRoundingPrecision'),
  ],
})

const CURRENCY_EXCHANGE_RATES = table({
  name: 'currencyExchangeRates',
  entity: 'currencyExchangeRate',
  caption: 'Currency Exchange Rate',
  writable: false,
  columns: [
    code('currencyCode', 10),
    date('startingDate'),
    decimal('exchangeRateAmount'),
    code('relationalCurrencyCode', 10),
    decimal('relationalExchangeRateAmount'),
  ],
})

const SALESPEOPLE = table({
  name: 'salespeoplePurchasers',
  entity: 'salespersonPurchaser',
  caption: 'Salesperson/Purchaser',
  primary: 'code',
  columns: [
    code('code', 20, { unique: true, required: true }),
    text('displayName', 50),
    text('email', 80),
    text('email2', 80),
    text('phoneNo', 30),
    text('jobTitle', 30),
    // Spelled as Business Central spells it.
    decimal('commisionPercent'),
    boolean('privacyBlocked'),
    boolean('blocked'),
  ],
})

const PAYMENT_TERMS = table({
  name: 'paymentTerms',
  entity: 'paymentTerm',
  caption: 'Payment Terms',
  primary: 'code',
  columns: [
    code('code', 10, { unique: true, required: true }),
    text('displayName', 100),
    text('dueDateCalculation', 32),
    text('discountDateCalculation', 32),
    decimal('discountPercent'),
    boolean('calculateDiscountOnCreditMemos'),
  ],
})

const SHIPMENT_METHODS = table({
  name: 'shipmentMethods',
  entity: 'shipmentMethod',
  caption: 'Shipment Method',
  primary: 'code',
  columns: [code('code', 10, { unique: true, required: true }), text('displayName', 100)],
})

const COMPANY_INFORMATION = table({
  name: 'companyInformation',
  entity: 'companyInformation',
  caption: 'Company Information',
  writable: false,
  columns: [
    text('displayName', 100),
    ...ADDRESS,
    text('phoneNumber', 30),
    text('faxNumber', 30),
    text('email', 80),
    text('website', 255),
    text('taxRegistrationNumber', 50),
    code('currencyCode', 10),
    text('industry', 30),
  ],
})

/** The tables below a company. */
export const COMPANY_TABLES: readonly BusinessCentralTable[] = [
  COMPANY_INFORMATION,
  CUSTOMERS,
  CONTACTS,
  CURRENCIES,
  CURRENCY_EXCHANGE_RATES,
  SALESPEOPLE,
  PAYMENT_TERMS,
  SHIPMENT_METHODS,
]

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

/** Entity sets of API v2.0 that exist in Business Central and not here. */
export const UNSERVED_SETS: ReadonlySet<string> = new Set(
  (
    'accounts agedAccountsPayables agedAccountsReceivables apicategoryroutes attachments balanceSheets bankAccounts ' +
    'cashFlowStatements contactsInformation countriesRegions customerContacts customerFinancialDetails customerPaymentJournals ' +
    'customerPayments customerReturnReasons customerSales defaultDimensions dimensions dimensionValues disputeStatus documentAttachments ' +
    'employees entityDefinitions externalbusinesseventdefinitions fixedAssets generalLedgerEntries generalProductPostingGroups ' +
    'incomeStatements inventoryPostingGroups itemCategories itemLedgerEntries items itemVariants jobs journalLines journals locations opportunities ' +
    'paymentMethods pictures projects purchaseCreditMemos purchaseInvoices purchaseOrders purchaseReceipts retainedEarningsStatements salesCreditMemos ' +
    'salesInvoices salesOrders salesQuotes salesShipments subscriptions taxAreas taxGroups timeRegistrationEntries trialBalances ' +
    'unitsOfMeasure vendorPaymentJournals vendorPayments vendorPurchases vendors webhookSupportedResources'
  ).split(' '),
)

/** Tables that hold another table's code: they follow when that code is renamed. */
export const CODE_REFERENCES: Readonly<
  Record<string, readonly { readonly table: string; readonly column: string }[]>
> = {
  currencies: [
    { table: 'customers', column: 'currencyCode' },
    { table: 'currencyExchangeRates', column: 'currencyCode' },
  ],
  salespeoplePurchasers: [{ table: 'customers', column: 'salespersonCode' }],
  contacts: [{ table: 'contacts', column: 'companyNumber' }],
}
