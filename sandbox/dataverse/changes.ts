import type { Json, JsonObject } from '../common/json.js'
import type { Column, LookupWay } from '../common/table.js'
import { columnOf } from '../common/table.js'
import { DataverseError, badRequest } from './errors.js'
import type { DataverseTable } from './tables.js'
import { DATAVERSE_TABLES } from './tables.js'
import type { AcceptedChoices } from './values.js'
import { readValue } from './values.js'

/** A lookup set to a record. */
export interface Target {
  readonly set: string
  readonly id: string
}

/** Members that a client sent, in stored form. */
export interface Changes {
  readonly values: ReadonlyMap<string, string | null>
  /** By attribute. */
  readonly lookups: ReadonlyMap<string, Target | null>
}

/** Reads the members of a body. Throws for an unknown or read-only member and for a value that does not fit. */
export function readChanges(
  table: DataverseTable,
  body: JsonObject,
  creating: boolean,
  choices: AcceptedChoices,
): Changes {
  const values = new Map<string, string | null>()
  const lookups = new Map<string, Target | null>()
  for (const [name, value] of Object.entries(body)) {
    if (name.endsWith('@odata.bind')) {
      readBind(table, name.slice(0, -'@odata.bind'.length), value, creating, lookups)
    } else if (name.includes('@')) {
      continue
    } else if (value === null && lookupWays(table, name).length > 0) {
      readBind(table, name, value, creating, lookups)
    } else if (name !== table.key) {
      const column = writableColumn(table, name, creating)
      values.set(name, readValue(table, column, value, choices))
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
  requireWritable(table, column, name, creating)
  return column
}

function requireWritable(table: DataverseTable, column: Column, name: string, creating: boolean): void {
  if (column.readOnly === true || (column.createOnly === true && !creating)) {
    throw new DataverseError(
      400,
      '0x80040203',
      `The attribute '${name}' of the '${table.entity}' entity cannot be ${creating ? 'set' : 'changed'}.`,
    )
  }
}

function readBind(
  table: DataverseTable,
  navigation: string,
  value: Json,
  creating: boolean,
  lookups: Map<string, Target | null>,
): void {
  const ways = lookupWays(table, navigation)
  const [first] = ways
  if (first === undefined) {
    throw badRequest(
      `Could not find a property named '${navigation}' on type 'Microsoft.Dynamics.CRM.${table.entity}'.`,
    )
  }
  const { attribute } = first
  requireWritable(table, first.column, attribute, creating)
  if (value === null) {
    // One way of a polymorphic lookup may be cleared while another is set.
    if (!lookups.has(attribute)) lookups.set(attribute, null)
    return
  }
  const match =
    typeof value === 'string'
      ? /^(?:https?:\/\/[^/]+\/api\/data\/v9\.2)?\/?(\w+)\(([0-9a-f-]{36})\)$/i.exec(value)
      : null
  const set = match?.[1]
  const id = match?.[2]?.toLowerCase()
  const allowed = ways.map(({ way }) => way.target)
  if (
    set === undefined ||
    id === undefined ||
    !allowed.includes(set) ||
    !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
  ) {
    throw badRequest(
      `The value of '${navigation}@odata.bind' must name one record of '${allowed.join(`' or '`)}', as in '/${first.way.target}(<id>)'.`,
    )
  }
  lookups.set(attribute, { set, id })
}

/** The ways of which this is the navigation property; none when the entity has no such property. */
function lookupWays(
  table: DataverseTable,
  navigation: string,
): { attribute: string; column: Column; way: LookupWay }[] {
  return table.columns.flatMap((column) => {
    const { lookup } = column
    if (lookup === undefined) return []
    return lookup.ways
      .filter((way) => way.navigation === navigation)
      .map((way) => ({ attribute: lookup.attribute, column, way }))
  })
}

/** A lookup that leads to a set. */
export interface Reference {
  readonly table: DataverseTable
  readonly column: Column
  readonly onDelete: 'clear' | 'restrict' | 'cascade'
}

/**
 * Every lookup of any table that leads to a set, for what happens when a record of it is deleted. Read-only ones follow
 * others or tell who did something, and stay.
 */
export function referencesTo(set: string): Reference[] {
  return DATAVERSE_TABLES.flatMap((table) =>
    table.columns.flatMap((column) => {
      const { lookup } = column
      if (lookup === undefined || !lookup.ways.some((way) => way.target === set)) return []
      if (column.readOnly === true && lookup.onDelete === 'clear') return []
      return [{ table, column, onDelete: lookup.onDelete }]
    }),
  )
}
