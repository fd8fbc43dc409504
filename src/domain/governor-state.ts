import type { Lane } from './lane.js'

/** What a service lets one principal do. Times are in milliseconds; null: without limit. */
export interface Limits {
  /** The time over which requests and execution time are added up; it slides. */
  readonly window: number
  readonly requests: number | null
  readonly execution: number | null
  /** Calls that run at the same time. */
  readonly concurrency: number
}

/** The limit that an answer with status 429 speaks of. */
export type ThrottledBy = 'requests' | 'execution' | 'concurrency'

export type CallOperation = 'read' | 'write'

/** Limits are counted for one principal at one endpoint. Neither holds a secret. */
export interface GovernedPrincipal {
  readonly endpoint: string
  readonly principal: string
}

/** A call that asks for leave to begin. */
export interface AskingCall {
  readonly id: string
  readonly lane: Lane
  readonly operation: CallOperation
  readonly rows: number
  /** Milliseconds that it has waited. */
  readonly waited: number
  /** Milliseconds after which it counts as over. */
  readonly longest: number
}

/** What a call was found to cost. */
export interface CallEnd {
  /** Requests that were sent; 0: none after all. */
  readonly requests: number
  /** Milliseconds from request to answer. */
  readonly duration: number
  readonly throttled: { readonly retryAfter: number | null; readonly by: ThrottledBy | null } | null
  /** What the service says is left of the window. */
  readonly remaining: { readonly requests: number | null; readonly execution: number | null } | null
}

export interface EndedCall {
  readonly id: string
  readonly end: CallEnd
}

/** What was spent in a slice of the window that begins `at`. */
export interface Spent {
  readonly at: number
  readonly requests: number
  readonly execution: number
}

export interface RunningCall {
  readonly id: string
  /** The process that makes it. */
  readonly process: string
  readonly lane: Lane
  readonly operation: CallOperation
  readonly rows: number
  readonly since: number
  /** Counts as over then, also if its process is gone. */
  readonly until: number
  /** Execution time that it is expected to take. */
  readonly execution: number
}

/** The calls of one lane that wait in one process. */
export interface WaitingCalls {
  readonly process: string
  readonly lane: Lane
  /** Of the one that waits longest. */
  readonly since: number
  readonly count: number
  /** Execution time that they are expected to take. */
  readonly execution: number
  /** Forgotten then, unless the process asks again. */
  readonly until: number
}

/** How much of each limit is believed in: below 1 after the service has throttled though there should have been room. */
export interface Belief {
  readonly requests: number
  readonly execution: number
  readonly concurrency: number
  readonly at: number
}

/** What is known about the execution time that the service counts. */
export interface Experience {
  /** Milliseconds a row by our own watch; null: not known yet. */
  readonly perRow: Readonly<Record<CallOperation, number | null>>
  /** Execution time of the window that the service said was spent, when it last said something new; null: it never did. */
  readonly told: number | null
  /** When it first said something. */
  readonly toldSince: number
  /** Execution time that has left the window since it last did. */
  readonly left: number
  /** Of calls since then, with less and less weight: rows, and what the service has charged. */
  readonly rows: Readonly<Record<CallOperation, number>>
  readonly charged: number
}

/** Everything that is kept for one principal at one endpoint. Times are epoch milliseconds of one clock; JSON-safe. */
export interface GovernorState {
  /** As the last caller gave them. */
  readonly limits: Limits
  readonly spent: readonly Spent[]
  readonly running: readonly RunningCall[]
  readonly waiting: readonly WaitingCalls[]
  /** Nothing begins before. */
  readonly blockedUntil: number
  readonly blockedAt: number
  /** Times in a row that the service has throttled. */
  readonly throttles: number
  readonly belief: Belief
  readonly experience: Experience
}

/** Of somebody who has not called yet. */
export function freshState(limits: Limits, now: number): GovernorState {
  return {
    limits,
    spent: [],
    running: [],
    waiting: [],
    blockedUntil: 0,
    blockedAt: 0,
    throttles: 0,
    belief: { requests: 1, execution: 1, concurrency: 1, at: now },
    experience: {
      perRow: { read: null, write: null },
      told: null,
      toldSince: 0,
      left: 0,
      rows: { read: 0, write: 0 },
      charged: 0,
    },
  }
}
