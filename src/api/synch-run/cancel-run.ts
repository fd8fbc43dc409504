import { RunStatus } from '../../domain/run.js'
import { assertNever } from '../../domain/value.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import { run, sql } from '../../persistence/sql.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { readRun, stopRun } from './run-engine.js'

/**
 * Calls a run off. A running one stops after the page at hand: the answer may still say RUNNING. Cancelling twice is
 * harmless. Throws NOT_FOUND; CONFLICTING_STATE for a run that has ended otherwise.
 */
export async function cancelRun(context: ApiContext, id: string): Promise<SynchRun> {
  const found = await readRun(context, id)
  switch (found.status) {
    case 'QUEUED':
    case 'RUNNING':
      // The signal first: should the workflow begin just now, it finds the signal or the row.
      if (found.status === RunStatus.running) await stopRun(context, id)
      await cancelUnbegun(context, id)
      return await stopIfBegun(context, id, found)
    case 'CANCELLED':
      return found
    case 'COMPLETED':
    case 'FAILED':
      throw apiError(
        ErrorCode.conflictingState,
        `The synch. run ${id} has already ended: ${found.status}. There is nothing to cancel.`,
        { status: found.status },
      )
    default:
      return assertNever(found.status)
  }
}

/** A queued run that was started at this very moment has not had the signal yet. */
async function stopIfBegun(context: ApiContext, id: string, before: SynchRun): Promise<SynchRun> {
  const now = await readRun(context, id)
  if (before.status === RunStatus.queued && now.status === RunStatus.running) await stopRun(context, id)
  return now
}

/**
 * A queued run has no workflow yet; a running one that never began may have none, where its start did not reach Temporal:
 * both end at once. One statement: either may begin meanwhile.
 */
async function cancelUnbegun(context: ApiContext, id: string): Promise<void> {
  await run(
    context.em,
    sql`update synch_run set status = ${RunStatus.cancelled}, finished_at = clock_timestamp()
        where id = ${id} and (status = ${RunStatus.queued} or (status = ${RunStatus.running} and started_at is null))`,
  )
}
