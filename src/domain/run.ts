import type { CoupleSynchronize, ResolveChoice, SeenVersions } from './choice.js'
import { Lane } from './lane.js'
import type { PassDirection } from './mapping.js'
import { directionsOf, type Direction } from './mapping.js'
import type { Side } from './value.js'

/** PLAN: writes nothing and lists what a run would do. */
export const RunKind = {
  scheduled: 'SCHEDULED',
  manual: 'MANUAL',
  records: 'RECORDS',
  plan: 'PLAN',
} as const
export type RunKind = (typeof RunKind)[keyof typeof RunKind]

/** Kinds over a whole mapping, which exclude each other; the others run beside them. */
export const WHOLE_RUNS = [RunKind.scheduled, RunKind.manual] as const

export function isWhole(kind: RunKind): kind is (typeof WHOLE_RUNS)[number] {
  return kind === RunKind.scheduled || kind === RunKind.manual
}

/**
 * MODIFIED: what changed since the watermarks. FULL: everything, judged normally. UNCONDITIONAL: everything, stamps ignored.
 * COUPLE: match-based coupling of what is not coupled yet; coupled records are left alone.
 */
export const RunMode = {
  modified: 'MODIFIED',
  full: 'FULL',
  unconditional: 'UNCONDITIONAL',
  couple: 'COUPLE',
} as const
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

/** Of a run of mode COUPLE: Create New in Case of No Match, Synch. After Match-Based Coupling. */
export interface CouplingOptions {
  readonly createNew: boolean
  readonly synchronizeAfterwards: boolean
}

/**
 * By coupling id, else side and id of the record: the versions its asker saw, null where there was no record. What stands otherwise is
 * left alone.
 */
export type SeenByRecord = Readonly<Record<string, SeenVersions>>

/** The records a run is confined to, and what a person asked for them. Null scope: the whole mapping. */
export type RunScope =
  | {
      readonly kind: 'forced'
      readonly couplingIds: readonly string[]
      readonly overwrite: boolean
      readonly seen: SeenVersions | null
      /** Of several: by coupling id, before {@link seen}. */
      readonly seenBy?: Readonly<Record<string, SeenVersions>>
    }
  | {
      readonly kind: 'resolve'
      readonly couplingIds: readonly string[]
      readonly choice: ResolveChoice
      /** By coupling id, where records are chosen for one by one; all keep the same side as a whole, or none does. */
      readonly choices?: Readonly<Record<string, ResolveChoice>>
      /** By coupling id; absent: the versions recorded with the conflict. */
      readonly seen: Readonly<Record<string, SeenVersions>>
    }
  /** A person's Merge data: each side's own changes. */
  | {
      readonly kind: 'merge'
      readonly couplingIds: readonly string[]
      readonly seen: SeenVersions | null
      readonly seenBy?: Readonly<Record<string, SeenVersions>>
    }
  /**
   * Decided like a scheduled run, whatever was handled before; the listed records only. `asked` false: nobody asked, so what it
   * finds deleted is left to the mapping's next run, which counts deletions before it acts on them.
   */
  | {
      readonly kind: 'retry'
      readonly couplingIds: readonly string[]
      readonly records: readonly { readonly side: Side; readonly id: string }[]
      readonly asked?: boolean
      readonly seenBy?: SeenByRecord
    }
  /** A person's Restore Records, Delete Records: of couplings of which exactly one side is left. */
  | {
      readonly kind: 'restore' | 'delete'
      readonly couplingIds: readonly string[]
      readonly seenBy?: SeenByRecord
    }
  /** Carries out a plan: its records as they were planned; what would be done otherwise by now is refused. */
  | { readonly kind: 'plan'; readonly couplingIds: readonly string[]; readonly planId: string }
  /**
   * A person couples pairs of records, each id once on its side. `recouple`: couplings of either record that stand in the way are
   * removed in the transaction that couples.
   */
  | {
      readonly kind: 'couple'
      readonly couplingIds: readonly string[]
      readonly pairs: readonly { readonly localId: string; readonly integrationId: string }[]
      readonly synchronize: CoupleSynchronize
      readonly recouple: boolean
    }
  /** A person creates partners on the other side for uncoupled records of `side`. `evenIfMatched`: also beside a record that matches. */
  | {
      readonly kind: 'create'
      readonly couplingIds: readonly string[]
      readonly side: Side
      readonly ids: readonly string[]
      readonly evenIfMatched: boolean
      readonly seenBy?: SeenByRecord
    }
  /** Couplings of which exactly one side is left are given to the one free record that matches the survivor. */
  | { readonly kind: 'repair'; readonly couplingIds: readonly string[] }
  /** Stands in the log for Delete Couplings, which asks no system and is over when its row is made. */
  | { readonly kind: 'uncouple'; readonly couplingIds: readonly string[] }
  /**
   * A person undoes earlier writes: those that the run's undo items list. `sides`: those that they had written. `overwrite`: also
   * what was changed since.
   */
  | {
      readonly kind: 'undo'
      readonly couplingIds: readonly string[]
      readonly sides: readonly Side[]
      readonly overwrite: boolean
    }
  /** Decides the deletions that were found or allowed; `sweep`: searches for more first (Find for Deleted). */
  | { readonly kind: 'deletions'; readonly couplingIds: readonly string[]; readonly sweep: boolean }

