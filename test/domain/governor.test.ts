import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  attend,
  type AskingCall,
  type CallEnd,
  type EndedCall,
  type GovernorState,
  type Limits,
} from '../../src/domain/governor.js'
import { gaugeOf } from '../../src/domain/governor-gauge.js'
import { Lane, LANES } from '../../src/domain/lane.js'

const LIMITS: Limits = { window: 10_000, requests: 20, execution: 5_000, concurrency: 4 }

const call = (id: string, more: Partial<AskingCall> = {}): AskingCall => ({
  id,
  lane: Lane.live,
  operation: 'write',
  rows: 10,
  waited: 0,
  longest: 60_000,
  ...more,
})
const ended = (id: string, more: Partial<CallEnd> = {}): EndedCall => ({
  id,
  end: { requests: 1, duration: 100, throttled: null, remaining: null, ...more },
})

/** One process over time. */
function desk(limits: Limits = LIMITS) {
  let state: GovernorState | null = null
  const visit = (
    now: number,
    {
      process = 'one',
      asking = [],
      over = [],
    }: { process?: string; asking?: AskingCall[]; over?: EndedCall[] },
  ) => {
    const result = attend(state, { process, limits, ended: over, asking }, now)
    state = result.state
    return result
  }
  return {
    visit,
    gauge: (now: number) => {
      if (state === null) throw new Error('Nobody has called.')
      return gaugeOf(state, now)
    },
  }
}

describe('room', () => {
  test('no more calls at a time than the limit, in the order of their lanes, then of their waiting', () => {
    const asking = [
      call('backfill', { lane: Lane.backfill, waited: 50 }),
      call('retry', { lane: Lane.retry }),
      call('late', { waited: 1 }),
      call('early', { waited: 2 }),
      call('person', { lane: Lane.person }),
    ]
    const { visit } = desk()
    expect(visit(0, { asking }).admitted).toEqual(['person', 'early', 'late', 'retry'])
    expect(visit(1, { asking: asking.slice(0, 1), over: [ended('early')] }).admitted).toEqual(['backfill'])
  })

  test('a window full of requests waits until the first of them have left it', () => {
    const { visit } = desk({ ...LIMITS, concurrency: 100, execution: null })
    const all = Array.from({ length: 25 }, (_, index) => call(String(index), { lane: Lane.person }))
    const first = visit(0, { asking: all })
    expect(first.admitted).toHaveLength(20)
    const rest = all.slice(20)
    visit(10, { asking: rest, over: first.admitted.map((id) => ended(id)) })
    expect(visit(10_009, { asking: rest }).admitted).toEqual([])
    expect(visit(10_400, { asking: rest }).admitted).toHaveLength(5)
  })

  test('the first loads of everything leave a rest of the window to a person', () => {
    const { visit } = desk({ ...LIMITS, requests: 100, concurrency: 1000, execution: null })
    const backfill = Array.from({ length: 200 }, (_, index) => call(`b${index}`, { lane: Lane.backfill }))
    expect(visit(0, { asking: backfill }).admitted).toHaveLength(97)
    expect(visit(1, { asking: [call('p', { lane: Lane.person })] }).admitted).toEqual(['p'])
  })

  test('who has waited long enough goes before a person', () => {
    const { visit } = desk({ ...LIMITS, concurrency: 1 })
    const asking = [
      call('person', { lane: Lane.person }),
      call('backfill', { lane: Lane.backfill, waited: LIMITS.window * 3 + 1 }),
    ]
    expect(visit(0, { asking }).admitted).toEqual(['backfill'])
  })

  test('a place that a person in another process waits for is left to him', () => {
    const { visit } = desk({ ...LIMITS, concurrency: 1 })
    visit(0, { asking: [call('running')] })
    visit(10, { process: 'two', asking: [call('person', { lane: Lane.person })] })
    expect(visit(20, { asking: [call('next', { waited: 20 })], over: [ended('running')] }).admitted).toEqual(
      [],
    )
    expect(
      visit(30, { process: 'two', asking: [call('person', { lane: Lane.person, waited: 20 })] }).admitted,
    ).toEqual(['person'])
  })

  test('a process that died gives its places back', () => {
    const { visit } = desk()
    expect(
      visit(0, { asking: ['a', 'b', 'c', 'd'].map((id) => call(id, { longest: 1_000 })) }).admitted,
    ).toHaveLength(4)
    expect(visit(999, { process: 'two', asking: [call('e')] }).admitted).toEqual([])
    expect(visit(1_000, { process: 'two', asking: [call('e')] }).admitted).toEqual(['e'])
  })
})

