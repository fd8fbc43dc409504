import type { CorrelationId, Finding } from '../finding.js'
import type { Side } from '../value.js'
import { BUSINESS_CENTRAL } from './business-central.js'
import { DiagnosisCode, type Diagnosis } from './code.js'
import { DATAVERSE } from './dataverse.js'
import { MAPPED } from './mapped.js'
import { ODATA } from './odata.js'
import { POSTGRESQL, POSTGRESQL_SIGN_IN } from './postgresql.js'
import { SIGN_IN } from './sign-in.js'
import { WAY_THERE } from './way-there.js'

/** Every cause with its words. The page docs/setup-errors.md shows them; a test compares the two. */
export const DIAGNOSES: Readonly<Record<DiagnosisCode, Diagnosis>> = {
  ...WAY_THERE,
  ...SIGN_IN,
  ...DATAVERSE,
  ...BUSINESS_CENTRAL,
  ...POSTGRESQL,
  ...ODATA,
  ...MAPPED,
}

/** What was found in one place; what it leaves out is said in the words of the cause. */
export interface Found {
  /** One sentence. */
  readonly what: string
  readonly side?: Side
  readonly severity?: Finding['severity']
  readonly cause?: string
  readonly remedy?: string
  readonly evidence?: string | null
  readonly correlationIds?: readonly CorrelationId[]
  /** Null: none, though the cause has one. */
  readonly link?: string | null
}

/** A finding in the words of its cause. */
export function diagnose(code: DiagnosisCode, found: Found): Finding {
  const { severity, cause, remedy, link } = DIAGNOSES[code]
  return {
    code,
    severity: found.severity ?? severity,
    side: found.side ?? null,
    what: found.what,
    cause: found.cause ?? cause,
    remedy: found.remedy ?? remedy,
    evidence: found.evidence ?? null,
    correlationIds: found.correlationIds ?? [],
    link: found.link === undefined ? link : found.link,
  }
}

/** Name, cause and remedy of a cause, as a failure carries them. */
export function explained(code: DiagnosisCode): {
  readonly diagnosis: DiagnosisCode
  readonly cause: string
  readonly remedy: string
} {
  const { cause, remedy } = DIAGNOSES[code]
  return { diagnosis: code, cause, remedy }
}

export function isDiagnosisCode(text: string): text is DiagnosisCode {
  return text in DIAGNOSES
}

const OF_ONE_REQUEST: readonly string[] = [DiagnosisCode.answerUnexpected, DiagnosisCode.serviceThrottles]
const OF_THE_WHOLE_SYSTEM: readonly string[] = [
  DiagnosisCode.tokenNotAccepted,
  DiagnosisCode.notAMember,
  DiagnosisCode.systemUserDisabled,
  DiagnosisCode.noSecurityRole,
  DiagnosisCode.userNotLicensed,
  DiagnosisCode.administrationMode,
  DiagnosisCode.applicationNotAccepted,
  DiagnosisCode.loginRefused,
  DiagnosisCode.environmentUnknown,
  DiagnosisCode.companyUnknown,
  DiagnosisCode.companyNotVisible,
  DiagnosisCode.companyNotChosen,
  DiagnosisCode.apiServicesOff,
  DiagnosisCode.dataUpgradePending,
  DiagnosisCode.customApiMissing,
  DiagnosisCode.standby,
]

/** Whether nothing else can be asked of the system while this lasts, so that further findings would only repeat it. */
export function hidesTheRest({ code, severity }: Finding): boolean {
  if (code === DiagnosisCode.signInThrottled) return true
  if (severity !== 'ERROR' || OF_ONE_REQUEST.includes(code)) return false
  return (
    code in WAY_THERE || code in SIGN_IN || code in POSTGRESQL_SIGN_IN || OF_THE_WHOLE_SYSTEM.includes(code)
  )
}
