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
