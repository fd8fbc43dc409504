import type { Column, Table } from './table.js'
import { isText, quoted, sqlType } from './table.js'

/** The statements that create a system's tables; every one may be repeated. */
export function schemaStatements(tables: readonly Table[]): string[] {
  return tables.flatMap((table) => [createTable(table), addColumns(table), ...createIndexes(table)])
}

function createTable(table: Table): string {
  const columns = table.columns.map(
    (column) => `  ${columnSql(column)}${column.name === table.key ? ' primary key' : ''}`,
  )
  return `create table if not exists ${quoted(table.name)} (\n${columns.join(',\n')}\n)`
}

/** A database that an older sandbox created lacks the columns that came since. */
function addColumns(table: Table): string {
  const columns = table.columns
    .filter((column) => column.name !== table.key)
    .map((column) => `add column if not exists ${columnSql(column)}`)
  return `alter table ${quoted(table.name)} ${columns.join(', ')}`
}

function columnSql(column: Column): string {
  const initial =
    column.initial === undefined ? '' : ` not null default '${column.initial.replaceAll("'", "''")}'`
  return `${quoted(column.name)} ${sqlType(column.type)}${initial}`
}

function createIndexes(table: Table): string[] {
  const statements = [
    index(table, 'stamp', `(${quoted(table.stamp)}, ${quoted(table.key)})`),
    index(table, 'version', `(${quoted(table.version)})`),
  ]
  for (const column of table.columns) {
    const name = quoted(column.name)
    if (column.unique === true && column.twiceByAccident !== true)
      statements.push(uniqueIndex(table, column.name))
    else if (column.indexed === true) statements.push(index(table, column.name, `(${name})`))
    // Case-insensitive comparison is what Dataverse does always and Business Central on tolower().
    if ((column.indexed === true || column.unique === true) && isText(column.type)) {
      statements.push(index(table, `${column.name}_lower`, `(lower(${name}))`))
    }
  }
  return statements
}

function index(table: Table, suffix: string, columns: string): string {
  return `create index if not exists ${quoted(`${table.name}_${suffix}`)} on ${quoted(table.name)} ${columns}`
}

function uniqueIndex(table: Table, column: string): string {
  const type = table.columns.find((candidate) => candidate.name === column)?.type
  const blank = type !== undefined && isText(type) ? ` where ${quoted(column)} <> ''` : ''
  return `create unique index if not exists ${quoted(`${table.name}_${column}_unique`)} on ${quoted(table.name)} (${quoted(column)})${blank}`
}
