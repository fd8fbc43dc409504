import type { Side, Value } from './value.js'

/** The versions a person saw, per side; null where he did not say. */
export interface SeenVersions {
  readonly local: string | null
  readonly integration: string | null
}

/** The versions a person saw and the mapped values that were shown with them; undefined: not known (any more). */
export interface SeenState {
  readonly versions: SeenVersions
  readonly values: Readonly<
    Record<string, { readonly local: Value | undefined; readonly integration: Value | undefined }>
  >
}

/** What a person wants of one field: a side's value, or one of his own, told as the local field would hold it. */
export type FieldChoice = { readonly keep: Side } | { readonly value: Value }

/**
 * Which changes of a skipped synch. record a person keeps. `fields` are by name of the field mapping; a field he does not
 * name keeps what one side alone changed.
 */
export type ResolveChoice =
  | { readonly kind: 'side'; readonly keep: Side }
  | { readonly kind: 'fields'; readonly fields: Readonly<Record<string, FieldChoice>> }

/** What a person who couples two records wants of their values. `NONE`: the next run makes first contact. */
export const CoupleSynchronize = {
  none: 'NONE',
  to: 'TO_INTEGRATION_TABLE',
  from: 'FROM_INTEGRATION_TABLE',
  /** Blanks are filled; where both hold a value and they differ he is told, and nothing is done. */
  merge: 'MERGE',
} as const
export type CoupleSynchronize = (typeof CoupleSynchronize)[keyof typeof CoupleSynchronize]

/** The one side that a choice keeps as a whole; null where he chose field by field. */
export function keptSide(choice: ResolveChoice): Side | null {
  return choice.kind === 'side' ? choice.keep : null
}
