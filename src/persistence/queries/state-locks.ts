import type { EntityManager } from '@mikro-orm/postgresql'
import type { Side } from '../../domain/value.js'
import { run, sql, texts } from '../sql.js'

/**
 * Locks the states of couplings, and of uncoupled records of a mapping (null: there are none), in the order of their ids until the end of the transaction. Whoever
 * changes several takes them so first: two that lock what the other is to change next would wait for each other.
 */
export async function lockStates(
  em: EntityManager,
  mappingId: string | null,
  couplingIds: readonly string[],
  records: readonly { readonly side: Side; readonly id: string }[],
): Promise<void> {
  if (couplingIds.length + records.length === 0) return
  const ofSide = (side: Side) =>
    sql`select id from record_state where mapping_id = ${mappingId}::uuid and coupling_id is null and side = ${side}
        and record_id = any(${texts(records.filter((record) => record.side === side).map(({ id }) => id))})`
  await run(
    em,
    sql`select from record_state where id in (
          select id from record_state where coupling_id = any(${texts(couplingIds)}::uuid[])
          union all ${ofSide('LOCAL')} union all ${ofSide('INTEGRATION')})
        order by id for update`,
  )
}
