import { RunKind, RunStatus } from '../../domain/run.js'
import { SynchRun } from '../../persistence/entities/synch-run.js'
import { run, sql, storable } from '../../persistence/sql.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'

/** How long an answer waits for a run over chosen records, milliseconds. */
export const LONGEST_WAIT = 25_000

/**
 * Starts the workflow of a run. A run whose row says RUNNING but which never began is started again by whoever asks next:
 * an earlier start may not have reached Temporal, and starting twice is harmless.
 * Throws ENGINE_UNAVAILABLE; work on chosen records is then called off, since its asker will not expect it later.
 */
export async function startRun(context: ApiContext, requested: SynchRun): Promise<void> {
  if (requested.status !== RunStatus.running || (requested.startedAt ?? null) !== null) return
  try {
    await context.runControl.start(requested.id)
  } catch (error) {
    const failure = unavailable(context, error, requested.id)
    if (requested.kind === RunKind.records) await callOff(context, requested.id, failure.message)
    throw failure
  }
}

/** Asks a running workflow to stop. Throws ENGINE_UNAVAILABLE. */
export async function stopRun(context: ApiContext, runId: string): Promise<void> {
  try {
    await context.runControl.cancel(runId)
  } catch (error) {
    throw unavailable(context, error, runId)
  }
}

/** Waits for runs together; whether each has ended. Throws ENGINE_UNAVAILABLE. */
export async function waitForRuns(
  context: ApiContext,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, boolean>> {
  return new Map(
    await Promise.all(
      runIds.map(async (runId): Promise<[string, boolean]> => {
        try {
          return [runId, await context.runControl.waitUntilEnded(runId, LONGEST_WAIT)]
        } catch (error) {
          throw unavailable(context, error, runId)
        }
      }),
    ),
  )
}

function unavailable(context: ApiContext, error: unknown, runId: string): Error {
  context.logger.error({ err: error, runId }, 'Temporal could not be reached')
  return apiError(
    ErrorCode.engineUnavailable,
    'Temporal cannot be reached, so the run could be neither started nor stopped nor watched. Start Temporal and a worker, then ask again.',
    { runId },
  )
}

/** Only while the run has not begun: the start may have arrived though its answer did not. */
async function callOff(context: ApiContext, runId: string, message: string): Promise<void> {
  await run(
    context.em,
    sql`update synch_run set status = ${RunStatus.failed}, finished_at = clock_timestamp(), message = ${storable(message)}
        where id = ${runId} and status = ${RunStatus.running} and started_at is null`,
  )
}

/** The run as it stands now. */
export async function readRun(context: ApiContext, id: string): Promise<SynchRun> {
  const found = await context.em.findOne(SynchRun, { id }, { disableIdentityMap: true })
  if (found === null) throw apiError(ErrorCode.notFound, `There is no synch. run ${id}.`)
  return found
}
