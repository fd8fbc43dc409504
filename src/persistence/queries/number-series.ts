import type { EntityManager } from '@mikro-orm/postgresql'
import type { Side } from '../../domain/value.js'
import { run, sql } from '../sql.js'

/** Takes the next `count` numbers of a mapping's series for one side: the first of them. */
export async function takeNumbers(
  em: EntityManager,
  mappingId: string,
  side: Side,
  count: number,
): Promise<number> {
  const [row] = await run<{ first: number }>(
    em,
    sql`insert into number_series (mapping_id, side, next) values (${mappingId}, ${side}, ${count + 1})
        on conflict (mapping_id, side) do update set next = number_series.next + ${count}
        returning (next - ${count})::float8 as first`,
  )
  if (row === undefined) throw new Error('The number series gave no number.')
  return row.first
}

/** The last number of a series that was taken; 0: none. */
export async function takenUpTo(em: EntityManager, mappingId: string, side: Side): Promise<number> {
  const [row] = await run<{ last: number }>(
    em,
    sql`select (next - 1)::float8 as last from number_series where mapping_id = ${mappingId} and side = ${side}`,
  )
  return row?.last ?? 0
}

/** The series goes on with this number, unless it is further already. */
export async function passNumbers(
  em: EntityManager,
  mappingId: string,
  side: Side,
  next: number,
): Promise<void> {
  await run(
    em,
    sql`insert into number_series (mapping_id, side, next) values (${mappingId}, ${side}, ${next})
        on conflict (mapping_id, side) do update set next = greatest(number_series.next, excluded.next)`,
  )
}
