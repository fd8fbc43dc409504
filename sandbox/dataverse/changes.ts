import type { Json, JsonObject } from '../common/json.js'
import type { Column } from '../common/table.js'
import { columnOf } from '../common/table.js'
import { DataverseError, badRequest } from './errors.js'
import type { DataverseTable } from './tables.js'
import { DATAVERSE_TABLES } from './tables.js'
import { readValue } from './values.js'

/** A lookup set to a record. */
export interface Target {
  readonly set: string
  readonly id: string
}

/** Members that a client sent, in stored form. */
export interface Changes {
  readonly values: ReadonlyMap<string, string | null>
  readonly lookups: ReadonlyMap<string, Target | null>
}

/** Reads the members of a body. Throws for an unknown or read-only member and for a value that does not fit. */
export function readChanges(table: DataverseTable, body: JsonObject, creating: boolean): Changes {
  const values = new Map<string, string | null>()
  const lookups = new Map<string, Target | null>()
  for (const [name, value] of Object.entries(body)) {
    if (name.endsWith('@odata.bind')) {
      readBind(table, name.slice(0, -'@odata.bind'.length), value, lookups)
    } else if (name.includes('@')) {
      continue
    } else if (value === null && lookupColumn(table, name) !== undefined) {
      lookups.set(name, null)
    } else if (name !== table.key) {
      const column = writableColumn(table, name, creating)
      values.set(name, readValue(table, column, value))
    }
  }
  return { values, lookups }
}

function writableColumn(table: DataverseTable, name: string, creating: boolean): Column {
  const column = columnOf(table, name)
  if (column === undefined || column.hidden === true) {
    throw badRequest(
      `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${table.entity}'.`,
    )
  }
  if (column.lookup !== undefined) {
    throw new DataverseError(
      400,
      '0x80048d19',
      'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.',
    )
  }
  if (column.readOnly === true || (column.createOnly === true && !creating)) {
    throw new DataverseError(
      400,
      '0x80040203',
      `The attribute '${name}' of the '${table.entity}' entity cannot be ${creating ? 'set' : 'changed'}.`,
    )
  }
  return column
}

function readBind(
  table: DataverseTable,
  navigation: string,
  value: Json,
  lookups: Map<string, Target | null>,
): void {
  const allowed = bindTargets(table, navigation)
  if (allowed === null) {
    throw badRequest(
      `Could not find a property named '${navigation}' on type 'Microsoft.Dynamics.CRM.${table.entity}'.`,
    )
  }
  if (value === null) {
    lookups.set(navigation, null)
    return
  }
  const match =
    typeof value === 'string'
      ? /^(?:https?:\/\/[^/]+\/api\/data\/v9\.2)?\/?(\w+)\(([0-9a-f-]{36})\)$/i.exec(value)
      : null
  const set = match?.[1]
  const id = match?.[2]?.toLowerCase()
  if (
    set === undefined ||
    id === undefined ||
    set !== allowed ||
    !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
  ) {
    throw badRequest(
      `The value of '${navigation}@odata.bind' must name one record of '${allowed}', as in '/${allowed}(<id>)'.`,
    )
  }
  lookups.set(navigation, { set, id })
}

function lookupColumn(table: DataverseTable, navigation: string): Column | undefined {
  return table.columns.find((column) => column.lookup?.navigation === navigation && column.readOnly !== true)
}

/** The entity set that a navigation property leads to; null when the entity has no such property. */
function bindTargets(table: DataverseTable, navigation: string): string | null {
  if (table.name === 'contacts') {
    if (navigation === 'parentcustomerid_account') return 'accounts'
    if (navigation === 'parentcustomerid_contact') return 'contacts'
  }
  return lookupColumn(table, navigation)?.lookup?.target ?? null
}

/** Every lookup of any table that leads to a set, for what happens when a record of it is deleted. */
export function referencesTo(
  set: string,
): { table: DataverseTable; column: string; onDelete: 'clear' | 'restrict' }[] {
  const found = DATAVERSE_TABLES.flatMap((table) =>
    table.columns.flatMap((column) =>
      column.lookup?.target === set && column.readOnly !== true
        ? [{ table, column: column.name, onDelete: column.lookup.onDelete }]
        : [],
    ),
  )
  const contacts = DATAVERSE_TABLES.find((table) => table.name === 'contacts')
  if (contacts !== undefined && (set === 'accounts' || set === 'contacts')) {
    found.push({ table: contacts, column: '_parentcustomerid_value', onDelete: 'clear' })
  }
  return found
}
