import type { EntityManager } from '@mikro-orm/postgresql'
import { ConnectorError } from '../connectors/connector.js'
import { diagnosisOf } from '../connectors/http/find-failure.js'
import { DiagnosisCode } from '../domain/diagnosis/code.js'
import { hidesTheRest, isDiagnosisCode } from '../domain/diagnosis/diagnose.js'
import { ErrorClass, type Failure } from '../domain/failure.js'
import type { Finding } from '../domain/finding.js'
import { storeCheck } from '../persistence/connection-checks.js'
import { Connection } from '../persistence/entities/connection.js'
import { Mapping } from '../persistence/entities/mapping.js'
import { mappedTables } from './check-connection.js'
import { checkSystems } from './check-systems.js'
import type { ActivityDependencies } from './dependencies.js'
import { withHeartbeat } from './failures.js'

/** A run that has stopped waits no longer for its diagnosis, in milliseconds. */
const LONGEST = 60_000
const LONGEST_EVIDENCE = 2_000

/**
 * When a run is about to stop for want of a right or of the right settings: checks the connection for what this mapping needs, and
 * gives the failure with the cause that the check names and with what it has shown. Other failures are returned as they are; so is
 * this one where the check finds nothing, or cannot be made.
 */
export async function diagnoseStop(
  dependencies: ActivityDependencies,
  error: ConnectorError,
  mappingId: string,
  runId: string,
): Promise<ConnectorError> {
  const { failure } = error
  if (failure.errorClass !== ErrorClass.permission && failure.errorClass !== ErrorClass.setup) return error
  const em = dependencies.database.em.fork()
  try {
    const findings = await withHeartbeat((_beat, signal) =>
      check(dependencies, em, mappingId, runId, AbortSignal.any([signal, AbortSignal.timeout(LONGEST)])),
    )
    const errors = findings.filter(({ severity }) => severity === 'ERROR')
    const finding = explains(failure, errors)
    if (finding === undefined) return error
    const explained = { ...failure, ...told(finding, errors) }
    return new ConnectorError(explained, error.retryAfter, error.tokenExpired, { cause: error })
  } catch (trouble) {
    // The run stops all the same, with what it knows.
    dependencies.logger.warn(
      { err: trouble, runId },
      'The connection of a run that stopped could not be checked',
    )
    return error
  }
}

async function check(
  dependencies: ActivityDependencies,
  em: EntityManager,
  mappingId: string,
  runId: string,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const mapping = await em.findOneOrFail(Mapping, { id: mappingId })
  const connection = await em.findOneOrFail(Connection, { id: mapping.connectionId })
  const mappings = await mappedTables(em, connection, [mapping])
  const findings = await checkSystems(dependencies, connection, mappings, signal)
  const checkedAt = new Date(dependencies.now())
  await storeCheck(em, { connectionId: connection.id, requestedBy: `run ${runId}`, checkedAt, findings })
  return findings
}

/** The finding that a failure is about: of the same cause and the same right, else of the same cause, else the one that hides the others. */
function explains(failure: Failure, errors: readonly Finding[]): Finding | undefined {
  const diagnosis = diagnosisOf(failure)
  const alike = errors.filter(({ code }) => code === diagnosis)
  const rights = failure.message.match(/\bprv\w+/)?.[0]
  const exact = rights === undefined ? undefined : alike.find(({ what }) => what.includes(rights))
  return (
    exact ??
    alike[0] ??
    (diagnosis === DiagnosisCode.answerUnexpected ? errors.find(hidesTheRest) : undefined)
  )
}

function told(finding: Finding, errors: readonly Finding[]): Partial<Failure> {
  const evidence = [finding, ...errors.filter((other) => other !== finding)]
    .map(({ what, evidence: shown }) => (shown === null ? what : `${what} (${shown})`))
    .join(' ')
  return {
    ...(isDiagnosisCode(finding.code) ? { diagnosis: finding.code } : {}),
    cause: finding.cause,
    remedy: finding.remedy,
    evidence: evidence.slice(0, LONGEST_EVIDENCE),
    ...(finding.correlationIds.length === 0 ? {} : { correlationIds: finding.correlationIds }),
  }
}
