/** What is done with many errors at once. */
export const BulkErrorAction = {
  retryNow: 'RETRY_NOW',
  retryWithBackOff: 'RETRY_WITH_BACK_OFF',
  skip: 'SKIP',
  assign: 'ASSIGN',
  resolve: 'RESOLVE',
} as const
export type BulkErrorAction = (typeof BulkErrorAction)[keyof typeof BulkErrorAction]

/** What is done with many skipped synch. records at once. */
export const BulkSettlement = {
  keepLocal: 'KEEP_LOCAL',
  keepIntegration: 'KEEP_INTEGRATION',
  merge: 'MERGE',
  keepFields: 'KEEP_FIELDS',
  asRecommended: 'AS_RECOMMENDED',
  retry: 'RETRY',
  restoreRecords: 'RESTORE_RECORDS',
  deleteRecords: 'DELETE_RECORDS',
  deleteCouplings: 'DELETE_COUPLINGS',
} as const
export type BulkSettlement = (typeof BulkSettlement)[keyof typeof BulkSettlement]

export const BulkActionKind = { ...BulkErrorAction, ...BulkSettlement } as const
export type BulkActionKind = (typeof BulkActionKind)[keyof typeof BulkActionKind]

export const BulkActionStatus = {
  running: 'RUNNING',
  completed: 'COMPLETED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
} as const
export type BulkActionStatus = (typeof BulkActionStatus)[keyof typeof BulkActionStatus]

const SETTLEMENTS: ReadonlySet<string> = new Set(Object.values(BulkSettlement))

/** Whether it is about skipped synch. records; else it is about errors. */
export function isSettlement(kind: BulkActionKind): kind is BulkSettlement {
  return SETTLEMENTS.has(kind)
}

/** What became of one error, or one skipped synch. record, of a bulk action. */
export const BulkOutcome = {
  succeeded: 'SUCCEEDED',
  /** There was nothing to do (any more). */
  unchanged: 'UNCHANGED',
  /** Of a skipped synch. record: it is no longer as it was when the action was asked for, so it was left alone. */
  changedSince: 'CHANGED_SINCE',
  failed: 'FAILED',
} as const
export type BulkOutcome = (typeof BulkOutcome)[keyof typeof BulkOutcome]

/** Errors, or skipped synch. records, that one step of a bulk action takes: what one run is asked to do. */
export const BULK_PAGE = 2_000

/** The public name of a bulk action's workflow. Changing it needs an ADR and a replay test. */
export function bulkActionWorkflowIdOf(id: string): string {
  return `bulk-action/${id}`
}
