import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { deleteErrors, lockErrorGroups } from '../../persistence/queries/error-groups.js'
import { run, sql, texts } from '../../persistence/sql.js'
import { badUserInput } from '../errors.js'
import { inTransaction, type Transacting } from '../in-transaction.js'
import { allOf } from '../paging/keyset.js'
import { errorConditions } from './list-errors.js'
import type { SynchErrorFilter } from './synch-error.input.js'
import type { DeletedSynchErrorsType } from './synch-error.type.js'

/** Entries that one statement deletes: short locks, and what is done stays done when a later batch fails. */
const BATCH = 5_000

const MOST_DAYS = 36_500

export interface PurgeRequest {
  readonly filter: SynchErrorFilter | null | undefined
  /** Only entries that were last met at least this many days ago; null: all. */
  readonly days: number | null
  readonly includeStillRelevant: boolean
  readonly dryRun: boolean
}

/**
 * Deletes entries of the error log. It removes log rows only: skips, pending records and what is known of their conflicts
 * stay with the records (engine rule 6). Throws BAD_USER_INPUT, NOT_FOUND.
 */
export async function purgeErrors(
  context: Transacting,
  request: PurgeRequest,
): Promise<DeletedSynchErrorsType> {
  const { em } = context
  const matching = await matchingEntries(em, request)
  const found = await count(em, matching)
  if (request.dryRun) {
    const deleted = request.includeStillRelevant ? found.matching : found.matching - found.stillRelevant
    return { deleted, kept: found.matching - deleted, stillRelevant: found.stillRelevant }
  }
  const doomed = request.includeStillRelevant ? matching : sql`${matching} and not (${STILL_RELEVANT})`
  let deleted = 0
  for (;;) {
    const batch = await deleteBatch(context, doomed)
    deleted += batch
    if (batch < BATCH) break
  }
  return { deleted, kept: Math.max(0, found.matching - deleted), stillRelevant: found.stillRelevant }
}

/** Conditions on `integration_synch_error e`. Throws BAD_USER_INPUT, NOT_FOUND. */
export async function matchingEntries(
  em: EntityManager,
  request: Pick<PurgeRequest, 'days' | 'filter'>,
): Promise<RawBuilder<unknown>> {
  const conditions = [...(await errorConditions(em, request.filter))]
  if (request.days !== null) {
    if (request.days < 0 || request.days > MOST_DAYS) {
      throw badUserInput([
        { argument: 'days', message: `Expected a number from 0 to ${MOST_DAYS}, got ${request.days}.` },
      ])
    }
    // Fixed now, so that every batch means the same entries.
    const [row] = await run<{ cutoff: string }>(
      em,
      sql`select (clock_timestamp() - make_interval(days => ${request.days}))::text as cutoff`,
    )
    conditions.push(sql`e.last_seen < ${row?.cutoff ?? '-infinity'}::timestamptz`)
  }
  return allOf(conditions)
}

/**
 * Record keys of everything that is pending or skipped: a coupling's id, and side and id of both its records, since an
 * entry may have been written before they were coupled.
 */
export const UNSETTLED = sql`unsettled as materialized (
  select s.mapping_id, key.record_key from record_state s left join coupling c on c.id = s.coupling_id
  cross join lateral (values (s.coupling_id::text), (s.side || ':' || s.record_id), ('LOCAL:' || c.local_id),
                             ('INTEGRATION:' || c.integration_id)) as key(record_key)
  where key.record_key is not null)`

export const STILL_RELEVANT = sql`e.resolved_at is null or (e.mapping_id, e.record_key) in (select mapping_id, record_key from unsettled)`

async function count(
  em: EntityManager,
  matching: RawBuilder<unknown>,
): Promise<{ readonly matching: number; readonly stillRelevant: number }> {
  const [row] = await run<{ matching: string; relevant: string }>(
    em,
    sql`with ${UNSETTLED}
        select count(*) as matching, count(*) filter (where ${STILL_RELEVANT}) as relevant
        from integration_synch_error e where ${matching}`,
  )
  return { matching: Number(row?.matching ?? 0), stillRelevant: Number(row?.relevant ?? 0) }
}

/** In one transaction: the entries go, records that point to them forget the pointer, and their groups hold that many fewer. */
async function deleteBatch(context: Transacting, doomed: RawBuilder<unknown>): Promise<number> {
  return inTransaction(context, async (transaction) => {
    const batch = await run<{ id: string; mapping_id: string }>(
      transaction,
      sql`with ${UNSETTLED} select e.id, e.mapping_id from integration_synch_error e where ${doomed}
          order by e.last_seen, e.id limit ${BATCH}`,
    )
    if (batch.length === 0) return 0
    await lockErrorGroups(
      transaction,
      batch.map((row) => row.mapping_id),
    )
    // Looked at again, now that nobody else changes them.
    return deleteErrors(
      transaction,
      sql`e.id = any(${texts(batch.map((row) => row.id))}::uuid[]) and ${doomed}`,
      UNSETTLED,
    )
  })
}
