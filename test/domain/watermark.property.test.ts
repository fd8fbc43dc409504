import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLOCK_ERROR, clockFall, nextWatermark, readFrom } from '../../src/domain/watermark.js'

const DELAY = 60_000

/** A record saved at a source: stamped when its transaction begins, visible when it commits. */
interface Save {
  readonly begins: number
  readonly commits: number
}
interface Fall {
  readonly at: number
  readonly by: number
}
/** A source's true time line; every time is a true time in milliseconds, `passes` are the moments at which passes begin. */
interface History {
  readonly saves: readonly Save[]
  readonly falls: readonly Fall[]
  readonly passes: readonly number[]
  readonly resolution: number
}

const HOUR = 3_600_000
const moment = fc.integer({ min: 0, max: HOUR })
const histories: fc.Arbitrary<History> = fc.record({
  saves: fc.array(
    fc
      .record({ begins: moment, lag: fc.integer({ min: 0, max: DELAY - 2 * CLOCK_ERROR }) })
      .map(({ begins, lag }) => ({ begins, commits: begins + lag })),
    { minLength: 1, maxLength: 12, size: 'max' },
  ),
  falls: fc.array(fc.record({ at: moment, by: fc.integer({ min: 1, max: HOUR }) }), { maxLength: 3 }),
  passes: fc.array(moment, { maxLength: 12, size: 'max' }).map((times) => times.toSorted((a, b) => a - b)),
  resolution: fc.constantFrom(1, 1_000),
})

/** What the source's clock shows at a true time. */
const clockOf = (history: History, at: number) =>
  at - history.falls.filter((fall) => fall.at <= at).reduce((sum, fall) => sum + fall.by, 0)

/** Runs all passes, then one long after; returns which saves a pass has read after they became visible. */
function readBy(history: History, rules: { clockFall: typeof clockFall; delay: number }): ReadonlySet<Save> {
  const read = new Set<Save>()
  let watermark: number | null = null
  let offsetBefore: number | null = null
  for (const at of [...history.passes, 2 * HOUR]) {
    // The `Date` header says whole seconds.
    const clock = Math.floor(clockOf(history, at) / 1_000) * 1_000
    const offset = clock - at
    const fall = rules.clockFall(offsetBefore, offset)
    const from = readFrom(watermark, fall)
    for (const save of history.saves) {
      const stamp = Math.floor(clockOf(history, save.begins) / history.resolution) * history.resolution
      if (save.commits <= at && (from === null || stamp >= from)) read.add(save)
    }
    watermark = nextWatermark(watermark, clock, rules.delay, fall)
    offsetBefore = offset
  }
  return read
}

describe('the watermark', () => {
  it('never passes an unread change, for commits within the commit delay and falls of the clock', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const read = readBy(history, { clockFall, delay: DELAY })
        expect(history.saves.filter((save) => !read.has(save))).toEqual([])
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    ['without the commit delay', { clockFall, delay: 0 }],
    ['without the falls of the clock', { clockFall: () => 0, delay: DELAY }],
  ])('would pass one %s', (_name, rules) => {
    const passed = fc.check(
      fc.property(histories, (history) => readBy(history, rules).size === history.saves.length),
      { numRuns: 5_000 },
    )
    expect(passed.failed).toBe(true)
  })

  it('moves on even when nothing was read', () => {
    expect(nextWatermark(null, 100_000, DELAY, 0)).toBe(40_000)
    expect(nextWatermark(40_000, 200_000, DELAY, 0)).toBe(140_000)
  })

  it('never moves back, except by a fall of the clock', () => {
    expect(nextWatermark(150_000, 200_000, DELAY, 0)).toBe(150_000)
    expect(nextWatermark(150_000, 100_000, DELAY, 100_000)).toBe(50_000)
    fc.assert(
      fc.property(moment, moment, fc.nat(HOUR), (before, clock, fall) => {
        expect(nextWatermark(before, clock, DELAY, fall)).toBeGreaterThanOrEqual(before - fall)
      }),
    )
  })

  it.each([
    ['no watermark reads everything', null, 0, null],
    ['a watermark is where reading begins', 100_000, 0, 100_000],
    ['earlier by the fall', 100_000, 30_000, 70_000],
  ])('%s', (_name, watermark, fall, from) => {
    expect(readFrom(watermark, fall)).toBe(from)
  })

  it.each([
    ['unknown before', null, -5_000, 0],
    ['within the error of whole seconds', 0, -CLOCK_ERROR, 0],
    ['a real fall', 1_000, -5_000, 6_000],
    ['a rise is no fall', 0, 9_000, 0],
  ])('the fall of a clock, %s', (_name, before, now, fall) => {
    expect(clockFall(before, now)).toBe(fall)
  })
})
