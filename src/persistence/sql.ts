import type { EntityManager } from '@mikro-orm/postgresql'
import { sql, type RawBuilder } from 'kysely'

export { sql } from 'kysely'

/** Runs a statement on the entity manager's connection (and in its transaction), with real bind parameters. */
export async function run<Row>(em: EntityManager, statement: RawBuilder<Row>): Promise<readonly Row[]> {
  const result = await statement.execute(em.getKysely<Record<string, never>>())
  return result.rows
}

/** A text array parameter; nulls allowed. Rows travel as parallel arrays and are joined by `unnest`. */
export function texts(values: readonly (string | null)[]): RawBuilder<unknown> {
  return sql`${arrayText(values)}::text[]`
}

const QUOTED = /["\\]/
const ALL_QUOTED = /["\\]/g

/** An array as PostgreSQL writes it. Made here, as the driver looks at every element three times, and JSON is full of quotes. */
function arrayText(values: readonly (string | null)[]): string {
  const elements = values.map((value) => {
    if (value === null) return 'NULL'
    return `"${QUOTED.test(value) ? value.replaceAll(ALL_QUOTED, '\\$&') : value}"`
  })
  return `{${elements.join(',')}}`
}

/** An array of epoch milliseconds (or null) as timestamps. */
export function stamps(values: readonly (number | null)[]): RawBuilder<unknown> {
  return sql`${arrayText(values.map((value) => (value === null ? null : new Date(value).toISOString())))}::timestamptz[]`
}

/** JSON text that a `json` column takes as it is, also with an escaped NUL or a lone surrogate. */
export function json(value: unknown): string {
  return JSON.stringify(value)
}

/** Text that a `text` column takes: PostgreSQL holds neither NUL nor lone surrogates. */
export function storable(text: string): string {
  return text.replaceAll('\0', '␀').toWellFormed()
}

/** The database's clock, epoch milliseconds: what is compared with times that the database set. */
export async function databaseClock(em: EntityManager): Promise<number> {
  const [row] = await run<{ now: number }>(
    em,
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
  )
  if (row === undefined) throw new Error('The database did not tell the time.')
  return Math.floor(row.now)
}
