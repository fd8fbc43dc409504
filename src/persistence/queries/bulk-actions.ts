import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import type { BulkOutcome } from '../../domain/bulk-action.js'
import { isFinished, RunKind, workflowIdOf, type RunStatus } from '../../domain/run.js'
import type { Side } from '../../domain/value.js'
import { run, sql, storable, texts } from '../sql.js'

/** One selected error as it is now. `isOpen` false: it was resolved or purged meanwhile. */
export interface BulkTarget {
  readonly number: number
  readonly mappingId: string
  readonly errorId: string
  readonly isOpen: boolean
  readonly recordKey: string | null
  /** The run that met it last. */
  readonly runId: string | null
  /** Null where the record is not coupled (any more). */
  readonly couplingId: string | null
  readonly side: Side | null
  readonly recordId: string | null
  /** The record's state; null: it has none. */
  readonly stateId: string | null
}

interface DbTarget {
  number: number
  mapping_id: string
  error_id: string
  is_open: boolean
  record_key: string | null
  run_id: string | null
  coupling_id: string | null
  side: Side | null
  record_id: string | null
  state_id: string | null
}

/** The next targets after a position, of one mapping. */
export async function nextErrorTargets(
  em: EntityManager,
  actionId: string,
  position: number,
  limit: number,
): Promise<readonly BulkTarget[]> {
  const rows = await run<DbTarget>(
    em,
    sql`select t.number, t.mapping_id, t.error_id, coalesce(e.resolved_at is null and e.id is not null, false) as is_open,
          e.record_key, e.run_id, c.id as coupling_id, e.source_side as side, e.source_id as record_id, s.id as state_id
        from bulk_action_target t
        left join integration_synch_error e on e.id = t.error_id
        left join coupling c on c.id = e.coupling_id
        left join lateral (
          select s.id from record_state s where s.coupling_id = c.id
          union all
          select s.id from record_state s where c.id is null and s.coupling_id is null and s.mapping_id = e.mapping_id
            and s.side = e.source_side and s.record_id = e.source_id
          limit 1) s on true
        where t.action_id = ${actionId} and t.number > ${position} order by t.number limit ${limit}`,
  )
  const mappingId = rows[0]?.mapping_id
  return rows
    .filter((row) => row.mapping_id === mappingId)
    .map((row) => ({
      number: row.number,
      mappingId: row.mapping_id,
      errorId: row.error_id,
      isOpen: row.is_open,
      recordKey: row.record_key,
      runId: row.run_id,
      couplingId: row.coupling_id,
      side: row.side,
      recordId: row.record_id,
      stateId: row.state_id,
    }))
}

/** What became of one target. */
export interface TargetResult {
  readonly number: number
  readonly outcome: BulkOutcome
  readonly message: string | null
}

/** Notes outcomes and counts them, in one statement. */
export async function saveTargetResults(
  em: EntityManager,
  actionId: string,
  results: readonly TargetResult[],
): Promise<void> {
  if (results.length === 0) return
  await countResults(
    em,
    actionId,
    sql`update bulk_action_target t set outcome = r.outcome, message = r.message
        from unnest(${texts(results.map(({ number }) => String(number)))}, ${texts(results.map(({ outcome }) => outcome))},
          ${texts(results.map(({ message }) => (message === null ? null : storable(message))))}) as r(number, outcome, message)
        where t.action_id = ${actionId} and t.number = r.number::integer and t.outcome is null returning t.outcome`,
  )
}

/** Targets whose records a run tries again; what becomes of them is known when it has ended. */
export async function leaveToRun(
  em: EntityManager,
  actionId: string,
  numbers: readonly number[],
  runId: string,
): Promise<void> {
  if (numbers.length === 0) return
  await run(
    em,
    sql`update bulk_action_target set run_id = ${runId}
        where action_id = ${actionId} and number = any(${texts(numbers.map(String))}::integer[])`,
  )
}

/** A run that an action waits for. `starts`: its workflow has to be started; a run that is queued behind another goes on in that one's. */
export interface AwaitedRun {
  readonly id: string
  readonly hasEnded: boolean
  readonly starts: boolean
  readonly isCalledOff: boolean
}

