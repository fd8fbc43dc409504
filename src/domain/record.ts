import type { Values } from './value.js'

/** A record as a connector read it, in canonical values. */
export interface RecordSnapshot {
  /** The system's own id: a lower-case GUID in Business Central and Dataverse, elsewhere the text of the record's key. */
  readonly id: string
  /** Opaque version: the ETag, verbatim. Equal versions mean an unchanged record. */
  readonly version: string
  /** The system's modification stamp, epoch milliseconds UTC, at that system's own resolution. */
  readonly stamp: number
  /** Exactly the fields that were read; absent is never blank. */
  readonly values: Values
}

/** What a read by id found. `forbidden`: it exists or may exist, but we may not see it; never taken for a deletion. */
export type ReadById =
  | { readonly kind: 'found'; readonly record: RecordSnapshot }
  | { readonly kind: 'gone'; readonly id: string }
  | { readonly kind: 'forbidden'; readonly id: string; readonly message: string }

/** One entry of a change feed. A tombstone is a hint: a read by id decides (engine rule 7). */
export type Change =
  | { readonly kind: 'changed'; readonly record: RecordSnapshot }
  | { readonly kind: 'tombstone'; readonly id: string }
