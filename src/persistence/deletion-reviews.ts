import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { deletionConflict } from '../domain/conflict.js'
import { ErrorClass } from '../domain/failure.js'
import { carries, passFrom, sourceOf } from '../domain/mapping.js'
import { PendingReason } from '../domain/run.js'
import { otherSide, Side } from '../domain/value.js'
import { Connection } from './entities/connection.js'
import { DeletionReview, DeletionReviewStatus } from './entities/deletion-review.js'
import { Mapping } from './entities/mapping.js'
import type { SynchRun } from './entities/synch-run.js'
import { lockErrorGroups } from './queries/error-groups.js'
import { recordErrors } from './queries/errors.js'
import { requestRecordsRun } from './runs.js'
import { run, sql, texts } from './sql.js'
import { tablesOfMapping } from './tables.js'

/** Rejected deletions are recorded so many at a time. */
const BATCH = 1_000

/** Locks a review. Null: there is none of that id. */
export async function lockReview(em: EntityManager, id: string): Promise<DeletionReview | null> {
  await run(em, sql`select from deletion_review where id = ${id} for update`)
  return em.findOne(DeletionReview, { id }, { refresh: true })
}

/**
 * Allows the deletions of an open review: a run decides them by Resolve Deletion Conflicts, after another look at both records.
 * Returns that run; it is started after the transaction.
 */
export async function allowReview(em: EntityManager, review: DeletionReview, by: string): Promise<SynchRun> {
  close(review, DeletionReviewStatus.allowed, by)
  await em.flush()
  await run(
    em,
    sql`update record_state s set reason = ${PendingReason.deletionAllowed}, changed_at = clock_timestamp()
        where s.reason = ${PendingReason.deletionReview} and s.id in (
          select id from record_state where id in (${waitingStates(review.id)}) order by id for update)`,
  )
  return requestRecordsRun(em, {
    mappingId: review.mappingId,
    scope: { kind: 'deletions', couplingIds: [], sweep: false },
    direction: null,
    requestedBy: by,
  })
}

/** Rejects the deletions of an open review: each becomes a skipped record that waits for a person, with one error. */
export async function rejectReview(em: EntityManager, review: DeletionReview, by: string): Promise<void> {
  close(review, DeletionReviewStatus.rejected, by)
  await em.flush()
  const mapping = await em.findOneOrFail(Mapping, { id: review.mappingId })
  const connection = await em.findOneOrFail(Connection, { id: mapping.connectionId })
  const tables = await tablesOfMapping(em, connection, mapping.definition)
  await lockErrorGroups(em, [mapping.id])
  await run(
    em,
    sql`select from record_state where id in (${waitingStates(review.id)}) order by id for update`,
  )
  for (;;) {
    const records = await waitingRecords(em, review.id)
    if (records.length === 0) return
    for (const gone of [Side.local, Side.integration]) {
      const ofSide = records.filter((record) => record.gone_side === gone)
      const fromSurvivor = passFrom(otherSide(gone))
      const direction = carries(mapping.definition, fromSurvivor) ? fromSurvivor : passFrom(gone)
      const source = sourceOf(direction)
      const destination = otherSide(source)
      const failure = deletionConflict(tables[destination].caption, tables[gone].caption, 'rejected')
      const ids = await recordErrors(
        em,
        { mappingId: mapping.id, runId: review.runId ?? review.id, jobId: null, direction },
        ofSide.map((record) => ({
          recordKey: record.coupling_id,
          couplingId: record.coupling_id,
          failure,
          table: tables[destination].name,
          sourceSide: source,
          sourceId: source === Side.local ? record.local_id : record.integration_id,
          sourceName: source === Side.local ? record.local_name : record.integration_name,
          destinationId: source === Side.local ? record.integration_id : record.local_id,
          destinationName: source === Side.local ? record.integration_name : record.local_name,
          detail: null,
        })),
      )
      await skip(
        em,
        ofSide.map((record) => ({
          couplingId: record.coupling_id,
          errorId: ids.get(record.coupling_id) ?? null,
        })),
      )
    }
  }
}

function close(review: DeletionReview, status: DeletionReviewStatus, by: string): void {
  review.status = status
  review.decidedAt = new Date()
  review.decidedBy = by
}

interface DbWaiting {
  coupling_id: string
  gone_side: Side
  local_id: string
  integration_id: string
  local_name: string | null
  integration_name: string | null
}

/** Ids of the states of records that wait for a review. */
function waitingStates(reviewId: string): RawBuilder<unknown> {
  return sql`select w.id from deletion_review_record r join record_state w on w.coupling_id = r.coupling_id
    where r.review_id = ${reviewId} and w.reason = ${PendingReason.deletionReview}`
}

async function waitingRecords(em: EntityManager, reviewId: string): Promise<readonly DbWaiting[]> {
  return run<DbWaiting>(
    em,
    sql`select r.coupling_id, r.gone_side, r.local_id, r.integration_id, r.local_name, r.integration_name
        from deletion_review_record r join record_state s on s.coupling_id = r.coupling_id
        where r.review_id = ${reviewId} and s.reason = ${PendingReason.deletionReview}
        order by r.coupling_id limit ${BATCH}`,
  )
}

async function skip(
  em: EntityManager,
  records: readonly { readonly couplingId: string; readonly errorId: string | null }[],
): Promise<void> {
  if (records.length === 0) return
  await run(
    em,
    sql`update record_state s set state = 'SKIPPED', reason = ${ErrorClass.deletedRecord}, error_id = new.error_id::uuid,
          attempts = s.attempts + 1, changed_at = clock_timestamp()
        from unnest(${texts(records.map((record) => record.couplingId))}, ${texts(records.map((record) => record.errorId))})
          as new(coupling_id, error_id)
        where s.coupling_id = new.coupling_id::uuid`,
  )
}
