import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
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
        where id in (${inOrder(stateIds)})
        returning mapping_id, coupling_id, side, record_id`,
  )
  return rows.map((row) => ({
    mappingId: row.mapping_id,
    couplingId: row.coupling_id,
    side: row.side,
    recordId: row.record_id,
  }))
}

/** Ids of states that are locked one after the other in their order, as everybody locks them. */
function inOrder(stateIds: readonly string[]): RawBuilder<unknown> {
  return sql`select id from record_state where id = any(${texts(stateIds)}::uuid[]) order by id for update`
}

/** Leaves pending records to the next runs of their mappings, with a fresh count of attempts. */
export async function postponeStates(em: EntityManager, stateIds: readonly string[]): Promise<void> {
  if (stateIds.length === 0) return
  await run(
    em,
    sql`update record_state s
        set reason = case when s.state = ${RecordStatus.skipped} then ${PendingReason.retry} else s.reason end,
            state = ${RecordStatus.pending}, attempts = 0, due_at_run = m.run_count + 1, changed_at = clock_timestamp()
        from integration_table_mapping m
        where m.id = s.mapping_id and s.id in (${inOrder(stateIds)})`,
  )
}

/** What {@link skipStates} found of one state. */
export type SkippedNow = 'SKIPPED' | 'WAS_SKIPPED' | 'DELETION'

/**
 * Leaves records alone until a person, or a new version of theirs, lifts the skip. Deletions are decided by their own review and stay as
 * they are. By state id; what is not in the answer has no state any more.
 */
export async function skipStates(
  em: EntityManager,
  states: readonly { readonly stateId: string; readonly errorId: string }[],
): Promise<ReadonlyMap<string, SkippedNow>> {
  if (states.length === 0) return new Map()
  const rows = await run<{ id: string; now: SkippedNow }>(
    em,
    sql`with asked as (
          select s.id, e.id as error_id, e.error_class, case when s.state = ${RecordStatus.skipped} then 'WAS_SKIPPED'
            when s.reason in ('DELETION', 'DELETION_REVIEW', 'DELETION_ALLOWED') then 'DELETION' else 'SKIPPED' end as now
          from unnest(${texts(states.map(({ stateId }) => stateId))}, ${texts(states.map(({ errorId }) => errorId))})
            as a(state_id, error_id)
          join record_state s on s.id = a.state_id::uuid join integration_synch_error e on e.id = a.error_id::uuid
          order by s.id for update of s),
        skipped as (
          update record_state s set state = ${RecordStatus.skipped}, reason = a.error_class, error_id = a.error_id, due_at_run = 0,
            waits_for_mappings = null, waits_for_side = null, waits_for_id = null, pulled_at = null,
            changed_at = clock_timestamp()
          from asked a where s.id = a.id and a.now = 'SKIPPED')
        select id, now from asked`,
  )
  return new Map(rows.map((row) => [row.id, row.now]))
}
