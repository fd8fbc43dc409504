import { DiagnosisCode, type Diagnosis } from './code.js'

/** Address, network, certificates, and what a gateway answers. */
export const WAY_THERE = {
  [DiagnosisCode.settingsInvalid]: {
    severity: 'ERROR',
    seenAs: 'The settings of the connection cannot be used, or a secret that they refer to is not there.',
    cause: 'A setting is missing or has no meaning, or a secret cannot be read.',
    remedy: 'Correct the settings that are named.',
    link: null,
  },
  [DiagnosisCode.hostNotFound]: {
    severity: 'ERROR',
    seenAs: '`ENOTFOUND`, `EAI_AGAIN`',
    cause:
      'The name of the host does not resolve: the address is wrong, the environment is deleted or asleep, or name resolution is down here.',
    remedy: 'Check the address of the connection, then the network and name resolution of this machine.',
    link: null,
  },
  [DiagnosisCode.hostUnreachable]: {
    severity: 'ERROR',
    seenAs: '`ECONNREFUSED`, `EHOSTUNREACH`, `ENETUNREACH`, no connection in time',
    cause: 'Nobody listens at the address, or something between here and there blocks the way.',
    remedy: 'Check the port of the address, that the service runs, and firewalls and proxies on the way.',
    link: null,
  },
  [DiagnosisCode.connectionLost]: {
    severity: 'ERROR',
    seenAs: '`ECONNRESET`, the connection ends without an answer',
    cause: 'The connection was cut while a request was under way.',
    remedy: 'Check again. If it lasts, look at proxies on the way and at the state of the service.',
    link: null,
  },
  [DiagnosisCode.noAnswerInTime]: {
    severity: 'ERROR',
    seenAs: 'No answer within the request timeout of the connection',
    cause: 'The service took longer than the request timeout of the connection.',
    remedy: 'Look at the load of the service, or raise the request timeout of the connection.',
    link: null,
  },
  [DiagnosisCode.serverCertificateExpired]: {
    severity: 'ERROR',
    seenAs: '`CERT_HAS_EXPIRED`, `CERT_NOT_YET_VALID`',
    cause: "The server's certificate is outside the time for which it is valid, or the clock here is wrong.",
    remedy: "Renew the server's certificate, or set the clock of this machine.",
    link: null,
  },
  [DiagnosisCode.serverCertificateSelfSigned]: {
    severity: 'ERROR',
    seenAs: '`DEPTH_ZERO_SELF_SIGNED_CERT`, `SELF_SIGNED_CERT_IN_CHAIN`',
    cause:
      "The server's certificate was signed by itself or by an authority that this machine does not know.",
    remedy:
      'Enter the certificate of that authority in the connection (certificateAuthorities), or give the server a certificate of a known one.',
    link: null,
  },
  [DiagnosisCode.serverCertificateWrongHost]: {
    severity: 'ERROR',
    seenAs: '`ERR_TLS_CERT_ALTNAME_INVALID`',
    cause: "The server's certificate is for another name than the one in the address.",
    remedy: 'Use the name that the certificate is for, or give the server a certificate for this name.',
    link: null,
  },
  [DiagnosisCode.serverCertificateUntrusted]: {
    severity: 'ERROR',
    seenAs: '`UNABLE_TO_VERIFY_LEAF_SIGNATURE`, `UNABLE_TO_GET_ISSUER_CERT_LOCALLY`, other `CERT_...`',
    cause: "The chain of the server's certificate is incomplete, or its authority is not trusted here.",
    remedy:
      'Have the server send its intermediate certificates, or enter the authority in the connection (certificateAuthorities).',
    link: null,
  },
  [DiagnosisCode.tlsFailed]: {
    severity: 'ERROR',
    seenAs: '`EPROTO`, `ERR_SSL_...`',
    cause: 'No encrypted connection came about: the port speaks no TLS, or only versions that are refused.',
    remedy: 'Check the port of the address, and that the server offers TLS 1.2 or later.',
    link: null,
  },
  [DiagnosisCode.addressWrong]: {
    severity: 'ERROR',
    seenAs: '404 or a redirect where the service should be',
    cause: 'The address has no such service: it is wrong, or the environment was deleted or renamed.',
    remedy:
      'Check the address of the connection; it ends in /api/v2.0 for Business Central, in /api/data/v9.2 for Dataverse.',
    link: null,
  },
  [DiagnosisCode.serviceThrottles]: {
    severity: 'WARNING',
    seenAs: '429; Dataverse `0x80072322`, `0x80072321`, `0x80072326`; `Application_TooManyRequests`',
    cause:
      'The limits of this user are reached: requests, execution time or requests at once. Integrations that share an application count together.',
    remedy: 'Wait. If it lasts, give each integration an application registration of its own.',
    link: 'https://learn.microsoft.com/power-apps/developer/data-platform/api-limits',
  },
  [DiagnosisCode.serviceUnavailable]: {
    severity: 'ERROR',
    seenAs: '500, 502, 503, 504; `Internal_TenantUnavailable`',
    cause: 'The service, or a gateway before it, cannot serve requests at the moment.',
    remedy: 'Wait and check again. If it lasts, look at the state of the environment in the admin center.',
    link: null,
  },
  [DiagnosisCode.answerUnexpected]: {
    severity: 'ERROR',
    seenAs: 'An answer that is none of these',
    cause: 'The service answered in a way that is not known.',
    remedy: 'Hand the evidence and the correlation ids to the support of the service.',
    link: null,
  },
  [DiagnosisCode.partNotExamined]: {
    severity: 'WARNING',
    seenAs: 'A part of the check was refused, or had no answer',
    cause: 'What the part would have shown is not known; synchronizing itself may work all the same.',
    remedy: 'Mend what the evidence says, then check again.',
    link: null,
  },
} as const satisfies Partial<Record<DiagnosisCode, Diagnosis>>
