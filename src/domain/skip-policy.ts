import { ErrorClass } from './failure.js'
import type { PendingReason, RecordStatus } from './run.js'

/** What follows a record's failure (engine rule 6). `waitRuns`: runs of the mapping to let pass before the next attempt. */
export interface AfterFailure {
  readonly state: RecordStatus
  readonly attempts: number
  readonly waitRuns: number
}

/** Classes that only a person lifts: skipped at once. */
const SKIPPED_AT_ONCE: ReadonlySet<ErrorClass> = new Set([ErrorClass.conflict, ErrorClass.deletedRecord])

/** Classes that heal by themselves once something else is done: pending for as long as it takes. */
const NEVER_SKIPPED: ReadonlySet<ErrorClass> = new Set([
  ErrorClass.dependencyMissing,
  ErrorClass.permission,
  ErrorClass.setup,
  ErrorClass.throttled,
  ErrorClass.unavailable,
])

/**
 * Decides between pending and skipped. `attempts`: failures before this one. The wait doubles by run: 1, 2, 4, 8; after
 * `maximumAttempts` failures the record is skipped.
 */
export function afterFailure(
  errorClass: ErrorClass,
  attempts: number,
  maximumAttempts: number,
): AfterFailure {
  if (SKIPPED_AT_ONCE.has(errorClass)) return { state: 'SKIPPED', attempts: attempts + 1, waitRuns: 0 }
  if (NEVER_SKIPPED.has(errorClass)) return { state: 'PENDING', attempts: attempts + 1, waitRuns: 1 }
  const made = attempts + 1
  if (made >= maximumAttempts) return { state: 'SKIPPED', attempts: made, waitRuns: 0 }
  return { state: 'PENDING', attempts: made, waitRuns: 2 ** attempts }
}

/** Whether a pending reason counts as a retry when the record is looked at again. */
export function isRetry(reason: PendingReason | ErrorClass): boolean {
  return reason in ERROR_CLASSES || reason === 'RETRY'
}

const ERROR_CLASSES: Readonly<Record<string, true>> = Object.fromEntries(
  Object.values(ErrorClass).map((value) => [value, true]),
)
