import type { Company } from './route.js'

/** The currency in which the company keeps its books (LCY). */
export const LOCAL_CURRENCY = 'USD'

export const COMPANY: Company = {
  id: '5f1c5c2e-6d1b-4a57-9d0e-0e6f4f1a8c01',
  name: 'Northwind',
  currencyCode: LOCAL_CURRENCY,
}