describe('throttling', () => {
  const throttled = (retryAfter: number | null) => ({ throttled: { retryAfter, by: 'concurrency' as const } })

  test('nothing begins before Retry-After is over; then one call goes ahead, and when it is well the others follow', () => {
    const { visit, gauge } = desk()
    visit(0, { asking: [call('a')] })
    const asking = [call('b'), call('c'), call('d')]
    expect(visit(100, { asking, over: [ended('a', throttled(5_000))] }).admitted).toEqual([])
    expect(gauge(100).blockedUntil).toBe(5_100)
    expect(visit(5_099, { asking }).admitted).toEqual([])
    expect(visit(5_100, { asking }).admitted).toEqual(['b'])
    expect(visit(5_200, { asking: asking.slice(1), over: [ended('b')] }).admitted).toEqual(['c', 'd'])
  })

  test('the limit that was named is believed in by half, once for calls that were under way together, and recovers', () => {
    const { visit, gauge } = desk()
    visit(0, { asking: [call('a'), call('b')] })
    visit(100, { over: [ended('a', throttled(1_000))] })
    visit(101, { over: [ended('b', throttled(1_000))] })
    expect(gauge(101).concurrency.believed).toBeCloseTo(0.5, 2)
    expect(gauge(101).requests.believed).toBe(1)
    visit(101 + LIMITS.window, {})
    expect(gauge(101 + LIMITS.window).concurrency.believed).toBe(1)
  })

  test('without Retry-After the pauses grow', () => {
    const { visit, gauge } = desk()
    const pauses: number[] = []
    let now = 0
    for (const id of ['a', 'b', 'c']) {
      expect(visit(now, { asking: [call(id)] }).admitted).toEqual([id])
      visit(now, { over: [ended(id, throttled(null))] })
      const until = gauge(now).blockedUntil ?? now
      pauses.push(until - now)
      now = until
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000])
  })
})

describe('what calls cost', () => {
  test('is learned from how long they take', () => {
    const { visit, gauge } = desk({ ...LIMITS, requests: null, concurrency: 50 })
    visit(0, { asking: [call('a')] })
    visit(500, { over: [ended('a', { duration: 1_000 })] })
    // 100 ms a row from now on: of 5,000 ms a hundred rows at most, besides what is spent.
    const asking = Array.from({ length: 10 }, (_, index) => call(String(index), { lane: Lane.person }))
    expect(visit(501, { asking }).admitted).toHaveLength(4)
    expect(gauge(501).execution.used).toBe(5_000)
  })

  test('is corrected by what the service says is left, also what somebody else has spent', () => {
    const { visit, gauge } = desk()
    visit(0, { asking: [call('a'), call('b')] })
    visit(100, { over: [ended('a', { duration: 1_000, remaining: { requests: 12, execution: 4_800 } })] })
    expect(gauge(100).execution.used).toBe(200 + 200)
    expect(gauge(100).requests.used).toBe(8)
  })

  test('is what the service charges, however long calls take and in whatever order they are answered', () => {
    const { visit, gauge } = desk({ window: 300_000, requests: null, execution: 1_200_000, concurrency: 52 })
    const asking = Array.from({ length: 40 }, (_, index) => call(String(index), { rows: 50 }))
    // 30 ms a row; all of a page are charged before the first of its answers arrives, and every two answers are mixed up.
    const charge = 40 * 50 * 30
    for (let page = 0; page < 5; page += 1) {
      const now = page * 11_000
      const calls = asking.map((one) => ({ ...one, id: `${page}/${one.id}` }))
      expect(visit(now, { asking: calls }).admitted).toHaveLength(40)
      calls.forEach(({ id }, index) => {
        const sum = charge * page + Math.min(40, (index ^ 1) + 20) * 50 * 30
        const remaining = { requests: null, execution: 1_200_000 - sum }
        visit(now + 10_000 + index, { over: [ended(id, { duration: 10_000, remaining })] })
      })
    }
    const spent = gauge(54_500).execution.used
    expect(spent / (5 * charge)).toBeCloseTo(1, 1)
    visit(54_500, { asking: [call('next', { rows: 100 })] })
    const expected = gauge(54_500).execution.used - spent
    expect(expected).toBeGreaterThan(2_000)
    expect(expected).toBeLessThan(4_500)
  })
})