export async function awaitedRuns(em: EntityManager, actionId: string): Promise<readonly AwaitedRun[]> {
  const rows = await run<{
    id: string
    status: RunStatus | null
    workflow_id: string | null
    is_fresh: boolean
    is_called_off: boolean
  }>(
    em,
    sql`select a.id, r.status, r.workflow_id, r.started_at is null as is_fresh,
          r.cancel_requested_at is not null as is_called_off
        from (select distinct run_id as id from bulk_action_target
          where action_id = ${actionId} and run_id is not null and outcome is null) a
        left join synch_run r on r.id = a.id`,
  )
  return rows.map((row) => ({
    id: row.id,
    hasEnded: row.status === null || isFinished(row.status),
    starts: row.status === 'RUNNING' && row.is_fresh && row.workflow_id === workflowIdOf(row.id),
    isCalledOff: row.is_called_off,
  }))
}

/** An action that is called off waits for no whole run of a mapping: others have asked for it too, or wait for what it brings. */
export async function letGo(em: EntityManager, actionId: string): Promise<void> {
  await run(
    em,
    sql`update bulk_action_target t set run_id = null from synch_run r
        where t.action_id = ${actionId} and t.outcome is null and r.id = t.run_id and r.kind <> ${RunKind.records}
          and r.status in ('RUNNING', 'QUEUED')`,
  )
}

/** Calls off runs that an action has asked for. Returns them: their workflows are to be told, perhaps again, since nobody knows whether they were. */
export async function callOff(
  em: EntityManager,
  runs: readonly Pick<AwaitedRun, 'id'>[],
): Promise<readonly string[]> {
  const ids = runs.map(({ id }) => id)
  await run(
    em,
    sql`update synch_run set cancel_requested_at = clock_timestamp()
        where id = any(${texts(ids)}::uuid[]) and cancel_requested_at is null`,
  )
  return ids
}

/** Of a target `own`: its action was called off, and so was the run `r` that it was left to. */
export const CALLED_OFF = sql`r.status = 'CANCELLED' and exists (
  select from bulk_action a where a.id = own.action_id and a.cancel_requested_at is not null)`

/**
 * Tells of targets whose run has ended what became of them: resolved by it, or what stands in the way now. A run that failed as a whole
 * says so itself. Nothing became of what a run that was called off never came to.
 */
export async function settleErrorTargets(
  em: EntityManager,
  actionId: string,
  runIds: readonly string[],
): Promise<void> {
  await countResults(
    em,
    actionId,
    sql`update bulk_action_target t set
          outcome = case when e.id is null or e.resolved_at is not null then 'SUCCEEDED' else 'FAILED' end,
          message = case when e.id is null or e.resolved_at is not null then null
            else coalesce(
              case when r.status is distinct from 'COMPLETED' then r.message end,
              (select o.message || ' ' || o.remedy from integration_synch_error o
               where o.mapping_id = e.mapping_id and o.record_key = e.record_key and o.resolved_at is null
               order by o.last_seen desc, o.id limit 1)) end
        from bulk_action_target own
        left join integration_synch_error e on e.id = own.error_id
        left join synch_run r on r.id = own.run_id
        where own.action_id = ${actionId} and own.run_id = any(${texts(runIds)}::uuid[]) and own.outcome is null
          and not (${CALLED_OFF} and e.resolved_at is null and e.run_id is distinct from own.run_id)
          and t.action_id = own.action_id and t.number = own.number
        returning t.outcome`,
  )
}

/** Counts what `update` tells: its outcomes, as it returns them. */
export async function countResults(
  em: EntityManager,
  actionId: string,
  update: RawBuilder<unknown>,
): Promise<void> {
  await run(
    em,
    sql`with told as (${update})
        update bulk_action a set succeeded = a.succeeded + s.succeeded, unchanged = a.unchanged + s.unchanged,
          changed_since = a.changed_since + s.changed_since, failed = a.failed + s.failed
        from (select count(*) filter (where outcome = 'SUCCEEDED')::integer as succeeded,
                count(*) filter (where outcome = 'UNCHANGED')::integer as unchanged,
                count(*) filter (where outcome = 'CHANGED_SINCE')::integer as changed_since,
                count(*) filter (where outcome = 'FAILED')::integer as failed from told) s
        where a.id = ${actionId}`,
  )
}

/** Actions that have ended that many days ago go, with their lists; at most `limit`. Returns how many. */
export async function purgeBulkActions(em: EntityManager, days: number, limit: number): Promise<number> {
  const rows = await run<{ id: string }>(
    em,
    sql`delete from bulk_action where id in (
          select id from bulk_action where finished_at < statement_timestamp() - make_interval(days => ${days}) limit ${limit})
        returning id`,
  )
  return rows.length
}
