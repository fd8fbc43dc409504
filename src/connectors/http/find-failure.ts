import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { diagnose } from '../../domain/diagnosis/diagnose.js'
import type { Failure } from '../../domain/failure.js'
import type { Finding } from '../../domain/finding.js'
import { ConnectorError } from '../connector.js'

/** Codes of Node, of OpenSSL and of undici for what keeps an answer from coming. The first that fits decides. */
const TRANSPORT: readonly (readonly [codes: RegExp, diagnosis: DiagnosisCode])[] = [
  [/^(ENOTFOUND|EAI_\w+)$/, DiagnosisCode.hostNotFound],
  [
    /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/,
    DiagnosisCode.hostUnreachable,
  ],
  [/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/, DiagnosisCode.serverCertificateExpired],
  [/SELF_SIGNED_CERT/, DiagnosisCode.serverCertificateSelfSigned],
  [/^ERR_TLS_CERT_ALTNAME/, DiagnosisCode.serverCertificateWrongHost],
  [/^(CERT_|UNABLE_TO_(GET|VERIFY)_)/, DiagnosisCode.serverCertificateUntrusted],
  [/^(EPROTO|ERR_SSL_|ERR_TLS_)/, DiagnosisCode.tlsFailed],
  [/^(ECONNRESET|EPIPE|UND_ERR_)/, DiagnosisCode.connectionLost],
]

/** The cause of a failure of the whole system: the one that it names, else what its code, status and class tell. */
export function diagnosisOf(failure: Failure): DiagnosisCode {
  if (failure.diagnosis !== undefined) return failure.diagnosis
  const { code = '', status, errorClass } = failure
  const transport = TRANSPORT.find(([codes]) => codes.test(code))?.[1]
  if (status === undefined && transport !== undefined) return transport
  if (errorClass === 'THROTTLED') return DiagnosisCode.serviceThrottles
  if (errorClass === 'UNAVAILABLE')
    return status === undefined ? DiagnosisCode.noAnswerInTime : DiagnosisCode.serviceUnavailable
  return DiagnosisCode.answerUnexpected
}

/** A failure of the whole system as a finding, with what the failure itself knows better than the words of its cause. */
export function findingOfFailure(failure: Failure): Finding {
  const code = diagnosisOf(failure)
  const answered = [failure.status === undefined ? '' : `HTTP ${failure.status}`, failure.code ?? '']
    .filter(Boolean)
    .join(' ')
  const isKnown = code !== DiagnosisCode.answerUnexpected
  return diagnose(code, {
    what: failure.message,
    ...(isKnown && failure.diagnosis === undefined ? {} : { cause: failure.cause, remedy: failure.remedy }),
    evidence: answered === '' ? null : answered,
    ...(failure.correlationIds === undefined ? {} : { correlationIds: failure.correlationIds }),
  })
}

/** What a step found, or the failure that ended it. Throws what is no {@link ConnectorError}. */
export async function attempt<Result>(
  step: () => Promise<Result>,
): Promise<{ readonly result: Result } | { readonly failure: Failure }> {
  try {
    return { result: await step() }
  } catch (error) {
    if (error instanceof ConnectorError) return { failure: error.failure }
    throw error
  }
}

/** A part of a check that the system did not allow: nothing is wrong for certain, and it was not looked at. */
export function notExamined(what: string, failure: Failure): Finding {
  const { code, cause, remedy, evidence, correlationIds } = findingOfFailure(failure)
  return diagnose(DiagnosisCode.partNotExamined, {
    what: `${what} ${failure.message}`,
    ...(code === DiagnosisCode.answerUnexpected ? {} : { cause, remedy }),
    evidence,
    correlationIds,
  })
}
