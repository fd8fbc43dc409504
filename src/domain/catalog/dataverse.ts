import type { TableDefinition } from '../schema.js'
import { ACCOUNT, ACCOUNT_FREIGHT_TERMS, ACCOUNT_PAYMENT_TERMS, CONTACT } from './dataverse/companies.js'
import { PRODUCT, UNIT, UNIT_GROUP } from './dataverse/products.js'
import { SYSTEM_USER, TRANSACTION_CURRENCY } from './dataverse/reference.js'

export {
  ACCOUNT,
  ACCOUNT_FREIGHT_TERMS,
  ACCOUNT_PAYMENT_TERMS,
  CONTACT,
  PRODUCT,
  SYSTEM_USER,
  TRANSACTION_CURRENCY,
  UNIT,
  UNIT_GROUP,
}

export const DATAVERSE_TABLES: readonly TableDefinition[] = [
  ACCOUNT,
  CONTACT,
  TRANSACTION_CURRENCY,
  ACCOUNT_PAYMENT_TERMS,
  ACCOUNT_FREIGHT_TERMS,
  SYSTEM_USER,
  UNIT_GROUP,
  UNIT,
  PRODUCT,
]
