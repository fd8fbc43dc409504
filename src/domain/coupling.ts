import type { Side, Value } from './value.js'

/** What the two sides of a field last agreed on; they differ where the pair is lossy (engine rule 4). */
export interface BaseValue {
  readonly local: Value
  readonly integration: Value
}

/** By name of the field mapping. */
export type Base = Readonly<Record<string, BaseValue>>

/** What a coupling remembers of one side. `version` null: not known (adopted after an unknown outcome). */
export interface CoupledSide {
  readonly version: string | null
  /** Epoch milliseconds. */
  readonly stamp: number
}

export const SynchronizedBy = { job: 'JOB', manual: 'MANUAL' } as const
export type SynchronizedBy = (typeof SynchronizedBy)[keyof typeof SynchronizedBy]

/** One local record paired with one integration record, as rules see it. */
export interface Coupling {
  readonly local: CoupledSide
  readonly integration: CoupledSide
  /** Null until first contact is recorded. */
  readonly base: Base | null
  /** Who synchronised last, and which side was the source (null: both). */
  readonly last: { readonly by: SynchronizedBy; readonly source: Side | null } | null
}
