import type { ClientBase } from 'pg'
import { ExpectedError } from '../exit-codes.js'

/** The table in which the migrations of the schema are noted; it is described by the header of a backup instead. */
export const MIGRATIONS_TABLE = 'mikro_orm_migrations'

export interface StateTable {
  readonly name: string
  readonly columns: readonly string[]
}

/** All tables that hold state, each after those it refers to, with the columns that are stored. */
export async function listStateTables(client: ClientBase): Promise<StateTable[]> {
  const { rows: columns } = await client.query<{ name: string; column: string }>(
    `SELECT c.relname AS name, a.attname AS column
       FROM pg_class c
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> $1
      ORDER BY c.relname, a.attnum`,
    [MIGRATIONS_TABLE],
  )
  const { rows: references } = await client.query<{ from: string; to: string }>(
    `SELECT DISTINCT f.relname AS from, t.relname AS to
       FROM pg_constraint k
       JOIN pg_class f ON f.oid = k.conrelid
       JOIN pg_class t ON t.oid = k.confrelid
      WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND k.conrelid <> k.confrelid`,
  )
  const tables = new Map<string, string[]>()
  for (const { name, column } of columns) tables.set(name, [...(tables.get(name) ?? []), column])
  return inOrderOfReference([...tables.keys()], references).map((name) => ({
    name,
    columns: tables.get(name) ?? [],
  }))
}

/** @throws Error when tables refer to each other in a circle, which no order of rows could satisfy */
export function inOrderOfReference(
  names: readonly string[],
  references: readonly { readonly from: string; readonly to: string }[],
): string[] {
  const ordered: string[] = []
  const left = new Set(names)
  while (left.size > 0) {
    const free = [...left].filter(
      (name) => !references.some((reference) => reference.from === name && left.has(reference.to)),
    )
    if (free.length === 0)
      throw new Error(`The tables ${[...left].join(', ')} refer to each other in a circle`)
    for (const name of free) {
      left.delete(name)
      ordered.push(name)
    }
  }
  return ordered
}

/** The migrations applied to the database, in order. @throws ExpectedError when it is no database of Accord */
export async function listMigrations(client: ClientBase): Promise<string[]> {
  const { rows: found } = await client.query<{ present: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS present',
    [MIGRATIONS_TABLE],
  )
  if (found[0]?.present !== true) throw new ExpectedError('The database holds no state of Accord.')
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`)
  return rows.map((row) => row.name)
}

/** The sequences of the tables with state. */
export async function listSequences(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT s.relname AS name
       FROM pg_class s
       LEFT JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass
       LEFT JOIN pg_class t ON t.oid = d.refobjid
      WHERE s.relnamespace = 'public'::regnamespace AND s.relkind = 'S' AND t.relname IS DISTINCT FROM $1
      ORDER BY s.relname`,
    [MIGRATIONS_TABLE],
  )
  return rows.map((row) => row.name)
}

/** Makes values look the same whatever the server's own settings are. */
export async function useNeutralFormats(client: ClientBase): Promise<void> {
  await client.query(
    "SET client_encoding = 'UTF8'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'iso_8601'; " +
      "SET timezone = 'UTC'; SET bytea_output = 'hex'; SET extra_float_digits = 1",
  )
}
