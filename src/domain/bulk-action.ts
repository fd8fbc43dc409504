/** What is done with many errors at once. */
export const BulkActionKind = {
  retryNow: 'RETRY_NOW',
  retryWithBackOff: 'RETRY_WITH_BACK_OFF',
  skip: 'SKIP',
  assign: 'ASSIGN',
  resolve: 'RESOLVE',
} as const
export type BulkActionKind = (typeof BulkActionKind)[keyof typeof BulkActionKind]

export const BulkActionStatus = {
  running: 'RUNNING',
  completed: 'COMPLETED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
} as const
export type BulkActionStatus = (typeof BulkActionStatus)[keyof typeof BulkActionStatus]

/** What became of one error of a bulk action. */
export const BulkOutcome = {
  succeeded: 'SUCCEEDED',
  /** There was nothing to do (any more). */
  unchanged: 'UNCHANGED',
  failed: 'FAILED',
} as const
export type BulkOutcome = (typeof BulkOutcome)[keyof typeof BulkOutcome]

/** Errors that one step of a bulk action takes; those of a retry are the records of one run. */
export const BULK_PAGE = 2_000

/** The public name of a bulk action's workflow. Changing it needs an ADR and a replay test. */
export function bulkActionWorkflowIdOf(id: string): string {
  return `bulk-action/${id}`
}
