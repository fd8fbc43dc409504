import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { PendingReason } from '../../domain/run.js'
import { otherSide, Side } from '../../domain/value.js'
import { run, sql, texts } from '../sql.js'
import { lockMapping } from './mapping-locks.js'
import type { PendingRecord } from './record-states.js'

const FOUND = PendingReason.deletion
const IN_REVIEW = PendingReason.deletionReview
const ALLOWED = PendingReason.deletionAllowed

/**
 * One page of the deletions of a mapping that are to be decided, by the ids of one side, in order of their state's id: those
 * found and those allowed.
 */
export async function deletionPage(
  em: EntityManager,
  mappingId: string,
  source: Side,
  after: string | null,
  limit: number,
): Promise<readonly PendingRecord[]> {
  const idColumn = sql.raw(source === Side.local ? 'c.local_id' : 'c.integration_id')
  const rows = await run<{ id: string; record_id: string }>(
    em,
    sql`select s.id, ${idColumn} as record_id from record_state s join coupling c on c.id = s.coupling_id
        where s.mapping_id = ${mappingId} and s.state = 'PENDING' and s.reason in (${FOUND}, ${ALLOWED})
          and (${after}::uuid is null or s.id > ${after}::uuid)
        order by s.id limit ${limit}`,
  )
  return rows.map((row) => ({ stateId: row.id, recordId: row.record_id }))
}

/** How many deletions are to be decided. */
export async function countDeletions(em: EntityManager, mappingId: string): Promise<number> {
  const [row] = await run<{ count: number }>(
    em,
    sql`select count(*)::integer as count from record_state
        where mapping_id = ${mappingId} and state = 'PENDING' and reason in (${FOUND}, ${ALLOWED})`,
  )
  return row?.count ?? 0
}

/** Keeps ids that a sweep of a job has read. */
export async function keepSwept(
  em: EntityManager,
  jobId: string,
  sweepId: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  await run(
    em,
    sql`insert into swept_record (job_id, sweep_id, record_id) select ${jobId}::uuid, ${sweepId}::uuid, id from unnest(${texts(ids)}) as new(id)
        on conflict do nothing`,
  )
}

/** Removes what a job's sweeps have read, also those of attempts that were cut off. */
export async function forgetSwept(em: EntityManager, jobId: string): Promise<void> {
  await run(em, sql`delete from swept_record where job_id = ${jobId}`)
}

/** A coupled record that a sweep has not met. */
export interface UnmetRecord {
  readonly couplingId: string
  readonly recordId: string
  /** Of the other side: the key under which the deletion is noted. */
  readonly survivorId: string
}

/**
 * Couplings of a mapping whose record on a side the sweep has not met: those made before it began and about which nothing is
 * noted yet, one page in order of their ids.
 */
export async function unmetCouplings(
  em: EntityManager,
  sweep: { readonly id: string; readonly mappingId: string; readonly side: Side; readonly since: number },
  after: string | null,
  limit: number,
): Promise<readonly UnmetRecord[]> {
  const [own, other] =
    sweep.side === Side.local ? ['c.local_id', 'c.integration_id'] : ['c.integration_id', 'c.local_id']
  const rows = await run<{ id: string; record_id: string; survivor_id: string }>(
    em,
    sql`select c.id, ${sql.raw(own)} as record_id, ${sql.raw(other)} as survivor_id from coupling c
        where c.mapping_id = ${sweep.mappingId} and c.created_at < ${new Date(sweep.since).toISOString()}::timestamptz
          and (${after}::uuid is null or c.id > ${after}::uuid)
          and not exists (select from swept_record m where m.sweep_id = ${sweep.id} and m.record_id = ${sql.raw(own)})
          and not exists (select from record_state s where s.coupling_id = c.id)
        order by c.id limit ${limit}`,
  )
  return rows.map((row) => ({ couplingId: row.id, recordId: row.record_id, survivorId: row.survivor_id }))
}

/** Notes deletions as found; what is noted about a coupling already stays. Not `isGone`: a read by id was forbidden. */
export async function noteDeletions(
  em: EntityManager,
  mappingId: string,
  side: Side,
  records: readonly (UnmetRecord & { readonly isGone: boolean })[],
): Promise<void> {
  if (records.length === 0) return
  await run(
    em,
    sql`insert into record_state (id, mapping_id, coupling_id, side, record_id, state, reason, gone_side)
        select new.id::uuid, ${mappingId}, c.id, ${otherSide(side)}, new.survivor_id, 'PENDING', ${FOUND},
          case when new.is_gone = 'true' then ${side} end
        from unnest(${texts(records.map(() => randomUUID()))}, ${texts(records.map((record) => record.couplingId))},
          ${texts(records.map((record) => record.survivorId))}, ${texts(records.map((record) => String(record.isGone)))})
          as new(id, coupling_id, survivor_id, is_gone) join coupling c on c.id = new.coupling_id::uuid
        on conflict do nothing`,
  )
}

/** How large a mapping's heap of deletions is. */
export interface DeletionCounts {
  readonly found: number
  readonly couplings: number
  /** A review that is open; newly found deletions join it. */
  readonly openReview: string | null
}

/** Counts with the mapping's row locked, so that of two runs one opens the review, and with that, so that nobody closes it meanwhile. */
export async function countForReview(em: EntityManager, mappingId: string): Promise<DeletionCounts> {
  await lockMapping(em, mappingId)
  await run(
    em,
    sql`select from deletion_review where mapping_id = ${mappingId} and status = 'OPEN' for no key update`,
  )
  const [row] = await run<{ found: number; couplings: number; open_review: string | null }>(
    em,
    sql`select (select count(*)::integer from record_state
            where mapping_id = ${mappingId} and state = 'PENDING' and reason = ${FOUND} and gone_side is not null) as found,
          (select count(*)::integer from coupling where mapping_id = ${mappingId}) as couplings,
          (select id from deletion_review where mapping_id = ${mappingId} and status = 'OPEN') as open_review`,
  )
  if (row === undefined) throw new Error('The database counted nothing.')
  return { found: row.found, couplings: row.couplings, openReview: row.open_review }
}

/** Puts the deletions found into a review, a new one unless one is open. Returns how many. */
export async function putIntoReview(
  em: EntityManager,
  mappingId: string,
  runId: string,
  counts: DeletionCounts,
): Promise<number> {
  const reviewId = counts.openReview ?? randomUUID()
  if (counts.openReview === null) {
    await run(
      em,
      sql`insert into deletion_review (id, mapping_id, run_id, status, couplings)
          values (${reviewId}, ${mappingId}, ${runId}, 'OPEN', ${counts.couplings})`,
    )
  }
  const [row] = await run<{ count: number }>(
    em,
    sql`with taken as (
          update record_state set reason = ${IN_REVIEW}, changed_at = clock_timestamp() where id in (
            -- What another transaction holds is being worked on, and is busy for this run.
            select id from record_state
            where mapping_id = ${mappingId} and state = 'PENDING' and reason = ${FOUND} and gone_side is not null
            for update skip locked)
          returning coupling_id, gone_side),
        kept as (insert into deletion_review_record (review_id, coupling_id, gone_side, local_id, integration_id, local_name, integration_name)
        select ${reviewId}, c.id, t.gone_side, c.local_id, c.integration_id, c.local_name, c.integration_name
        from taken t join coupling c on c.id = t.coupling_id
        on conflict do nothing)
        select count(*)::integer as count from taken`,
  )
  return row?.count ?? 0
}
