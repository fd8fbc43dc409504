import { inTransaction } from '../in-transaction.js'
import { assertEnabled } from '../connection/assert-enabled.js'
import type { EntityManager } from '@mikro-orm/postgresql'
import { PendingReason } from '../../domain/run.js'
import { Side } from '../../domain/value.js'
import { allowReview, lockReview, rejectReview } from '../../persistence/deletion-reviews.js'
import { DeletionReview, DeletionReviewStatus } from '../../persistence/entities/deletion-review.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import { run, sql } from '../../persistence/sql.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { findByIds } from '../loaders.js'
import { ofMapping, oneOf, present } from '../paging/conditions.js'
import { page, type Page } from '../paging/connection.type.js'
import { KeyType } from '../paging/cursor.js'
import { assertPageSize } from '../paging/keyset.js'
import { loadReference } from '../record/record-reference.js'
import { readRun, startRun } from '../synch-run/run-engine.js'
import type { DeletionReviewFilter } from './deletion.input.js'
import type { ReviewedDeletionType } from './deletion.type.js'

/** Reviews, those opened last first. Throws BAD_USER_INPUT, NOT_FOUND. */
export async function listReviews(
  em: EntityManager,
  filter: DeletionReviewFilter | null | undefined,
  request: { readonly first: number; readonly after: string | null | undefined },
): Promise<Page<DeletionReview>> {
  const conditions = present([
    await ofMapping(em, sql`r.mapping_id`, filter ?? {}),
    oneOf(sql`r.status`, filter?.status),
  ])
  return page(
    em,
    { from: sql`deletion_review r`, id: sql`r.id`, conditions },
    { key: sql`r.opened_at`, keyType: KeyType.timestamp, descending: true },
    { ...request, order: 'TIME_DESC' },
    (ids) => findByIds(em, DeletionReview, ids),
  )
}

/** Throws NOT_FOUND. */
export async function readReview(em: EntityManager, id: string): Promise<DeletionReview> {
  const found = await em.findOne(DeletionReview, { id }, { disableIdentityMap: true })
  if (found === null) throw apiError(ErrorCode.notFound, `There is no review of deletions ${id}.`)
  return found
}

/** How many deletions a review has, and how many of them still wait. */
export async function countDeletions(
  em: EntityManager,
  reviewId: string,
): Promise<{ readonly found: number; readonly waiting: number }> {
  const [row] = await run<{ found: number; waiting: number }>(
    em,
    sql`select count(*)::integer as found,
          count(*) filter (where s.reason in (${PendingReason.deletionReview}, ${PendingReason.deletionAllowed}))::integer as waiting
        from deletion_review_record r left join record_state s on s.coupling_id = r.coupling_id
        where r.review_id = ${reviewId}`,
  )
  return row ?? { found: 0, waiting: 0 }
}

/** The deletions of a review in order of their couplings' ids. Throws BAD_USER_INPUT. */
export async function reviewedDeletions(
  { em, loaders }: ApiContext,
  review: DeletionReview,
  request: { readonly first: number; readonly after: string | null },
): Promise<readonly ReviewedDeletionType[]> {
  assertPageSize(request.first)
  const rows = await run<{
    coupling_id: string
    gone_side: Side
    local_id: string
    integration_id: string
    local_name: string | null
    integration_name: string | null
  }>(
    em,
    sql`select coupling_id, gone_side, local_id, integration_id, local_name, integration_name from deletion_review_record
        where review_id = ${review.id} and (${request.after}::uuid is null or coupling_id > ${request.after}::uuid)
        order by coupling_id limit ${request.first}`,
  )
  return Promise.all(
    rows.map(async (row) => ({
      couplingId: row.coupling_id,
      goneSide: row.gone_side,
      localRecord: await loadReference(loaders, review.mappingId, Side.local, {
        id: row.local_id,
        name: row.local_name,
      }),
      integrationRecord: await loadReference(loaders, review.mappingId, Side.integration, {
        id: row.integration_id,
        name: row.integration_name,
      }),
    })),
  )
}

/** Starts the run that decides them. Throws NOT_FOUND, CONFLICTING_STATE, ENGINE_UNAVAILABLE. */
export async function allowDeletions(context: ApiContext, id: string): Promise<SynchRun> {
  const requested = await decideReview(context, id, async (em, review) => {
    await assertEnabled(em, [review.mappingId])
    return allowReview(em, review, context.principal.name)
  })
  await startRun(context, requested.id)
  return readRun(context, requested.id)
}

/** Throws NOT_FOUND, CONFLICTING_STATE. */
export async function rejectDeletions(context: ApiContext, id: string): Promise<DeletionReview> {
  await decideReview(context, id, (em, review) => rejectReview(em, review, context.principal.name))
  return readReview(context.em, id)
}

async function decideReview<T>(
  context: ApiContext,
  id: string,
  decide: (em: EntityManager, review: DeletionReview) => Promise<T>,
): Promise<T> {
  return inTransaction(context, async (em) => {
    const review = await lockReview(em, id)
    if (review === null) throw apiError(ErrorCode.notFound, `There is no review of deletions ${id}.`)
    if (review.status !== DeletionReviewStatus.open) {
      throw apiError(
        ErrorCode.conflictingState,
        `The review of deletions ${id} was decided before: ${review.status}.`,
        { status: review.status },
      )
    }
    return decide(em, review)
  })
}
