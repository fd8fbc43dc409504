import { RunStatus } from '../../domain/run.js'
import { SynchRun } from '../../persistence/entities/synch-run.js'
import { run, sql, storable } from '../../persistence/sql.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode, havingBegun } from '../errors.js'

/** How long an answer waits for a run over chosen records, milliseconds. */
export const LONGEST_WAIT = 25_000

/**
 * Starts the workflow of a run that was made just now. Throws ENGINE_UNAVAILABLE; the run is then called off, since its
 * asker was told that nothing happens and will not expect it later.
 */
export async function startRun(context: ApiContext, runId: string): Promise<void> {
  try {
    await context.runControl.start(runId)
  } catch (error) {
    const failure = unavailable(context, error, runId)
    await callOff(context, runId, failure.message)
    throw failure
  }
}

/** The same for several runs; those that cannot be started are called off, each on its own. */
export async function startRuns(context: ApiContext, runIds: readonly string[]): Promise<void> {
  const starts = await Promise.allSettled(runIds.map((runId) => startRun(context, runId)))
  const hasBegun = starts.some(({ status }) => status === 'fulfilled')
  for (const start of starts) {
    if (start.status === 'rejected')
      throw hasBegun && start.reason instanceof Error ? havingBegun(start.reason) : start.reason
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

/** Waits for runs together, at most {@link LONGEST_WAIT}; their rows say what became of them. Throws ENGINE_UNAVAILABLE. */
export async function waitForRuns(context: ApiContext, runIds: readonly string[]): Promise<void> {
  await Promise.all(
    runIds.map(async (runId) => {
      try {
        await context.runControl.waitUntilEnded(runId, LONGEST_WAIT)
      } catch (error) {
        throw havingBegun(unavailable(context, error, runId))
      }
    }),
  )
}

function unavailable(context: ApiContext, error: unknown, runId: string): Error {
  context.logger.error({ err: error, runId }, 'Temporal could not be reached')
  return apiError(
    ErrorCode.engineUnavailable,
    'Temporal cannot be reached, so runs can be neither started nor stopped nor watched. Start Temporal and a worker, then ask again.',
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
