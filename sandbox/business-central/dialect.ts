import type { FilterDialect } from '../common/odata/filter-sql.js'
import { QueryError } from '../common/odata/errors.js'
import type { OutputMember } from '../common/odata/page.js'
import type { Column, Table } from '../common/table.js'
import { columnOf, quoted } from '../common/table.js'
import { ETAG_SQL } from './etag.js'
import { BLANK_OPTION, VERSION } from './table.js'
import { normalizeCode } from './values.js'

export const BUSINESS_CENTRAL_FILTERS: FilterDialect = {
  ignoresCase: false,
  wildcards: false,
  orAcrossFields: false,
  wide: false,
  column: memberColumn,
  normalize(column, text) {
    if (column.type.kind === 'code') return normalizeCode(text)
    return column.type.kind === 'option' && text === ' ' ? BLANK_OPTION : text
  },
}

/** The column of a member. Throws QueryError when the entity has no such member. */
export function memberColumn(table: Table, name: string): Column {
  const column = columnOf(table, name)
  if (column === undefined || name === VERSION) {
    throw new QueryError(
      'unknownField',
      `Could not find a property named '${name}' on type 'Microsoft.NAV.${table.entity}'.`,
    )
  }
  return column
}

/** The members of a record's JSON, the ETag first. `selected` null means all of them. */
export function outputMembers(table: Table, selected: readonly string[] | null): OutputMember[] {
  const columns =
    selected === null
      ? table.columns.filter((column) => column.name !== VERSION)
      : selected.map((name) => memberColumn(table, name))
  return [
    { name: '@odata.etag', sql: ETAG_SQL },
    ...columns.map((column) => ({ name: column.name, sql: output(column) })),
  ]
}

function output(column: Column): string {
  const sql = `t.${quoted(column.name)}`
  if (column.type.kind === 'dateTime') return `to_char(${sql}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
  if (column.type.kind === 'decimal') return `trim_scale(${sql})`
  return sql
}
