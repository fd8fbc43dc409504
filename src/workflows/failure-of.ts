import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow'
import type { Failure } from '../domain/failure.js'

/** The failure that an activity gave up with; null for anything that is not an activity's failure. */
export function failureOf(error: unknown): Failure | null {
  if (isCancellation(error)) return null
  if (!(error instanceof ActivityFailure)) return null
  const cause = error.cause
  if (cause instanceof ApplicationFailure) {
    const [detail] = cause.details ?? []
    if (detail !== undefined) return detail as Failure
  }
  return {
    errorClass: 'UNEXPECTED',
    message: `The step ${error.activityType} failed: ${cause?.message ?? error.message}`,
    cause: 'Accord met a situation that it does not know.',
    remedy: 'Try again. If it fails again, report it with the text above and the log of the worker.',
  }
}
