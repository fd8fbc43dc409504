import { updateConflict } from './conflict.js'
import type { Coupling } from './coupling.js'
import type { Outcome } from './decision.js'
import { describeConflict, type PairState } from './field-state.js'
import type { TransferContext } from './field-transfer.js'
import { sourceOf, type MappingDefinition, type PassDirection } from './mapping.js'
import type { RecordSnapshot } from './record.js'
import { otherSide, Side } from './value.js'

/** How far the systems' clocks are from each other, for newest wins (engine rule 5). Milliseconds. */
export interface Clocks {
  /** Each system's clock less ours, as measured in this run; null: not known. */
  readonly offsets: Readonly<Record<Side, number | null>>
  /** By how much an offset may err. */
  readonly error: number
}

/** A pair of which both sides were read, with all that rules need to settle it. */
export interface Pair {
  readonly mapping: MappingDefinition
  readonly coupling: Coupling
  readonly local: RecordSnapshot
  readonly integration: RecordSnapshot
  readonly context: TransferContext
  readonly state: PairState
  readonly pass: PassDirection
  readonly clocks: Clocks
}

/** The record of a side. */
export function recordOn(pair: Pair, side: Side): RecordSnapshot {
  return side === Side.local ? pair.local : pair.integration
}

/** What a person must see of a pair to decide about it. */
export function detailOf(pair: Pair) {
  return describeConflict(pair.state, pair.coupling, pair.local, pair.integration, pair.context)
}

/** The update conflict of this pass: documented message and structured detail. */
export function conflictOf(pair: Pair): Outcome {
  const source = sourceOf(pair.pass)
  const captions = {
    [Side.local]: pair.context.localTable.caption,
    [Side.integration]: pair.context.integrationTable.caption,
  }
  const reason = pair.state.firstContact
    ? 'firstContact'
    : pair.mapping.updateConflictPolicy === 'NEWEST_WINS'
      ? 'tooClose'
      : 'bothChanged'
  return {
    outcome: 'conflict',
    failure: updateConflict(captions[otherSide(source)], captions[source], reason),
    detail: detailOf(pair),
  }
}
