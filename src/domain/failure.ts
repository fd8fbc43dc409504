import type { DiagnosisCode } from './diagnosis/code.js'
import type { CorrelationId } from './finding.js'
import { createFingerprintText } from './fingerprint.js'
import type { Side } from './value.js'

/** The closed classes of failures (engine rule 6). */
export const ErrorClass = {
  conflict: 'CONFLICT',
  deletedRecord: 'DELETED_RECORD',
  dependencyMissing: 'DEPENDENCY_MISSING',
  validation: 'VALIDATION',
  duplicate: 'DUPLICATE',
  permission: 'PERMISSION',
  setup: 'SETUP',
  throttled: 'THROTTLED',
  unavailable: 'UNAVAILABLE',
  ambiguousMatch: 'AMBIGUOUS_MATCH',
  unexpected: 'UNEXPECTED',
} as const
export type ErrorClass = (typeof ErrorClass)[keyof typeof ErrorClass]

/** The class that a record is skipped for; what is none of them is unexpected. */
export function errorClassOf(reason: string): ErrorClass {
  return Object.values(ErrorClass).find((errorClass) => errorClass === reason) ?? ErrorClass.unexpected
}

export const ResolvableBy = { user: 'USER', administrator: 'ADMINISTRATOR' } as const
export type ResolvableBy = (typeof ResolvableBy)[keyof typeof ResolvableBy]

/** A failure of one record or of a whole pass, in words a person can act on. JSON-safe. */
export interface Failure {
  readonly errorClass: ErrorClass
  /** What happened, one sentence. */
  readonly message: string
  /** Why, one or two sentences. */
  readonly cause: string
  /** What to do, one or two sentences. */
  readonly remedy: string
  /** The field at fault, where one is known. */
  readonly field?: string
  /** The system's own error code and HTTP status, for the log. */
  readonly code?: string
  readonly status?: number
  /** The cause by its stable name, where a check of the connection would name it. */
  readonly diagnosis?: DiagnosisCode
  /** What the systems answered, as far as it proves the cause; without secrets. */
  readonly evidence?: string
  readonly correlationIds?: readonly CorrelationId[]
  /** `dependencyMissing`: the record of `side` that has to be coupled in one of these mappings first. */
  readonly waitsFor?: { readonly mappings: readonly string[]; readonly side: Side; readonly id: string }
}

const RESOLVABLE_BY: Record<ErrorClass, ResolvableBy> = {
  CONFLICT: 'USER',
  DELETED_RECORD: 'USER',
  DEPENDENCY_MISSING: 'USER',
  VALIDATION: 'USER',
  DUPLICATE: 'USER',
  AMBIGUOUS_MATCH: 'USER',
  PERMISSION: 'ADMINISTRATOR',
  SETUP: 'ADMINISTRATOR',
  THROTTLED: 'ADMINISTRATOR',
  UNAVAILABLE: 'ADMINISTRATOR',
  UNEXPECTED: 'ADMINISTRATOR',
}

export function resolvableBy(errorClass: ErrorClass): ResolvableBy {
  return RESOLVABLE_BY[errorClass]
}

/** Same class, table, field and text without ids and times: the same root cause (engine rule 6). */
export function fingerprintOf(failure: Failure, table: string): string {
  return [failure.errorClass, table, failure.field ?? '', createFingerprintText(failure.message)].join('|')
}
