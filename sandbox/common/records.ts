import type { Connection, Database } from './database.js'
import type { Column, Row, Table } from './table.js'
import { quoted } from './table.js'

/**
 * Reads records and locks them until the end of the transaction, in the order of their ids so that two transactions over
 * the same records wait for each other instead of blocking each other.
 */
export async function lockRows(
  connection: Connection,
  table: Table,
  ids: readonly string[],
): Promise<Map<string, Row>> {
  if (ids.length === 0) return new Map()
  const key = quoted(table.key)
  const result = await connection.query<Row>(
    `select * from ${quoted(table.name)} where ${key} = any($1::uuid[]) order by ${key} for update`,
    [ids],
  )
  return new Map(result.rows.map((row) => [row[table.key] ?? '', row]))
}

/** As many fresh version numbers, in rising order. */
export async function nextVersions(connection: Connection | Database, count: number): Promise<string[]> {
  if (count === 0) return []
  const result = await connection.query<{ version: string }>(
    `select nextval('record_version')::text as version from generate_series(1, $1::int)`,
    [count],
  )
  return result.rows.map((row) => row.version)
}

export const VERSION_STATEMENT = 'create sequence if not exists record_version as bigint start 100000'

/** Inserts whole records with one statement. */
export async function insertRows(
  connection: Connection | Database,
  table: Table,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return
  await connection.query(
    `insert into ${quoted(table.name)} select * from json_populate_recordset(null::${quoted(table.name)}, $1::json)`,
    [JSON.stringify(rows)],
  )
}

/** Overwrites whole records with one statement. */
export async function updateRows(connection: Connection, table: Table, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  const names = table.columns
    .filter((column) => column.name !== table.key)
    .map((column: Column) => quoted(column.name))
  await connection.query(
    `update ${quoted(table.name)} t set (${names.join(', ')}) = (${names.map((name) => `r.${name}`).join(', ')})
       from json_populate_recordset(null::${quoted(table.name)}, $1::json) r where t.${quoted(table.key)} = r.${quoted(table.key)}`,
    [JSON.stringify(rows)],
  )
}

export async function deleteRows(
  connection: Connection,
  table: Table,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  await connection.query(`delete from ${quoted(table.name)} where ${quoted(table.key)} = any($1::uuid[])`, [
    ids,
  ])
}
