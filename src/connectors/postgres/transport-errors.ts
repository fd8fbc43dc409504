import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { explained } from '../../domain/diagnosis/diagnose.js'
import type { Failure } from '../../domain/failure.js'

interface Reason {
  readonly diagnosis: DiagnosisCode
  readonly cause: string
  readonly remedy: string
}

/** What the driver says, by its code or its words, where no answer of the server came. The first that fits holds. */
const REASONS: readonly (readonly [says: RegExp, isSetup: boolean, reason: Reason])[] = [
  [
    /^ECONNREFUSED/,
    false,
    {
      diagnosis: DiagnosisCode.hostUnreachable,
      cause: 'Nothing listens at that address and port.',
      remedy: 'Start the server, or correct host and port in the settings of the connection.',
    },
  ],
  [
    /^ENOTFOUND|^EAI_/,
    true,
    {
      diagnosis: DiagnosisCode.hostNotFound,
      cause: 'The name of the host is not known here.',
      remedy: 'Correct host in the settings of the connection.',
    },
  ],
  [/does not support SSL/i, true, explained(DiagnosisCode.tlsNotOffered)],
  [/^CERT_HAS_EXPIRED|^CERT_NOT_YET_VALID/, true, explained(DiagnosisCode.serverCertificateExpired)],
  [/SELF_SIGNED_CERT/, true, explained(DiagnosisCode.serverCertificateSelfSigned)],
  [/^ERR_TLS_CERT_ALTNAME/, true, explained(DiagnosisCode.serverCertificateWrongHost)],
  [/^CERT_|^UNABLE_TO_|certificate/i, true, explained(DiagnosisCode.serverCertificateUntrusted)],
  [/^EPROTO|^ERR_SSL_|^ERR_TLS_|SSL|TLS/, true, explained(DiagnosisCode.tlsFailed)],
  [
    /SASL|password/i,
    true,
    {
      diagnosis: DiagnosisCode.credentialsWrong,
      cause: 'The server asks for a password, and the connection has none or one that cannot be used.',
      remedy:
        'Give the connection the password of the role (--secret local.password or integration.password).',
    },
  ],
  [
    /^EHOSTUNREACH|^ENETUNREACH|^ETIMEDOUT|timeout exceeded when trying to connect/,
    false,
    explained(DiagnosisCode.hostUnreachable),
  ],
  [
    /timeout|timed out/i,
    false,
    {
      diagnosis: DiagnosisCode.noAnswerInTime,
      cause: 'The server did not answer in time.',
      remedy: 'It is tried again. If it lasts, look at the load of the server, or raise requestTimeout.',
    },
  ],
]

const BROKEN: Reason = {
  diagnosis: DiagnosisCode.connectionLost,
  cause: 'The server could not be reached, or the line to it broke.',
  remedy: 'It is tried again. If it lasts, look at the network and at the log of the server.',
}

/** The failure of an error that is no answer of the server. */
export function transportFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message || codeOf(error) : String(error)
  const code = codeOf(error)
  const known = REASONS.find(([says]) => says.test(code) || says.test(message))
  const [, isSetup, reason] = known ?? [null, false, BROKEN]
  return {
    errorClass: isSetup ? 'SETUP' : 'UNAVAILABLE',
    message: `PostgreSQL cannot be reached: ${sentence(message)}`,
    ...reason,
    ...(code === '' ? {} : { code }),
  }
}

export function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' ? code : ''
}

export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
