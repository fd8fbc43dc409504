import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { sql, storable, texts } from '../../persistence/sql.js'
import { findMappingIds } from '../mapping/find-mapping.js'
import type { TimeRangeInput } from './time-range.input.js'

/** Rows whose text holds what was asked for, without case. Null for an absent or empty text. */
export function containsText(
  columns: readonly RawBuilder<unknown>[],
  text: string | null | undefined,
): RawBuilder<unknown> | null {
  if (text === null || text === undefined || text === '') return null
  const pattern = `%${storable(text).replaceAll(/[\\%_]/g, '\\$&')}%`
  return sql`(${sql.join(
    columns.map((column) => sql`${column} ilike ${pattern}`),
    sql` or `,
  )})`
}

/** Rows whose time lies in the range: from inclusive, to exclusive. */
export function inTimeRange(
  column: RawBuilder<unknown>,
  range: TimeRangeInput | null | undefined,
): readonly RawBuilder<unknown>[] {
  if (range === null || range === undefined) return []
  const { from, to } = range
  return [
    ...(from === null || from === undefined ? [] : [sql`${column} >= ${from.toISOString()}::timestamptz`]),
    ...(to === null || to === undefined ? [] : [sql`${column} < ${to.toISOString()}::timestamptz`]),
  ]
}

/** Rows whose column is one of the values. Null where none was asked for. */
export function oneOf(
  column: RawBuilder<unknown>,
  values: readonly string[] | null | undefined,
): RawBuilder<unknown> | null {
  if (values === null || values === undefined) return null
  // One value by itself, so that an index can serve the order of what follows.
  const [only, ...others] = values
  return only !== undefined && others.length === 0
    ? sql`${column} = ${only}`
    : sql`${column} = any(${texts(values)})`
}

/** Rows of the mappings of that name (in that connection). Throws NOT_FOUND naming those that exist. */
export async function ofMapping(
  em: EntityManager,
  column: RawBuilder<unknown>,
  filter: { readonly mapping?: string | null | undefined; readonly connection?: string | null | undefined },
): Promise<RawBuilder<unknown> | null> {
  const { mapping, connection } = filter
  if ((mapping ?? null) === null && (connection ?? null) === null) return null
  const ids = await findMappingIds(em, mapping ?? null, connection ?? null)
  const [only, ...others] = ids
  return only !== undefined && others.length === 0
    ? sql`${column} = ${only}::uuid`
    : sql`${column} = any(${texts(ids)}::uuid[])`
}

/** Leaves out the conditions that were not asked for. */
export function present(conditions: readonly (RawBuilder<unknown> | null)[]): readonly RawBuilder<unknown>[] {
  return conditions.filter((condition) => condition !== null)
}
