import { encodePredicate, keyPredicate } from './record-key.js'
import type { SystemKind, TableDefinition } from './schema.js'
import { assertNever } from './value.js'

/** One end of a connection, as far as an address needs it. */
export interface AddressedSystem {
  readonly kind: SystemKind
  /**
   * `url`: service root of the API, without a trailing slash. Business Central also `companyId`, and `webClientUrl` where
   * people work in its web client (`https://businesscentral.dynamics.com/<tenant>/<environment>?company=<name>`).
   * Dataverse also `appUrl`, where people work in a model-driven app (`https://<organisation>.crm.dynamics.com`).
   */
  readonly settings: Readonly<Record<string, unknown>>
}

/**
 * The address at which a record opens: in the system's own application where the settings name one, else the record's
 * address in the system's API. Null where the settings name neither, and for an option of a column.
 */
export function recordUrl(system: AddressedSystem, table: TableDefinition, id: string): string | null {
  // An option has no page of its own.
  if (table.optionColumn !== undefined) return null
  switch (system.kind) {
    case 'BUSINESS_CENTRAL':
      return webClientUrl(system, table, id) ?? companyApiUrl(system, table, id)
    case 'DATAVERSE':
      return appUrl(system, table, id) ?? apiUrl(system, table, id)
    case 'POSTGRESQL':
      // A table has no page of its own.
      return null
    case 'ODATA':
      return odataUrl(system, table, id)
    default:
      return assertNever(system.kind)
  }
}

/** The table's card page, filtered to the one record: bookmarks cannot be computed from an id. */
function webClientUrl(system: AddressedSystem, table: TableDefinition, id: string): string | null {
  const address = textSetting(system, 'webClientUrl')
  if (address === null || table.page === '') return null
  return withParameters(address, { page: table.page, filter: `'SystemId' IS '${id}'` })
}

function appUrl(system: AddressedSystem, table: TableDefinition, id: string): string | null {
  const address = textSetting(system, 'appUrl')
  if (address === null) return null
  const page = address.includes('main.aspx') ? address : `${withoutTrailingSlash(address)}/main.aspx`
  return withParameters(page, { etn: table.page, pagetype: 'entityrecord', id })
}

function companyApiUrl(system: AddressedSystem, table: TableDefinition, id: string): string | null {
  const root = textSetting(system, 'url')
  const company = textSetting(system, 'companyId')
  if (root === null || company === null) return null
  return `${withoutTrailingSlash(root)}/companies(${company})/${table.name}(${id})`
}

function apiUrl(system: AddressedSystem, table: TableDefinition, id: string): string | null {
  const root = textSetting(system, 'url')
  return root === null ? null : `${withoutTrailingSlash(root)}/${table.name}(${id})`
}

/** Below `path` where the settings name one: `companies(…)`. */
function odataUrl(system: AddressedSystem, table: TableDefinition, id: string): string | null {
  const root = textSetting(system, 'url')
  const predicate = keyPredicate(table, id)
  if (root === null || predicate === null) return null
  const path = textSetting(system, 'path')
  const set = path === null ? table.name : `${path}/${table.name}`
  return `${withoutTrailingSlash(root)}/${set}(${encodePredicate(predicate)})`
}

function textSetting(system: AddressedSystem, name: string): string | null {
  const value = system.settings[name]
  return typeof value === 'string' && value !== '' ? value : null
}

function withoutTrailingSlash(address: string): string {
  return address.replace(/\/+$/, '')
}

/** Kept free of `URL`, so that the rules stay without a platform. */
function withParameters(address: string, parameters: Readonly<Record<string, string>>): string {
  const query = Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  return `${address}${address.includes('?') ? '&' : '?'}${query}`
}
