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
  /** Null: the local currency, also where nobody but suppliers are, who take dollars. */
  readonly currency: string | null
}

export const COUNTRIES: Readonly<Record<string, Country>> = {
  Argentina: { code: 'AR', currency: 'ARS' },
  Australia: { code: 'AU', currency: null },
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
  Japan: { code: 'JP', currency: null },
  Mexico: { code: 'MX', currency: 'MXN' },
  Netherlands: { code: 'NL', currency: 'EUR' },
  Norway: { code: 'NO', currency: 'NOK' },
  Poland: { code: 'PL', currency: 'PLN' },
  Portugal: { code: 'PT', currency: 'EUR' },
  Singapore: { code: 'SG', currency: null },
  Spain: { code: 'ES', currency: 'EUR' },
  Sweden: { code: 'SE', currency: 'SEK' },
  Switzerland: { code: 'CH', currency: 'CHF' },
  UK: { code: 'GB', currency: 'GBP' },
  USA: { code: 'US', currency: null },
  Venezuela: { code: 'VE', currency: 'VES' },
}

/**
 * The payment terms of Sales under their captions there; the code is what Business Central makes of a caption: ten
 * characters in upper case.
 */
export const PAYMENT_TERMS = [
  { code: 'NET 30', name: 'Net 30', due: '30D', discountDue: '', discount: '0' },
  { code: '2% 10, NET', name: '2% 10, Net 30', due: '30D', discountDue: '10D', discount: '2' },
  { code: 'NET 45', name: 'Net 45', due: '45D', discountDue: '', discount: '0' },
  { code: 'NET 60', name: 'Net 60', due: '60D', discountDue: '', discount: '0' },
] as const

/** The freight terms of Sales, in the same way. */
export const SHIPMENT_METHODS = [
  { code: 'FOB', name: 'FOB' },
  { code: 'NO CHARGE', name: 'No Charge' },
] as const

/** Units in which the demo's items are sold. */
export const UNITS_OF_MEASURE = [
  { code: 'PCS', name: 'Piece', standard: 'H87' },
  { code: 'BAG', name: 'Bag', standard: 'BG' },
  { code: 'BOTTLE', name: 'Bottle', standard: 'BO' },
  { code: 'BOX', name: 'Box', standard: 'BX' },
  { code: 'CAN', name: 'Can', standard: 'CA' },
  { code: 'JAR', name: 'Jar', standard: 'JR' },
  { code: 'PACK', name: 'Pack', standard: 'PK' },
  { code: 'TIN', name: 'Tin', standard: 'TN' },
] as const

export type UnitCode = (typeof UNITS_OF_MEASURE)[number]['code']
