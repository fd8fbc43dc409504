/** Currencies of the countries that the demo's customers are in; the local currency USD is not among them. */
export const CURRENCIES = [
  { code: 'EUR', name: 'Euro', symbol: '€', dollars: '1.09', inSales: true },
  { code: 'GBP', name: 'Pound Sterling', symbol: '£', dollars: '1.27', inSales: true },
  { code: 'SEK', name: 'Swedish Krona', symbol: 'kr', dollars: '0.096', inSales: false },
  { code: 'DKK', name: 'Danish Krone', symbol: 'kr.', dollars: '0.146', inSales: false },
  { code: 'NOK', name: 'Norwegian Krone', symbol: 'kr', dollars: '0.094', inSales: false },
  { code: 'CHF', name: 'Swiss Franc', symbol: 'CHF', dollars: '1.13', inSales: false },
  { code: 'PLN', name: 'Polish Zloty', symbol: 'zł', dollars: '0.25', inSales: false },
  { code: 'BRL', name: 'Brazilian Real', symbol: 'R$', dollars: '0.18', inSales: false },
  { code: 'MXN', name: 'Mexican Peso', symbol: '$', dollars: '0.055', inSales: false },
  { code: 'ARS', name: 'Argentine Peso', symbol: '$', dollars: '0.001', inSales: false },
  { code: 'CAD', name: 'Canadian Dollar', symbol: '$', dollars: '0.73', inSales: false },
  { code: 'VES', name: 'Venezuelan Bolivar', symbol: 'Bs', dollars: '0.027', inSales: false },
] as const

export interface Country {
  readonly code: string
  /** Null: the local currency. */
  readonly currency: string | null
}

export const COUNTRIES: Readonly<Record<string, Country>> = {
  Argentina: { code: 'AR', currency: 'ARS' },
  Austria: { code: 'AT', currency: 'EUR' },
  Belgium: { code: 'BE', currency: 'EUR' },
  Brazil: { code: 'BR', currency: 'BRL' },
  Canada: { code: 'CA', currency: 'CAD' },
  Denmark: { code: 'DK', currency: 'DKK' },
  Finland: { code: 'FI', currency: 'EUR' },
  France: { code: 'FR', currency: 'EUR' },
  Germany: { code: 'DE', currency: 'EUR' },
  Ireland: { code: 'IE', currency: 'EUR' },
  Italy: { code: 'IT', currency: 'EUR' },
  Mexico: { code: 'MX', currency: 'MXN' },
  Norway: { code: 'NO', currency: 'NOK' },
  Poland: { code: 'PL', currency: 'PLN' },
  Portugal: { code: 'PT', currency: 'EUR' },
  Spain: { code: 'ES', currency: 'EUR' },
  Sweden: { code: 'SE', currency: 'SEK' },
  Switzerland: { code: 'CH', currency: 'CHF' },
  UK: { code: 'GB', currency: 'GBP' },
  USA: { code: 'US', currency: null },
  Venezuela: { code: 'VE', currency: 'VES' },
}

export const PAYMENT_TERMS = [
  { code: '30 DAYS', name: 'Net 30 days', due: '30D', discountDue: '', discount: '0' },
  { code: '45 DAYS', name: 'Net 45 days', due: '45D', discountDue: '', discount: '0' },
  { code: '60 DAYS', name: 'Net 60 days', due: '60D', discountDue: '', discount: '0' },
  { code: '30/10', name: 'Net 30 days, 2 % within 10 days', due: '30D', discountDue: '10D', discount: '2' },
] as const

export const SHIPMENT_METHODS = [
  { code: 'FOB', name: 'Free on Board' },
  { code: 'CIF', name: 'Cost, Insurance and Freight' },
  { code: 'EXW', name: 'Ex Works' },
  { code: 'PICKUP', name: 'Pickup at Location' },
] as const
