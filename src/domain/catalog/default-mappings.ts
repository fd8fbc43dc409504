import type { MappingDefinition } from '../mapping.js'
import { CONTACT_MAPPING, CUSTOMER_MAPPING, VENDOR_MAPPING } from './default-mappings/companies.js'
import { ITEM_MAPPING, UNIT_OF_MEASURE_MAPPING } from './default-mappings/products.js'
import {
  CURRENCY_MAPPING,
  PAYMENT_TERMS_MAPPING,
  SALESPEOPLE_MAPPING,
  SHIPMENT_METHOD_MAPPING,
} from './default-mappings/reference.js'

export {
  CONTACT_MAPPING,
  CURRENCY_MAPPING,
  CUSTOMER_MAPPING,
  ITEM_MAPPING,
  PAYMENT_TERMS_MAPPING,
  SALESPEOPLE_MAPPING,
  SHIPMENT_METHOD_MAPPING,
  UNIT_OF_MEASURE_MAPPING,
  VENDOR_MAPPING,
}

/** Business Central's default mappings as far as the two APIs carry them, in the order of their dependencies. */
export const DEFAULT_MAPPINGS: readonly MappingDefinition[] = [
  SALESPEOPLE_MAPPING,
  CURRENCY_MAPPING,
  PAYMENT_TERMS_MAPPING,
  SHIPMENT_METHOD_MAPPING,
  CUSTOMER_MAPPING,
  VENDOR_MAPPING,
  CONTACT_MAPPING,
  UNIT_OF_MEASURE_MAPPING,
  ITEM_MAPPING,
]
