import type { ConflictDetail } from './conflict.js'
import type { Failure } from './failure.js'
import type { PassDirection } from './mapping.js'
import type { Side, Value, Values } from './value.js'

/** Rows of the decision table in SPEC.md; `forced`, `resolved`, `merged` and `given` are a person's, `coupling` those of match-based coupling. */
export type Row =
  | 1
  | 2
  | 3
  | 4
  | 5
  | 6
  | 7
  | 8
  | 9
  | 10
  | 11
  | 12
  | 13
  | 14
  | 15
  | 16
  | 17
  | 18
  | 'forced'
  | 'resolved'
  | 'merged'
  | 'coupling'
  | 'given'

export const IgnoredReason = {
  deletedAtSource: 'DELETED_AT_SOURCE',
  outOfFilter: 'OUT_OF_FILTER',
  notCoupled: 'NOT_COUPLED',
  /** Match-based coupling leaves coupled records alone. */
  alreadyCoupled: 'ALREADY_COUPLED',
  /** Another mapping of the connection has coupled the record: one record has one partner. */
  coupledElsewhere: 'COUPLED_ELSEWHERE',
  /** Another run or person works on the record, or an earlier write's outcome is not known yet; it stays pending. */
  busy: 'BUSY',
  /** A plan is carried out, and the record is no longer as it was planned. */
  changedSincePlan: 'CHANGED_SINCE_PLAN',
  /** One of too many deletions at once: a person allows or rejects them. */
  deletionReview: 'DELETION_REVIEW',
} as const
export type IgnoredReason = (typeof IgnoredReason)[keyof typeof IgnoredReason]

/**
 * A value that was overwritten and stands nowhere else: its side had changed it, or the sides had never agreed on it. Kept
 * in the history.
 */
export interface LostValue {
  readonly side: Side
  readonly field: string
  readonly value: Value
  readonly replacedBy: Value
}

/** Field values to write per side, by that side's own field names; conditional on the versions compared. */
export interface Writes {
  readonly local: Values | null
  readonly integration: Values | null
}

/**
 * The one outcome of one record in one pass. `partner`: couple the source with this free record of the other side first
 * (row 8); it belongs to the outcome whatever else it says.
 */
export type Decision = { readonly row: Row; readonly partner: string | null } & Outcome

export type Outcome =
  | { readonly outcome: 'deleted' }
  /** Resolve Deletion Conflicts, Restore records: created anew on `side` with these values, and coupled. Counted Inserted. */
  | { readonly outcome: 'restored'; readonly side: Side; readonly values: Values }
  /** Resolve Deletion Conflicts, Delete coupling: the survivor stays as it is. Counted Deleted. */
  | { readonly outcome: 'uncoupled' }
  /**
   * Resolve Deletion Conflicts, Delete the other record: the survivor on `side` is deleted, on condition that it is still at
   * `version`; the coupling goes. Counted Deleted.
   */
  | { readonly outcome: 'deletedOther'; readonly side: Side; readonly version: string }
  | { readonly outcome: 'skipped' }
  | { readonly outcome: 'ignored'; readonly reason: IgnoredReason }
  | { readonly outcome: 'failed'; readonly failure: Failure }
  | { readonly outcome: 'conflict'; readonly failure: Failure; readonly detail: ConflictDetail }
  /** Match-based coupling found no free partner and creates none: told, and left as it is. Counted Failed. */
  | { readonly outcome: 'unmatched'; readonly failure: Failure }
  | { readonly outcome: 'inserted'; readonly values: Values }
  /** Coupled with `partner`; first contact is left to the next run. Counted Unchanged. */
  | { readonly outcome: 'coupled' }
  | { readonly outcome: 'modified'; readonly writes: Writes; readonly lost: readonly LostValue[] }
  /**
   * `refresh`: stamps, versions and base take what was read. `pendingFor`: the other pass must look at the record, even
   * if it has handled that version before (row 18).
   */
  | { readonly outcome: 'unchanged'; readonly refresh: boolean; readonly pendingFor: PassDirection | null }
  /** A person's synchronisation would overwrite an edit of the destination: nothing is written, he is told. */
  | { readonly outcome: 'destinationChanged'; readonly detail: ConflictDetail }
  /** A person's choice was made on values that no longer stand: nothing is written, he is shown the new state. */
  | { readonly outcome: 'changedSince'; readonly detail: ConflictDetail }
