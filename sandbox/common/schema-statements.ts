import type { Table } from './table.js'
import { isText, quoted, sqlType } from './table.js'

/** The statements that create a system's tables; every one may be repeated. */
export function schemaStatements(tables: readonly Table[]): string[] {
  return tables.flatMap((table) => [createTable(table), ...createIndexes(table)])
}

function createTable(table: Table): string {
  const columns = table.columns.map((column) => {
    const initial =
      column.initial === undefined ? '' : ` not null default '${column.initial.replaceAll("'", "''")}'`
    const key = column.name === table.key ? ' primary key' : ''
    return `  ${quoted(column.name)} ${sqlType(column.type)}${initial}${key}`
  })
  return `create table if not exists ${quoted(table.name)} (\n${columns.join(',\n')}\n)`
}

function createIndexes(table: Table): string[] {
  const statements = [
    index(table, 'stamp', `(${quoted(table.stamp)}, ${quoted(table.key)})`),
    index(table, 'version', `(${quoted(table.version)})`),
  ]
  for (const column of table.columns) {
    const name = quoted(column.name)
    if (column.unique === true) statements.push(uniqueIndex(table, column.name))
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
