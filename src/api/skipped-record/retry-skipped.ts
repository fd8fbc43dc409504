import { RecordStatus } from '../../domain/run.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import { requestRecordsRun } from '../../persistence/runs.js'
import { run, sql, texts } from '../../persistence/sql.js'
import { REQUESTED_BY, type ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { readRun, startRuns } from '../synch-run/run-engine.js'
import { liftStates } from './lift-skip.js'

/**
 * Lifts the skips and tries the records again: one run per mapping. All or none: throws NOT_FOUND naming the ids that are
 * no skipped synch. records; ENGINE_UNAVAILABLE, with the skips lifted all the same: the next scheduled run tries them.
 */
export async function retrySkipped(
  context: ApiContext,
  ids: readonly string[],
): Promise<readonly SynchRun[]> {
  const requested = await context.em.fork().transactional(async (em) => {
    const skipped = await run<{ id: string }>(
      em,
      sql`select id from record_state where id = any(${texts(ids)}::uuid[]) and state = ${RecordStatus.skipped} for update`,
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
    const lifted = await liftStates(em, ids)
    const runs: SynchRun[] = []
    for (const [mappingId, records] of Map.groupBy(lifted, (record) => record.mappingId)) {
      const created = await requestRecordsRun(em, {
        mappingId,
        scope: {
          kind: 'retry',
          couplingIds: records.flatMap((record) => record.couplingId ?? []),
          records: records
            .filter((record) => record.couplingId === null)
            .map((record) => ({ side: record.side, id: record.recordId })),
        },
        direction: null,
        requestedBy: REQUESTED_BY,
      })
      runs.push(created)
    }
    return runs
  })
  await startRuns(
    context,
    requested.map((created) => created.id),
  )
  return Promise.all(requested.map((created) => readRun(context, created.id)))
}
