import { afterCall, expectedExecution, recovered } from './governor-learning.js'
import type {
  AskingCall,
  EndedCall,
  GovernorState,
  Limits,
  RunningCall,
  Spent,
  WaitingCalls,
} from './governor-state.js'
import { freshState } from './governor-state.js'
import { enter, leavesAt, usedOf, type Used } from './governor-window.js'
import { Lane, LANES } from './lane.js'

export type * from './governor-state.js'

/** Requests and execution time that a lane leaves to those before it. */
const SHARE: Readonly<Record<Lane, number>> = {
  [Lane.person]: 1,
  [Lane.live]: 0.985,
  [Lane.retry]: 0.97,
  [Lane.backfill]: 0.97,
}
/** Who waits in another process goes first among equals only when it has waited longer by this much, milliseconds. */
const HANDICAP = 500
/** A process that waits says so again within this time, or is forgotten, milliseconds. */
const FORGOTTEN_AFTER = 3_000
/** How long to wait before asking again, at most, and while others are about, milliseconds. */
const LONGEST_WAIT = 1_000
const WAIT_AMONG_OTHERS = 100

/** What one process brings and wants. */
export interface Attendance {
  readonly process: string
  readonly limits: Limits
  readonly ended: readonly EndedCall[]
  readonly asking: readonly AskingCall[]
}

export interface Attended {
  readonly state: GovernorState
  /** Ids of calls that may begin now. */
  readonly admitted: readonly string[]
  /** When to ask again for the others at the latest; null: nobody waits. */
  readonly again: number | null
}

/**
 * The whole rule of the governor: takes note of calls that have ended and lets those begin for which there is room, in the order of their
 * lanes. One lane down weighs as much as a window's time of waiting, so that in the end everybody gets through. Nothing overtakes: when the
 * first in line has to wait for room, all wait. Pure; `state` is null at the first call.
 */
export function attend(known: GovernorState | null, attendance: Attendance, clock: number): Attended {
  const { process, limits } = attendance
  const now = Math.max(clock, known?.belief.at ?? clock)
  let state = tidied({ ...(known ?? freshState(limits, now)), limits }, now)
  for (const { id, end } of attendance.ended) {
    const call = state.running.find((running) => running.id === id)
    if (call !== undefined) state = afterCall(state, call, end, now)
  }
  const others = state.waiting.filter((waiting) => waiting.process !== process)
  const line = inLine(state, attendance, others, now)
  const running: RunningCall[] = []
  let reserved: Used = { requests: 0, execution: 0, concurrency: 0 }
  let stopped: Waiter | null = null
  const left: AskingCall[] = []
  for (const waiter of line) {
    if (waiter.call === null) {
      reserved = plus(reserved, {
        requests: waiter.count,
        execution: waiter.execution,
        concurrency: waiter.count,
      })
      continue
    }
    const used = plus(usedOf({ spent: state.spent, running: [...state.running, ...running] }), reserved)
    if (stopped === null && now >= state.blockedUntil && hasRoom(state, waiter, used)) {
      running.push(begin(process, waiter.call, waiter.execution, now))
    } else {
      stopped ??= waiter
      left.push(waiter.call)
    }
  }
  const next = {
    ...state,
    running: [...state.running, ...running],
    waiting: [...others, ...tickets(state, process, left, now)],
  }
  return {
    state: next,
    admitted: running.map((call) => call.id),
    again: stopped === null ? null : whenAgain(next, process, stopped, now),
  }
}

interface Waiter {
  readonly lane: Lane
  readonly rank: number
  readonly count: number
  readonly execution: number
  /** Null: waits in another process. */
  readonly call: AskingCall | null
}

function inLine(
  state: GovernorState,
  { asking, limits }: Attendance,
  others: readonly WaitingCalls[],
  now: number,
): readonly Waiter[] {
  const rank = (lane: Lane, since: number): number => since + LANES.indexOf(lane) * limits.window
  const own = asking.map((call): Waiter => ({
    lane: call.lane,
    rank: rank(call.lane, now - call.waited),
    count: 1,
    execution: expectedExecution(state.experience, call.operation, call.rows),
    call,
  }))
  const foreign = others.map(({ lane, since, count, execution }): Waiter => ({
    lane,
    rank: rank(lane, since) + HANDICAP,
    count,
    execution,
    call: null,
  }))
  return [...own, ...foreign].toSorted((one, other) => one.rank - other.rank)
}

