import { ADDRESS, boolean, code, date, decimal, table, text } from './table.js'

export const CURRENCIES = table({
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

export const CURRENCY_EXCHANGE_RATES = table({
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

export const SALESPEOPLE = table({
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

export const PAYMENT_TERMS = table({
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

export const SHIPMENT_METHODS = table({
  name: 'shipmentMethods',
  entity: 'shipmentMethod',
  caption: 'Shipment Method',
  primary: 'code',
  columns: [code('code', 10, { unique: true, required: true }), text('displayName', 100)],
})

export const COMPANY_INFORMATION = table({
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