export const RecordStatus = { pending: 'PENDING', skipped: 'SKIPPED' } as const
export type RecordStatus = (typeof RecordStatus)[keyof typeof RecordStatus]

/** Why a record is pending, where no error class says it. */
export const PendingReason = {
  firstContact: 'FIRST_CONTACT',
  otherPass: 'OTHER_PASS',
  busy: 'BUSY',
  openIntent: 'OPEN_INTENT',
  retry: 'RETRY',
  /** One side is gone, as far as is known; decided at the end of a pass. */
  deletion: 'DELETION',
  /** The same, one of too many at once: waits until a person allows or rejects them. */
  deletionReview: 'DELETION_REVIEW',
  /** Allowed; decided at the end of the next pass, after another look. */
  deletionAllowed: 'DELETION_ALLOWED',
} as const
export type PendingReason = (typeof PendingReason)[keyof typeof PendingReason]

export const RecordResultOutcome = {
  applied: 'APPLIED',
  unchanged: 'UNCHANGED',
  /** Coupled; the next run makes first contact. */
  coupled: 'COUPLED',
  changedSince: 'CHANGED_SINCE',
  destinationChanged: 'DESTINATION_CHANGED',
  failed: 'FAILED',
} as const
export type RecordResultOutcome = (typeof RecordResultOutcome)[keyof typeof RecordResultOutcome]

/** Coupling covers nothing of what the others do, and they cover nothing of it. */
const WIDTH: Record<Exclude<RunMode, 'COUPLE'>, number> = { MODIFIED: 0, FULL: 1, UNCONDITIONAL: 2 }

/** What two requests are compared by. */
export interface RunExtent {
  readonly mode: RunMode
  readonly direction?: PassDirection | null
  readonly includeUncoupled?: boolean
  readonly coupling?: CouplingOptions | null
}

/** Whether a requested run would do more than another: a wider mode, or a direction or records that the other leaves out. */
export function isWider(requested: RunExtent, running: RunExtent): boolean {
  if (requested.mode === 'COUPLE' || running.mode === 'COUPLE') {
    if (requested.mode !== running.mode) return true
    const [asked, known] = [requested.coupling ?? null, running.coupling ?? null]
    if (asked === null || known === null) return false
    return (
      (asked.createNew && !known.createNew) || (asked.synchronizeAfterwards && !known.synchronizeAfterwards)
    )
  }
  if (WIDTH[requested.mode] > WIDTH[running.mode]) return true
  if (requested.includeUncoupled === true && running.includeUncoupled !== true) return true
  const narrowed = running.direction ?? null
  return narrowed !== null && (requested.direction ?? null) !== narrowed
}

/** The passes of a run: To first, then From; a direction asked for narrows them. */
export function passesOf(mapping: Direction, asked: PassDirection | null): readonly PassDirection[] {
  return directionsOf(mapping).filter((direction) => asked === null || direction === asked)
}

/** The public name of a run's workflow. Changing it needs an ADR and a replay test. */
export function workflowIdOf(runId: string): string {
  return `synch-run/${runId}`
}

/**
 * In which lane the calls of a run go. `isLoaded`: everything has been read before, so that what changed since is little.
 */
export function laneOfRun(
  {
    kind,
    mode,
    scope,
    includeUncoupled,
  }: {
    readonly kind: RunKind
    readonly mode: RunMode
    readonly scope?: RunScope | null | undefined
    readonly includeUncoupled: boolean
  },
  isLoaded: boolean,
): Lane {
  if (kind === RunKind.records) {
    return scope?.kind === 'retry' && scope.asked === false ? Lane.retry : Lane.person
  }
  return mode === RunMode.modified && isLoaded && !includeUncoupled ? Lane.live : Lane.backfill
}
