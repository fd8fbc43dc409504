import { RunStatus, type RunMode } from './run.js'

/** What a line of the review list does; also what it recommends (Business Central's Initial Synch Recommendation). */
export const FullSynchAction = {
  /** Everything is compared; records without a partner are matched, else created. */
  full: 'FULL',
  /** The same with stamps ignored: a one-way mapping writes every difference. One-way mappings only. */
  unconditional: 'UNCONDITIONAL',
  /** Match-based coupling only. */
  couple: 'COUPLE',
  none: 'NONE',
} as const
export type FullSynchAction = (typeof FullSynchAction)[keyof typeof FullSynchAction]

/** REVIEW: the list is there to be looked at, nothing has begun. */
export const FullSynchStatus = {
  review: 'REVIEW',
  running: 'RUNNING',
  completed: 'COMPLETED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
} as const
export type FullSynchStatus = (typeof FullSynchStatus)[keyof typeof FullSynchStatus]

export const FullSynchLineStatus = {
  waiting: 'WAITING',
  running: 'RUNNING',
  finished: 'FINISHED',
  /** Its run stopped early. */
  failed: 'FAILED',
  /** A mapping that it depends on did not get through. */
  blocked: 'BLOCKED',
  cancelled: 'CANCELLED',
  /** Nothing was to be done. */
  leftOut: 'LEFT_OUT',
} as const
export type FullSynchLineStatus = (typeof FullSynchLineStatus)[keyof typeof FullSynchLineStatus]

/** What a recommendation goes by. Counts are of records inside the filters; null: unknown. */
export interface LineFacts {
  readonly localCount: number | null
  readonly integrationCount: number | null
  readonly coupledCount: number
  readonly hasMatchRules: boolean
}

/**
 * Business Central's recommendation: nothing where both sides are empty, coupling where both hold records and none is coupled
 * yet, else a full synchronisation. Without match rules there is nothing to couple by, and everything would be created anew: then
 * nothing, until a person has looked.
 */
export function recommendationFor(facts: LineFacts): FullSynchAction {
  if (facts.localCount === 0 && facts.integrationCount === 0) return FullSynchAction.none
  const bothHoldRecords = facts.localCount !== 0 && facts.integrationCount !== 0
  if (!bothHoldRecords || facts.coupledCount > 0) return FullSynchAction.full
  return facts.hasMatchRules ? FullSynchAction.couple : FullSynchAction.none
}

export interface LineState {
  readonly name: string
  readonly dependsOn: readonly string[]
  readonly status: FullSynchLineStatus
}

const THROUGH: ReadonlySet<FullSynchLineStatus> = new Set(['FINISHED', 'LEFT_OUT'])
const LOST: ReadonlySet<FullSynchLineStatus> = new Set(['FAILED', 'BLOCKED', 'CANCELLED'])

/** Which waiting lines may start now, and which never will since a line they depend on is lost. Lines that are not listed are through. */
export function nextLines(lines: readonly LineState[]): {
  readonly start: readonly string[]
  readonly blocked: readonly { readonly name: string; readonly by: string }[]
} {
  const statusOf = new Map(lines.map((line) => [line.name, line.status]))
  const start: string[] = []
  const blocked: { name: string; by: string }[] = []
  for (const line of lines) {
    if (line.status !== 'WAITING') continue
    const lost = line.dependsOn.find((name) => LOST.has(statusOf.get(name) ?? 'FINISHED'))
    if (lost !== undefined) blocked.push({ name: line.name, by: lost })
    else if (line.dependsOn.every((name) => THROUGH.has(statusOf.get(name) ?? 'FINISHED')))
      start.push(line.name)
  }
  return { start, blocked }
}

/** What a line becomes once its run has ended; null while it has not. Records that failed do not fail the line. */
export function lineStatusAfter(run: RunStatus): FullSynchLineStatus | null {
  switch (run) {
    case 'COMPLETED':
      return 'FINISHED'
    case 'FAILED':
      return 'FAILED'
    case 'CANCELLED':
      return 'CANCELLED'
    case 'QUEUED':
    case 'RUNNING':
      return null
  }
}

/** The mode of the run that carries out an action. */
export function runModeOf(action: Exclude<FullSynchAction, 'NONE'>): RunMode {
  return action
}
