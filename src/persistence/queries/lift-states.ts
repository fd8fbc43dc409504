import type { EntityManager } from '@mikro-orm/postgresql'
import { PendingReason, RecordStatus } from '../../domain/run.js'
import type { Side } from '../../domain/value.js'
import type { RetriedRecord } from '../runs.js'
import { run, sql, texts } from '../sql.js'

/** A record whose skip was lifted. */
export type LiftedRecord = RetriedRecord

/**
 * Makes records pending, due at once and with a fresh count of attempts. What is known of a conflict stays until the next
 * decision replaces it. A record whose state has gone meanwhile is left out.
 */
export async function liftStates(
  em: EntityManager,
  stateIds: readonly string[],
): Promise<readonly LiftedRecord[]> {
  if (stateIds.length === 0) return []
  const rows = await run<{ mapping_id: string; coupling_id: string | null; side: Side; record_id: string }>(
    em,
    sql`update record_state
        set reason = case when state = ${RecordStatus.skipped} then ${PendingReason.retry} else reason end,
            state = ${RecordStatus.pending}, attempts = 0, due_at_run = 0, changed_at = clock_timestamp()
        where id = any(${texts(stateIds)}::uuid[])
        returning mapping_id, coupling_id, side, record_id`,
  )
  return rows.map((row) => ({
    mappingId: row.mapping_id,
    couplingId: row.coupling_id,
    side: row.side,
    recordId: row.record_id,
  }))
}
