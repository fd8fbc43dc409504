import type { TableDefinition } from '../schema.js'
import { CONTACT, CUSTOMER, VENDOR } from './business-central/companies.js'
import { ITEM, UNIT_OF_MEASURE } from './business-central/items.js'
import { CURRENCY, PAYMENT_TERMS, SALESPERSON, SHIPMENT_METHOD } from './business-central/reference.js'

export {
  CONTACT,
  CURRENCY,
  CUSTOMER,
  ITEM,
  PAYMENT_TERMS,
  SALESPERSON,
  SHIPMENT_METHOD,
  UNIT_OF_MEASURE,
  VENDOR,
}

export const BUSINESS_CENTRAL_TABLES: readonly TableDefinition[] = [
  CUSTOMER,
  VENDOR,
  CONTACT,
  SALESPERSON,
  CURRENCY,
  PAYMENT_TERMS,
  SHIPMENT_METHOD,
  UNIT_OF_MEASURE,
  ITEM,
]
