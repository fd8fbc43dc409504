import { ACCOUNTS } from './tables/account.js'
import { CONTACTS } from './tables/contact.js'
import { TRANSACTION_CURRENCIES } from './tables/currency.js'
import { ORGANIZATIONS } from './tables/organization.js'
import { PRODUCTS } from './tables/product.js'
import { MESSAGE_FILTERS, PRIVILEGES_TABLE, ROLES as ROLES_TABLE } from './tables/system.js'
import type { DataverseTable } from './tables/table.js'
import { UNITS, UNIT_SCHEDULES } from './tables/unit.js'
import { BUSINESS_UNITS, SYSTEM_USERS, TEAMS } from './tables/user.js'

export type { DataverseTable } from './tables/table.js'
export {
  ACCOUNTS,
  BUSINESS_UNITS,
  CONTACTS,
  ORGANIZATIONS,
  PRODUCTS,
  ROLES_TABLE,
  SYSTEM_USERS,
  TEAMS,
  TRANSACTION_CURRENCIES,
  UNITS,
  UNIT_SCHEDULES,
}

export const DATAVERSE_TABLES: readonly DataverseTable[] = [
  ACCOUNTS,
  CONTACTS,
  TRANSACTION_CURRENCIES,
  PRODUCTS,
  UNIT_SCHEDULES,
  UNITS,
  SYSTEM_USERS,
  TEAMS,
  BUSINESS_UNITS,
  ORGANIZATIONS,
]

/** Tables about the service itself, which nobody writes and which no definition tells about. */
export const SYSTEM_TABLES: readonly DataverseTable[] = [ROLES_TABLE, PRIVILEGES_TABLE, MESSAGE_FILTERS]

/** Entity sets that exist in Dataverse and not here. */
export const UNSERVED_SETS: ReadonlySet<string> = new Set(
  (
    'activitypointers annotations appointments campaigns connections emails incidents invoices leads opportunities ' +
    'GlobalOptionSetDefinitions phonecalls pricelevels productpricelevels quotes RelationshipDefinitions salesorders ' +
    'sdkmessages solutions tasks territories'
  ).split(' '),
)

/** The entity types that lookups lead to and that are not served. */
const UNSERVED_ENTITIES: Readonly<Record<string, string>> = { pricelevels: 'pricelevel' }

/** Logical name of the entity type whose set that is. */
export function entityOfSet(set: string): string {
  return DATAVERSE_TABLES.find((table) => table.name === set)?.entity ?? UNSERVED_ENTITIES[set] ?? set
}
