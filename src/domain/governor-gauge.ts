import type { GovernorState } from './governor-state.js'
import { leavesAt, usedOf } from './governor-window.js'
import { LANES, type Lane } from './lane.js'

/** How far one limit is used up; null: there is no such limit. */
export interface Used {
  readonly used: number
  readonly limit: number | null
  /** The part of the limit that is believed in, below 1 after the service has throttled. */
  readonly believed: number
}

export interface Gauge {
  /** Milliseconds. */
  readonly window: number
  readonly requests: Used
  /** Milliseconds. */
  readonly execution: Used
  readonly concurrency: Used
  readonly lanes: readonly { readonly lane: Lane; readonly running: number; readonly waiting: number }[]
  /** Epoch ms; null: calls may begin. */
  readonly blockedUntil: number | null
}

/** What a person sees of a principal's state at `now`. */
export function gaugeOf(state: GovernorState, now: number): Gauge {
  const { limits, belief } = state
  const running = state.running.filter((call) => call.until > now)
  const waiting = state.waiting.filter((calls) => calls.until > now)
  const used = usedOf({ spent: state.spent.filter((spent) => leavesAt(spent, limits) > now), running })
  return {
    window: limits.window,
    requests: { used: used.requests, limit: limits.requests, believed: belief.requests },
    execution: { used: Math.round(used.execution), limit: limits.execution, believed: belief.execution },
    concurrency: { used: used.concurrency, limit: limits.concurrency, believed: belief.concurrency },
    lanes: LANES.map((lane) => ({
      lane,
      running: running.filter((call) => call.lane === lane).length,
      waiting: waiting.reduce((sum, calls) => sum + (calls.lane === lane ? calls.count : 0), 0),
    })),
    blockedUntil: state.blockedUntil > now ? state.blockedUntil : null,
  }
}
