import { ConnectionCheck } from '../../persistence/entities/connection-check.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { systemFailure } from '../system-failure.js'

/** How long an answer waits for a check, milliseconds. */
const LONGEST_WAIT = 25_000

/**
 * Has a worker check a connection, enabled or not, and gives what it found; nothing is changed in either system. Throws
 * ENGINE_UNAVAILABLE where Temporal cannot be reached or no worker has checked in time, SYSTEM_FAILURE where the check itself failed.
 */
export async function checkConnection(
  context: ApiContext,
  connectionId: string,
  requestedBy: string,
): Promise<ConnectionCheck> {
  const result = await ask(context, connectionId, requestedBy)
  if (result === null) {
    throw apiError(
      ErrorCode.engineUnavailable,
      `No worker has checked the connection within ${LONGEST_WAIT / 1000} seconds. Start a worker if none runs; the check goes on, and is shown as the last one of the connection when it is done.`,
    )
  }
  if (result.failure !== null) throw systemFailure(result.failure)
  const check = await context.em.findOne(
    ConnectionCheck,
    { id: result.checkId ?? '' },
    { disableIdentityMap: true },
  )
  if (check !== null) return check
  throw apiError(ErrorCode.notFound, 'The connection was deleted meanwhile.')
}

/** Whether a check speaks against enabling a connection. */
export function hasErrors(check: Pick<ConnectionCheck, 'findings'>): boolean {
  return check.findings.some(({ severity }) => severity === 'ERROR')
}

async function ask(context: ApiContext, connectionId: string, requestedBy: string) {
  try {
    return await context.connectionChecker.check({ connectionId, requestedBy }, LONGEST_WAIT)
  } catch (error) {
    context.logger.error({ err: error }, 'Temporal could not be reached')
    throw apiError(
      ErrorCode.engineUnavailable,
      'Temporal cannot be reached, so no worker can check the connection. Start Temporal and a worker, then ask again.',
    )
  }
}
