import type { Coupling } from '../domain/coupling.js'
import type { Decision, IgnoredReason, Row } from '../domain/decision.js'
import type { FlapState } from '../domain/flap.js'
import type { RecordSnapshot } from '../domain/record.js'
import type { ErrorClass, Failure } from '../domain/failure.js'
import type { PassDirection } from '../domain/mapping.js'
import type { PendingReason } from '../domain/run.js'
import type { UndoPlan } from '../domain/undo.js'
import type { Side } from '../domain/value.js'

/** A source record of a page as it was read. */
export interface PageRow {
  readonly id: string
  readonly read:
    | { readonly kind: 'found'; readonly record: RecordSnapshot }
    /** A tombstone, or missing by id: the record may be gone; a read by id decides. */
    | { readonly kind: 'gone' }
    | { readonly kind: 'forbidden'; readonly message: string }
  /** `changed`: from the feed; `pending`: from the states; `chosen`: named by a person's run; `deletion`: to be decided last. */
  readonly origin: 'changed' | 'pending' | 'chosen' | 'deletion'
}

/** Where the next page begins. Kept with the page; never in Temporal. */
export type PagePosition =
  | { readonly phase: 'pending'; readonly after: string | null }
  /** Rows of a watermark set back by hand on a tracked table, read once besides the token. */
  | { readonly phase: 'extra'; readonly next: string | null }
  /** `fresh`: the read began without a token, so the token it ends with covers today's fields. */
  | { readonly phase: 'changed'; readonly next: string | null; readonly fresh: boolean }
  | { readonly phase: 'chosen'; readonly offset: number }
  /** Deletions found, once everything else of the pass is recorded. */
  | { readonly phase: 'deletions'; readonly after: string | null }

/** A decision of the table, or one of the engine's own: the record is someone else's at the moment. */
export type EngineDecision =
  | Decision
  | {
      readonly row: 'busy'
      readonly partner: null
      readonly outcome: 'ignored'
      readonly reason: typeof IgnoredReason.busy
    }
  /** Not as it was planned: left alone. */
  | {
      readonly row: 'refused'
      readonly partner: null
      readonly outcome: 'ignored'
      readonly reason: typeof IgnoredReason.changedSincePlan
    }
  /** One side is gone: noted, uncounted, and decided at the end of a pass, when it is known how many there are. */
  | { readonly row: Row; readonly partner: null; readonly outcome: 'deferred'; readonly gone: Side }
  /** A person's action does not fit the record as it is now: nothing is done, he is told. */
  | {
      readonly row: Row
      readonly partner: null
      readonly outcome: 'notApplicable'
      readonly message: string
      /** He asked about records as they are no longer. */
      readonly changedSince?: true
    }
  /** Earlier writes to the pass's destination are undone. */
  | { readonly row: 'undone'; readonly partner: null; readonly outcome: 'undone'; readonly plan: UndoPlan }
  /** It waits for the review of deletions. */
  | {
      readonly row: Row
      readonly partner: null
      readonly outcome: 'ignored'
      readonly reason: typeof IgnoredReason.deletionReview
    }

/** A source record with all that was known when it was decided, and what its writes brought. */
export interface DecidedRow {
  readonly sourceId: string
  readonly origin: PageRow['origin']
  readonly source: RecordSnapshot | null
  readonly destination: RecordSnapshot | null
  readonly destinationId: string | null
  readonly couplingId: string | null
  readonly couplingRevision: number | null
  readonly coupling: Coupling | null
  /** The state the record had: its attempts count on. */
  readonly state: {
    readonly id: string
    readonly attempts: number
    readonly reason: PendingReason | ErrorClass
    readonly skipped: boolean
    /** The pass that was to look at it; null: any. */
    readonly direction: PassDirection | null
  } | null
  readonly decision: EngineDecision
  /** Set by writeChanges: the records as the systems hold them after our writes. */
  readonly written: {
    readonly source: RecordSnapshot | null
    readonly destination: RecordSnapshot | null
  } | null
  /** Set by writeChanges: the system refused the write. */
  readonly refused: Failure | null
  readonly intentIds: readonly string[]
  /** Of a run that undoes: the writes of this record that it was asked to undo. */
  readonly undoes?: readonly string[]
  /** What the coupling has to remember of rounds of edits once this is recorded; left out: what it remembers. */
  readonly flap?: FlapState | null
  /** Set where the pair was named or is repaired: couplings that give way to it in the transaction that makes it. */
  readonly replaces?: readonly string[]
}

/** Pages of decisions are stored with their rows in order. */
export interface DecidedPage {
  readonly rows: readonly DecidedRow[]
}

/** A person's action does not fit: he is told why. */
export function notApplicable(message: string): EngineDecision {
  return { row: 'given', partner: null, outcome: 'notApplicable', message }
}

export function busy(): EngineDecision {
  return { row: 'busy', partner: null, outcome: 'ignored', reason: 'BUSY' }
}
