import { CONTACTS, CONTACTS_PAGE } from './contact-table.js'
import { ITEMS, ITEMS_PAGE, ITEM_CATEGORIES, UNITS_OF_MEASURE } from './item-tables.js'
import {
  COMPANY_INFORMATION,
  CURRENCIES,
  CURRENCY_EXCHANGE_RATES,
  PAYMENT_TERMS,
  SALESPEOPLE,
  SHIPMENT_METHODS,
} from './reference-tables.js'
import { SUBSCRIPTIONS } from './subscriptions-table.js'
import type { BusinessCentralTable } from './table.js'
import { COMPANIES } from './tables.js'
import { CUSTOMERS, CUSTOMERS_PAGE, VENDORS, VENDORS_PAGE } from './trade-tables.js'
import { UNSERVED_SETS } from './unserved-sets.js'

/** One of the APIs of the service: what stands below its address. */
export interface Api {
  /** Behind `/api/`. */
  readonly path: string
  readonly companies: BusinessCentralTable
  /** The entity sets below a company. */
  readonly sets: readonly BusinessCentralTable[]
  /** The API through which one subscribes to notifications has their list. */
  readonly subscriptions?: BusinessCentralTable
  /** Entity sets that Business Central has and this sandbox has not. */
  readonly unserved: ReadonlySet<string>
}

export const STANDARD_API: Api = {
  path: 'v2.0',
  companies: COMPANIES,
  sets: [
    COMPANY_INFORMATION,
    CUSTOMERS_PAGE,
    VENDORS_PAGE,
    CONTACTS_PAGE,
    ITEMS_PAGE,
    ITEM_CATEGORIES,
    UNITS_OF_MEASURE,
    CURRENCIES,
    CURRENCY_EXCHANGE_RATES,
    SALESPEOPLE,
    PAYMENT_TERMS,
    SHIPMENT_METHODS,
  ],
  subscriptions: SUBSCRIPTIONS,
  unserved: UNSERVED_SETS,
}

/** An API of Accord's own, with the members that API v2.0 lacks: other pages over the same records. */
export const SYNCHRONIZATION_API: Api = {
  path: 'accord/synchronization/v1.0',
  companies: COMPANIES,
  sets: [CUSTOMERS, VENDORS, CONTACTS, ITEMS],
  unserved: new Set(),
}

/** Everything that an API lists. */
export function entitySets(api: Api): BusinessCentralTable[] {
  return [api.companies, ...api.sets, ...(api.subscriptions === undefined ? [] : [api.subscriptions])]
}

/** By the part of a URL behind `/api/`; an API is found whatever the case of its letters. */
export function findApi(path: string): Api | undefined {
  return APIS.find((api) => api.path === path.toLowerCase())
}

const APIS: readonly Api[] = [STANDARD_API, SYNCHRONIZATION_API]