interface Step {
  readonly wait: number
  readonly process: number
  readonly asks: readonly (readonly [lane: Lane, rows: number])[]
  readonly ends: number
}

const step: fc.Arbitrary<Step> = fc.record({
  wait: fc.integer({ min: 0, max: 1_500 }),
  process: fc.integer({ min: 0, max: 2 }),
  asks: fc.array(fc.tuple(fc.constantFrom(...LANES), fc.integer({ min: 1, max: 40 })), { maxLength: 6 }),
  ends: fc.integer({ min: 0, max: 4 }),
})

/** What a service has counted: a call when it arrives, its execution time when it is done, forgotten a window later. */
interface Arrival {
  readonly at: number
  doneAt: number | null
  readonly execution: number
}

const limits: fc.Arbitrary<Limits> = fc.record({
  window: fc.constant(10_000),
  requests: fc.integer({ min: 3, max: 20 }),
  execution: fc.integer({ min: 1_000, max: 8_000 }),
  concurrency: fc.integer({ min: 1, max: 8 }),
})

test('whatever several processes ask for, no window of the service ever holds more than its limits', () => {
  fc.assert(
    fc.property(limits, fc.array(step, { minLength: 10, maxLength: 120 }), (given, steps) => {
      let state: GovernorState | null = null
      let now = 0
      let number = 0
      const perRow = 20
      const waiting: { asking: AskingCall; since: number }[][] = [[], [], []]
      const running: Map<string, Arrival>[] = [new Map(), new Map(), new Map()]
      const arrivals: Arrival[] = []
      for (const { wait, process, asks, ends } of steps) {
        now += wait
        const mine = waiting[process] ?? []
        const open = running[process] ?? new Map<string, Arrival>()
        for (const [lane, rows] of asks)
          mine.push({ asking: call(`c${(number += 1)}`, { lane, rows }), since: now })
        const over: EndedCall[] = []
        for (const [id, arrival] of [...open].slice(0, ends)) {
          arrival.doneAt = now
          open.delete(id)
          over.push(ended(id, { duration: arrival.execution }))
        }
        const asking = mine.map((one) => ({ ...one.asking, waited: now - one.since }))
        const result = attend(state, { process: String(process), limits: given, ended: over, asking }, now)
        state = result.state
        for (const id of result.admitted) {
          const index = mine.findIndex((one) => one.asking.id === id)
          const [one] = mine.splice(index, 1)
          const arrival = { at: now, doneAt: null, execution: (one?.asking.rows ?? 0) * perRow }
          open.set(id, arrival)
          arrivals.push(arrival)
        }
        const recent = now - given.window
        const requests = arrivals.filter((arrival) => arrival.at > recent).length
        const execution = arrivals
          .filter((arrival) => arrival.doneAt === null || arrival.doneAt > recent)
          .reduce((sum, arrival) => sum + arrival.execution, 0)
        const atOnce = arrivals.filter((arrival) => arrival.doneAt === null).length
        expect(atOnce).toBeLessThanOrEqual(given.concurrency)
        expect(requests).toBeLessThanOrEqual(given.requests ?? 0)
        expect(execution).toBeLessThanOrEqual(given.execution ?? 0)
      }
    }),
    { numRuns: 300 },
  )
})

test('every call gets its turn in the end', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...LANES), { minLength: 1, maxLength: 60 }), (lanes) => {
      let state: GovernorState | null = null
      let waiting = lanes.map((lane, index) => call(String(index), { lane }))
      let over: EndedCall[] = []
      for (let now = 0; waiting.length > 0; now += 500) {
        expect(now).toBeLessThan(10 * LIMITS.window)
        const asking = waiting.map((one) => ({ ...one, waited: now }))
        const result = attend(state, { process: 'one', limits: LIMITS, ended: over, asking }, now)
        state = result.state
        waiting = waiting.filter((one) => !result.admitted.includes(one.id))
        over = result.admitted.map((id) => ended(id))
      }
    }),
    { numRuns: 50 },
  )
})
