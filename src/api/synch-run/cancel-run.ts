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
  if (await cancelQueued(context, id)) return readRun(context, id)
  const found = await readRun(context, id)
  switch (found.status) {
    case 'QUEUED':
    case 'RUNNING':
      await stopRun(context, id)
      return readRun(context, id)
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

/** A queued run has no workflow yet. One statement: it may be started at this very moment. */
async function cancelQueued(context: ApiContext, id: string): Promise<boolean> {
  const rows = await run(
    context.em,
    sql`update synch_run set status = ${RunStatus.cancelled}, finished_at = clock_timestamp()
        where id = ${id} and status = ${RunStatus.queued} returning id`,
  )
  return rows.length > 0
}
