import { inTransaction } from '../in-transaction.js'
import type { EntityManager } from '@mikro-orm/postgresql'
import { RecordStatus } from '../../domain/run.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import { requestRetries } from '../../persistence/runs.js'
import { run, sql, texts } from '../../persistence/sql.js'
import { assertEnabled } from '../connection/assert-enabled.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { readRun, startRuns } from '../synch-run/run-engine.js'
import { liftStates, type LiftedRecord } from '../../persistence/queries/lift-states.js'
import { skippedIds } from './list-skipped.js'
import type { SkippedRecordFilter } from './skipped-record.input.js'

/**
 * Lifts the skips and tries the records again: one run per mapping. All or none: throws NOT_FOUND naming the ids that are
 * no skipped synch. records; ENGINE_UNAVAILABLE, with the skips lifted all the same: the next scheduled run tries them.
 */
export async function retrySkipped(
  context: ApiContext,
  ids: readonly string[],
): Promise<readonly SynchRun[]> {
  const requested = await inTransaction(context, async (em) => {
    const skipped = await run<{ id: string }>(
      em,
      sql`select id from record_state where id = any(${texts(ids)}::uuid[]) and state = ${RecordStatus.skipped} order by id for update`,
    )
    const known = new Set(skipped.map((row) => row.id))
    const unknown = ids.filter((id) => !known.has(id))
    if (unknown.length > 0) {
      throw apiError(
        ErrorCode.notFound,
        `There is no skipped synch. record ${unknown.join(', ')}; it may have been settled or lifted meanwhile. Nothing was retried.`,
        { ids: unknown },
      )
    }
    return requestAll(em, await liftStates(em, ids), context.principal.name)
  })
  return started(context, requested)
}

/** How many records one call of Retry All takes: a run keeps the list of its records. */
const MOST_AT_ONCE = 50_000

/**
 * Retry All: the same for every skipped synch. record that the filter lets in, those skipped first before the others. Throws
 * BAD_USER_INPUT, NOT_FOUND; ENGINE_UNAVAILABLE, with the skips lifted all the same.
 */
export async function retryAllSkipped(
  context: ApiContext,
  filter: SkippedRecordFilter,
): Promise<{ readonly restored: number; readonly runs: readonly SynchRun[] }> {
  const { lifted, requested } = await inTransaction(context, async (em) => {
    const records = await liftStates(em, await skippedIds(em, filter, MOST_AT_ONCE))
    return { lifted: records, requested: await requestAll(em, records, context.principal.name) }
  })
  return { restored: lifted.length, runs: await started(context, requested) }
}

/** One run a mapping. */
async function requestAll(
  em: EntityManager,
  lifted: readonly LiftedRecord[],
  requestedBy: string,
): Promise<readonly SynchRun[]> {
  await assertEnabled(
    em,
    lifted.map((record) => record.mappingId),
  )
  return requestRetries(em, lifted, requestedBy)
}

async function started(context: ApiContext, requested: readonly SynchRun[]): Promise<readonly SynchRun[]> {
  await startRuns(
    context,
    requested.map((created) => created.id),
  )
  return Promise.all(requested.map((created) => readRun(context, created.id)))
}
