import type { SeenVersions } from './decide.js'
import type { PassDirection } from './mapping.js'
import { directionsOf, type Direction } from './mapping.js'
import type { Side } from './value.js'

export const RunKind = { scheduled: 'SCHEDULED', manual: 'MANUAL', records: 'RECORDS' } as const
export type RunKind = (typeof RunKind)[keyof typeof RunKind]

/** MODIFIED: what changed since the watermarks. FULL: everything, judged normally. UNCONDITIONAL: everything, stamps ignored. */
export const RunMode = { modified: 'MODIFIED', full: 'FULL', unconditional: 'UNCONDITIONAL' } as const
export type RunMode = (typeof RunMode)[keyof typeof RunMode]

export const RunStatus = {
  queued: 'QUEUED',
  running: 'RUNNING',
  completed: 'COMPLETED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
} as const
export type RunStatus = (typeof RunStatus)[keyof typeof RunStatus]

/** From each status, the ones that may follow; terminal statuses have none. */
export const RUN_TRANSITIONS: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  QUEUED: ['RUNNING', 'CANCELLED', 'FAILED'],
  RUNNING: ['COMPLETED', 'FAILED', 'CANCELLED'],
  COMPLETED: [],
  FAILED: [],
  CANCELLED: [],
}

export function isFinished(status: RunStatus): boolean {
  return RUN_TRANSITIONS[status].length === 0
}

/** The records a run is confined to, and what a person asked for them. Null scope: the whole mapping. */
export type RunScope =
  | {
      readonly kind: 'forced'
      readonly couplingIds: readonly string[]
      readonly overwrite: boolean
      readonly seen: SeenVersions | null
    }
  | {
      readonly kind: 'resolve'
      readonly couplingIds: readonly string[]
      readonly keep: Side
      /** By coupling id; absent: the versions recorded with the conflict. */
      readonly seen: Readonly<Record<string, SeenVersions>>
    }
  /** Decided like a scheduled run, whatever was handled before; the listed records only. */
  | {
      readonly kind: 'retry'
      readonly couplingIds: readonly string[]
      readonly records: readonly { readonly side: Side; readonly id: string }[]
    }

export const RecordStatus = { pending: 'PENDING', skipped: 'SKIPPED' } as const
export type RecordStatus = (typeof RecordStatus)[keyof typeof RecordStatus]

/** Why a record is pending, where no error class says it. */
export const PendingReason = {
  firstContact: 'FIRST_CONTACT',
  otherPass: 'OTHER_PASS',
  busy: 'BUSY',
  openIntent: 'OPEN_INTENT',
  retry: 'RETRY',
} as const
export type PendingReason = (typeof PendingReason)[keyof typeof PendingReason]

export const RecordResultOutcome = {
  applied: 'APPLIED',
  unchanged: 'UNCHANGED',
  changedSince: 'CHANGED_SINCE',
  destinationChanged: 'DESTINATION_CHANGED',
  failed: 'FAILED',
} as const
export type RecordResultOutcome = (typeof RecordResultOutcome)[keyof typeof RecordResultOutcome]

const WIDTH: Record<RunMode, number> = { MODIFIED: 0, FULL: 1, UNCONDITIONAL: 2 }

/** Whether a requested run would do more than the one under way: a wider mode, or a direction that one leaves out. */
export function isWider(
  requested: { readonly mode: RunMode; readonly direction: PassDirection | null },
  running: { readonly mode: RunMode; readonly direction?: PassDirection | null },
): boolean {
  if (WIDTH[requested.mode] > WIDTH[running.mode]) return true
  const narrowed = running.direction ?? null
  return narrowed !== null && requested.direction !== narrowed
}

/** The passes of a run: To first, then From; a direction asked for narrows them. */
export function passesOf(mapping: Direction, asked: PassDirection | null): readonly PassDirection[] {
  return directionsOf(mapping).filter((direction) => asked === null || direction === asked)
}
