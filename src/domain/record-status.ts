import { ErrorClass } from './failure.js'
import { PendingReason, RecordStatus } from './run.js'
import type { Side } from './value.js'

/** Why a record is, or is not, in sync: always exactly one. */
export const StatusReason = {
  unknownRecord: 'UNKNOWN_RECORD',
  connectionStopped: 'CONNECTION_STOPPED',
  conflict: 'CONFLICT',
  skipped: 'SKIPPED',
  deletionReview: 'DELETION_REVIEW',
  filtered: 'FILTERED',
  notCoupled: 'NOT_COUPLED',
  waitsFor: 'WAITS_FOR',
  mappingPaused: 'MAPPING_PAUSED',
  mappingStopped: 'MAPPING_STOPPED',
  backOff: 'BACK_OFF',
  pendingNextRun: 'PENDING_NEXT_RUN',
  inSync: 'IN_SYNC',
} as const
export type StatusReason = (typeof StatusReason)[keyof typeof StatusReason]

/** What a look at the systems found just now. */
export interface LiveFacts {
  readonly presence: 'FOUND' | 'GONE' | 'FORBIDDEN'
  /** Of a coupled record: whether its partner was found. */
  readonly partnerFound: boolean | null
  /** Of a coupled pair: whether a mapped field was changed on either side since both last agreed. */
  readonly changed: boolean | null
}

/** The state of a record that is not settled. */
export interface StateFacts {
  readonly status: RecordStatus
  readonly reason: PendingReason | ErrorClass
  readonly waitsFor: { readonly side: Side; readonly id: string } | null
}

/** What is known of a record in one mapping. */
export interface StatusFacts {
  /** Null: nobody looked. */
  readonly live: LiveFacts | null
  readonly isCoupled: boolean
  /** Null: settled, or never met. */
  readonly state: StateFacts | null
  /** Whether a clause of its side's filter keeps it out, as far as its values are known. */
  readonly isFiltered: boolean
  readonly connectionStopped: boolean
  readonly mapping: {
    readonly paused: boolean
    /** Its last run was stopped by a failure that stands. */
    readonly stopped: boolean
    /** Whether the mapping makes a partner for a record of this side that has none. */
    readonly creates: boolean
  }
}

const ERROR_CLASSES: ReadonlySet<string> = new Set(Object.values(ErrorClass))

/**
 * The one reason. What a look has just shown to agree is in sync, whatever is stopped; else what stands in the way of everything
 * comes first, then the order in which a run would decide (rows 2, 5 and 6 of the decision table), then what keeps the next run from
 * coming to it.
 */
export function whyOf(facts: StatusFacts): StatusReason {
  const { live, state, mapping } = facts
  if (state === null && !facts.isCoupled && live?.presence !== 'FOUND') return StatusReason.unknownRecord
  if (state === null && facts.isCoupled && !facts.isFiltered && agreesNow(live)) return StatusReason.inSync
  if (facts.connectionStopped) return StatusReason.connectionStopped
  if (state?.status === RecordStatus.skipped)
    return state.reason === ErrorClass.conflict ? StatusReason.conflict : StatusReason.skipped
  if (state?.reason === PendingReason.deletionReview) return StatusReason.deletionReview
  if (facts.isFiltered) return StatusReason.filtered
  if (state === null && !facts.isCoupled && !mapping.creates) return StatusReason.notCoupled
  if (state !== null && state.waitsFor !== null) return StatusReason.waitsFor
  if (mapping.paused) return StatusReason.mappingPaused
  if (mapping.stopped) return StatusReason.mappingStopped
  if (state !== null)
    return ERROR_CLASSES.has(state.reason) ? StatusReason.backOff : StatusReason.pendingNextRun
  return live === null && facts.isCoupled ? StatusReason.inSync : StatusReason.pendingNextRun
}

function agreesNow(live: LiveFacts | null): boolean {
  return live?.presence === 'FOUND' && live.partnerFound === true && live.changed === false
}

/** How near each reason is to being in sync, the nearest first: of several mappings that a record is not coupled in, one speaks. */
const NEARNESS: readonly StatusReason[] = [
  'IN_SYNC',
  'CONFLICT',
  'SKIPPED',
  'DELETION_REVIEW',
  'WAITS_FOR',
  'BACK_OFF',
  'PENDING_NEXT_RUN',
  'MAPPING_PAUSED',
  'MAPPING_STOPPED',
  'CONNECTION_STOPPED',
  'NOT_COUPLED',
  'FILTERED',
  'UNKNOWN_RECORD',
]

/** Of what several mappings say of one record: the one that is nearest to keeping it in sync, the first of equals. */
export function nearest<Told extends { readonly reason: StatusReason }>(told: readonly Told[]): Told | null {
  const [first] = told.toSorted(
    (left, right) => NEARNESS.indexOf(left.reason) - NEARNESS.indexOf(right.reason),
  )
  return first ?? null
}
