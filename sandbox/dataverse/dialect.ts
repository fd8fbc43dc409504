import type { FilterDialect } from '../common/odata/filter-sql.js'
import { QueryError } from '../common/odata/errors.js'
import type { OutputMember } from '../common/odata/page.js'
import type { Column, Table } from '../common/table.js'
import { columnOf, quoted } from '../common/table.js'
import { ETAG_SQL } from './etag.js'
import type { DataverseTable } from './tables.js'
import { entityOfSet } from './tables.js'

export const DATAVERSE_FILTERS: FilterDialect = {
  ignoresCase: true,
  wildcards: true,
  orAcrossFields: true,
  wide: true,
  column: memberColumn,
  logicalColumn: (table, name) =>
    table.columns.find((column) => column.lookup?.attribute === name) ?? memberColumn(table, name),
  normalize: (_column, text) => text,
}

/** The column of a member. Throws QueryError when the entity has no such member. */
export function memberColumn(table: Table, name: string): Column {
  const column = columnOf(table, name)
  // A path into another table that the sandbox keeps as a column of this one is good for filters.
  if (column !== undefined && (column.hidden !== true || name.includes('/'))) return column
  if (name.includes('/'))
    throw new QueryError('unsupported', `The path '${name}' is not served by the sandbox.`)
  throw new QueryError(
    'unknownField',
    `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${table.entity}'.`,
  )
}

/** Which columns an answer shows: the chosen ones, the key, and the currency of an amount. */
export function shownColumns(table: DataverseTable, selected: readonly string[] | null): Column[] {
  if (selected === null) return table.columns.filter((column) => column.hidden !== true)
  const names = new Set([...selected, table.key])
  if (table.money.some((name) => names.has(name) || names.has(`${name}_base`)))
    names.add('_transactioncurrencyid_value')
  return [...names].map((name) => memberColumn(table, name))
}

/** Annotations of a lookup with the short names they have in SQL: PostgreSQL's names are too short for their own. */
const LOOKUP_ANNOTATIONS = [
  { short: '@lookup', name: 'Microsoft.Dynamics.CRM.lookuplogicalname', sql: logicalName },
  { short: '@way', name: 'Microsoft.Dynamics.CRM.associatednavigationproperty', sql: navigationProperty },
] as const

/**
 * Gives annotations their full names in the JSON of records, and drops those of empty lookups. A quote within a value is
 * escaped in JSON, so only a member's name can end like this.
 */
export function withAnnotations(json: string): string {
  let result = json
  for (const { short, name } of LOOKUP_ANNOTATIONS) {
    if (!result.includes(short)) continue
    result = result
      .replaceAll(new RegExp(`"[^"]+${short}":null,`, 'g'), '')
      .replaceAll(`${short}":`, `@${name}":`)
  }
  return result
}

/** The members of a record's JSON, the ETag first. `annotations` is the client's odata.include-annotations. */
export function outputMembers(columns: readonly Column[], annotations: string | undefined): OutputMember[] {
  const members: OutputMember[] = [{ name: '@odata.etag', sql: ETAG_SQL }]
  const wanted = LOOKUP_ANNOTATIONS.filter(
    ({ name }) =>
      annotations !== undefined &&
      (annotations.includes('*') || annotations.toLowerCase().includes(name.toLowerCase())),
  )
  for (const column of columns) {
    for (const { short, sql } of wanted) {
      const value = sql(column)
      if (value !== null) members.push({ name: `${column.name}${short}`, sql: value })
    }
    members.push({ name: column.name, sql: output(column) })
  }
  return members
}

/** SQL of the entity type that a lookup leads to; null for any other column. */
function logicalName(column: Column): string | null {
  const { lookup } = column
  const [way] = lookup?.ways ?? []
  if (lookup === undefined || way === undefined) return null
  const kind =
    lookup.kindColumn === undefined ? `'${entityOfSet(way.target)}'` : `t.${quoted(lookup.kindColumn)}`
  return `case when t.${quoted(column.name)} is not null then ${kind} end`
}

/** SQL of the navigation property by which a lookup was set; null for any other column. */
function navigationProperty(column: Column): string | null {
  const kind = logicalName(column)
  if (kind === null) return null
  const ways = (column.lookup?.ways ?? []).map(
    (way) => `when '${entityOfSet(way.target)}' then '${way.navigation}'`,
  )
  return `case ${kind} ${ways.join(' ')} end`
}

function output(column: Column): string {
  const sql = `t.${quoted(column.name)}`
  return column.type.kind === 'dateTime' ? `to_char(${sql}, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')` : sql
}
