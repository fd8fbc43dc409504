import type {
  CallEnd,
  CallOperation,
  Experience,
  GovernorState,
  RunningCall,
  ThrottledBy,
} from './governor-state.js'
import { enter, spentOf, takeBack, usedOf } from './governor-window.js'

/** Weight of the newest observation. */
const NEWEST = 0.2
/** A limit is believed in at least by so much. */
const LEAST_BELIEF = 1 / 16
/** Pause after the first throttling without Retry-After, milliseconds; it doubles. */
const FIRST_PAUSE = 1_000
const MOST_DOUBLINGS = 10
/** Rows after which what the service charges is told from them, and after which they lose half their weight. */
const ENOUGH_ROWS = 200
const MANY_ROWS = 20_000

/** Takes the end of a call into account: what it cost, what the service says is left, and whether it has throttled. */
export function afterCall(state: GovernorState, call: RunningCall, end: CallEnd, now: number): GovernorState {
  const open = { ...state, running: state.running.filter((other) => other !== call) }
  if (end.requests === 0) {
    // Nothing was sent, as the sign-in was throttled: that says nothing about the limits of calls.
    return end.throttled === null ? open : { ...block(open, call, end.throttled, now), belief: open.belief }
  }
  const execution = end.throttled === null ? executionOf(open, call, end) : 0
  const entered = {
    ...open,
    spent: enter(open.spent, { requests: end.requests, execution }, open.limits, now),
    experience: end.throttled === null ? learned(open.experience, call, end) : open.experience,
  }
  const corrected = inLine(entered, end, now)
  if (end.throttled !== null) return block(corrected, call, end.throttled, now)
  return call.since >= corrected.blockedUntil ? { ...corrected, throttles: 0 } : corrected
}

/** What a call is expected to take. */
export function expectedExecution(experience: Experience, operation: CallOperation, rows: number): number {
  return (experience.perRow[operation] ?? DEFAULT_PER_ROW[operation]) * chargedByWatch(experience) * rows
}

/** Milliseconds a row, until something is known; a read counts as one row. */
const DEFAULT_PER_ROW: Readonly<Record<CallOperation, number>> = { read: 500, write: 20 }

function executionOf({ experience }: GovernorState, call: RunningCall, end: CallEnd): number {
  return experience.told === null ? end.duration : expectedExecution(experience, call.operation, call.rows)
}

function learned(experience: Experience, call: RunningCall, end: CallEnd): Experience {
  const { operation, rows } = call
  if (rows === 0) return experience
  if (experience.told === null)
    return { ...experience, perRow: moved(experience, operation, end.duration / rows) }
  // It may have been charged before the service said anything.
  if (call.since < experience.toldSince) return experience
  const counted = { ...experience.rows, [operation]: experience.rows[operation] + rows }
  if (counted.read + counted.write < MANY_ROWS) return { ...experience, rows: counted }
  return {
    ...experience,
    rows: { read: counted.read / 2, write: counted.write / 2 },
    charged: experience.charged / 2,
  }
}

function moved(experience: Experience, operation: CallOperation, observed: number): Experience['perRow'] {
  const known = experience.perRow[operation]
  const value = known === null ? observed : known + (observed - known) * NEWEST
  return { ...experience.perRow, [operation]: value }
}

/**
 * Brings what we think is spent in line with what the service says. Within a window its count only grows but for what leaves the window, so
 * the answer with the highest count is the latest: its word is taken over, and an older one's is not.
 */
function inLine(state: GovernorState, end: CallEnd, now: number): GovernorState {
  const { limits, experience } = state
  const told = (limit: number | null, remaining: number | null | undefined): number | null =>
    limit === null || remaining === null || remaining === undefined || remaining > limit
      ? null
      : limit - remaining
  const requests = told(limits.requests, end.remaining?.requests)
  const execution = told(limits.execution, end.remaining?.execution)
  const used = usedOf(state)
  let { spent } = state
  // Requests are counted here as there; more of them are somebody else's.
  if (requests !== null && requests > used.requests)
    spent = enter(spent, { requests: requests - used.requests, execution: 0 }, limits, now)
  if (execution === null) return { ...state, spent }
  const known = experience.told === null ? 0 : Math.max(0, experience.told - experience.left)
  if (execution < known) return { ...state, spent }
  const ours = spentOf(spent).execution
  spent =
    execution >= ours
      ? enter(spent, { requests: 0, execution: execution - ours }, limits, now)
      : takeBack(spent, ours - execution)
  // What had been spent before anything was told says nothing about our calls.
  if (experience.told === null)
    return { ...state, spent, experience: { ...experience, told: execution, toldSince: now, left: 0 } }
  const charged = experience.charged + execution - known
  return { ...state, spent, experience: { ...experience, told: execution, left: 0, charged } }
}

/** How the time that the service charges differs from that of our watch, as soon as there are enough calls to tell. */
function chargedByWatch({ perRow, rows, charged }: Experience): number {
  if (rows.read + rows.write < ENOUGH_ROWS || charged <= 0) return 1
  const watched =
    (perRow.read ?? DEFAULT_PER_ROW.read) * rows.read + (perRow.write ?? DEFAULT_PER_ROW.write) * rows.write
  return charged / watched
}

/**
 * The service throttles: nothing begins for the time it asks for, and longer each time in a row. A call that began after the last block
 * shows that the limit is lower than we thought, so it is believed in by half.
 */
function block(
  state: GovernorState,
  call: RunningCall,
  { retryAfter, by }: NonNullable<CallEnd['throttled']>,
  now: number,
): GovernorState {
  const isNew = call.since >= state.blockedAt
  const throttles = isNew ? state.throttles + 1 : state.throttles
  const growing = FIRST_PAUSE * 2 ** Math.min(MOST_DOUBLINGS, Math.max(0, throttles - 1))
  const longest = state.limits.window
  const pause = Math.max(
    retryAfter ?? 0,
    retryAfter === null || throttles > 1 ? Math.min(growing, longest) : 0,
  )
  return {
    ...state,
    throttles,
    blockedAt: now,
    blockedUntil: Math.max(state.blockedUntil, now + pause),
    belief: isNew ? halved(state, by, now) : state.belief,
  }
}

function halved({ belief }: GovernorState, by: ThrottledBy | null, now: number): GovernorState['belief'] {
  const half = (value: number): number => Math.max(LEAST_BELIEF, value / 2)
  return {
    requests: by === 'requests' || by === null ? half(belief.requests) : belief.requests,
    execution: by === 'execution' ? half(belief.execution) : belief.execution,
    concurrency: by === 'concurrency' || by === null ? half(belief.concurrency) : belief.concurrency,
    at: now,
  }
}

/** A window without throttling restores the whole belief. */
export function recovered({ belief, limits }: GovernorState, now: number): GovernorState['belief'] {
  const gained = Math.max(0, now - belief.at) / limits.window
  return {
    requests: Math.min(1, belief.requests + gained),
    execution: Math.min(1, belief.execution + gained),
    concurrency: Math.min(1, belief.concurrency + gained),
    at: now,
  }
}
