import type { CorrelationId, Finding } from '../domain/finding.js'
import type { Failure } from '../domain/failure.js'
import { ConnectorError, type Connector } from './connector.js'

/** Whether the system answers at all to who we are: its clock is read, the cheapest call there is. Null: it does. */
export async function checkReach(connector: Pick<Connector, 'readClock'>): Promise<Finding | null> {
  try {
    await connector.readClock()
    return null
  } catch (error) {
    if (error instanceof ConnectorError) return findingOf(error.failure)
    throw error
  }
}

/** A failure of the system as a finding. `code`: the class of the failure where no narrower cause is known. */
export function findingOf(
  failure: Failure,
  code: string = failure.errorClass,
  correlationIds: readonly CorrelationId[] = [],
): Finding {
  const { message, cause, remedy, status } = failure
  const answered = [status === undefined ? '' : `HTTP ${status}`, failure.code ?? '']
    .filter(Boolean)
    .join(' ')
  return {
    code,
    severity: 'ERROR',
    side: null,
    what: message,
    cause,
    remedy,
    evidence: answered === '' ? null : answered,
    correlationIds,
    link: null,
  }
}