/** Forgets what is out of the window and who is gone. A call that nobody has ended has cost what it was expected to. */
function tidied(state: GovernorState, now: number): GovernorState {
  const over = state.running.filter((call) => call.until <= now)
  let spent: readonly Spent[] = state.spent.filter((slice) => leavesAt(slice, state.limits) > now)
  const left = state.spent.reduce(
    (sum, slice) => (leavesAt(slice, state.limits) > now ? sum : sum + slice.execution),
    0,
  )
  for (const call of over) spent = enter(spent, { requests: 1, execution: call.execution }, state.limits, now)
  return {
    ...state,
    spent,
    running: state.running.filter((call) => call.until > now),
    waiting: state.waiting.filter((waiting) => waiting.until > now),
    belief: recovered(state, now),
    experience: { ...state.experience, left: state.experience.left + left },
  }
}

interface Room {
  readonly requests: number
  readonly execution: number
  readonly concurrency: number
}

/** What a lane may use up. After a throttling one call goes ahead and finds out whether it is over. */
function roomOf({ limits, belief, throttles }: GovernorState, lane: Lane): Room {
  const of = (limit: number | null, believed: number): number =>
    limit === null ? Infinity : limit * believed * SHARE[lane]
  return {
    requests: Math.max(1, Math.floor(of(limits.requests, belief.requests))),
    execution: of(limits.execution, belief.execution),
    concurrency: throttles > 0 ? 1 : Math.max(1, Math.floor(limits.concurrency * belief.concurrency)),
  }
}

function hasRoom(state: GovernorState, { lane, execution }: Waiter, used: Used): boolean {
  const room = roomOf(state, lane)
  return (
    used.requests + 1 <= room.requests &&
    used.concurrency + 1 <= room.concurrency &&
    // A call that no window has room for goes when nothing else is in it.
    used.execution + Math.min(execution, room.execution) <= room.execution
  )
}

function begin(process: string, call: AskingCall, execution: number, now: number): RunningCall {
  const { id, lane, operation, rows, longest } = call
  return { id, process, lane, operation, rows, since: now, until: now + longest, execution }
}

function plus(one: Used, other: Used): Used {
  return {
    requests: one.requests + other.requests,
    execution: one.execution + other.execution,
    concurrency: one.concurrency + other.concurrency,
  }
}

function tickets(
  { experience }: GovernorState,
  process: string,
  left: readonly AskingCall[],
  now: number,
): readonly WaitingCalls[] {
  return LANES.flatMap((lane): WaitingCalls[] => {
    const calls = left.filter((call) => call.lane === lane)
    if (calls.length === 0) return []
    return [
      {
        process,
        lane,
        since: now - Math.max(...calls.map((call) => call.waited)),
        count: calls.length,
        execution: calls.reduce(
          (sum, call) => sum + expectedExecution(experience, call.operation, call.rows),
          0,
        ),
        until: now + FORGOTTEN_AFTER,
      },
    ]
  })
}

/** When room may come for the first in line: at the end of a block, or when enough has left the window. */
function whenAgain(state: GovernorState, process: string, first: Waiter, now: number): number {
  const amongOthers = [...state.running, ...state.waiting].some((other) => other.process !== process)
  const latest = now + (amongOthers ? WAIT_AMONG_OTHERS : LONGEST_WAIT)
  if (state.blockedUntil > now) return Math.min(now + LONGEST_WAIT, state.blockedUntil)
  let spent = state.spent.toSorted((one, other) => one.at - other.at)
  const room = roomOf(state, first.lane)
  const isFull = (): boolean => {
    const used = usedOf({ ...state, spent })
    return (
      used.requests + 1 > room.requests ||
      used.execution + Math.min(first.execution, room.execution) > room.execution
    )
  }
  if (!isFull()) return latest
  let at = now
  while (spent[0] !== undefined && isFull()) {
    at = leavesAt(spent[0], state.limits)
    spent = spent.slice(1)
  }
  return Math.min(now + LONGEST_WAIT, Math.max(at, now + 1))
}
