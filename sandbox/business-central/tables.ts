import type { BusinessCentralTable } from './table.js'
import {
  BASE,
  BLANK_OPTION,
  ID,
  VERSION_COLUMN,
  boolean,
  code,
  column,
  date,
  decimal,
  guid,
  option,
  table,
  text,
} from './table.js'

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
