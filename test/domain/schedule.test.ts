import { describe, expect, test } from 'vitest'
import { describeSchedule, nextStart, scheduleOffset, sleepAfter } from '../../src/domain/schedule.js'

const at = (text: string): number => Date.parse(text)
const MINUTE = 60_000

describe('the next start of a schedule', () => {
  test('an interval keeps to its own place within the interval', () => {
    const half = { kind: 'interval', minutes: 30 } as const
    expect(nextStart(half, 7 * MINUTE, at('2026-03-01T10:00:00Z'))).toBe(at('2026-03-01T10:07:00Z'))
    expect(nextStart(half, 7 * MINUTE, at('2026-03-01T10:07:00Z'))).toBe(at('2026-03-01T10:37:00Z'))
    expect(nextStart(half, 7 * MINUTE, at('2026-03-01T10:36:59Z'))).toBe(at('2026-03-01T10:37:00Z'))
  })

  test('a cron expression is read in its time zone, also across the change of the clocks', () => {
    const berlin = { kind: 'cron', expression: '0 6 * * *', timeZone: 'Europe/Berlin' } as const
    expect(nextStart(berlin, 0, at('2026-03-28T12:00:00Z'))).toBe(at('2026-03-29T04:00:00Z'))
    expect(nextStart(berlin, 0, at('2026-03-27T12:00:00Z'))).toBe(at('2026-03-28T05:00:00Z'))
  })

  test('an unknown expression is refused', () => {
    expect(() => nextStart({ kind: 'cron', expression: '99 * * * *', timeZone: 'UTC' }, 0, 0)).toThrow('99')
  })
})

test('mappings have places of their own within an interval, in whole seconds', () => {
  const ids = ['0000000a-', '00000a00-', 'ffffffff-'].map((start) => `${start}0000-4000-8000-000000000000`)
  const offsets = ids.map((id) => scheduleOffset(id, 30 * MINUTE))
  expect(new Set(offsets).size).toBe(3)
  for (const offset of offsets) {
    expect(offset % 1000).toBe(0)
    expect(offset).toBeGreaterThanOrEqual(0)
    expect(offset).toBeLessThan(30 * MINUTE)
  }
})

test('a schedule in words', () => {
  expect(describeSchedule({ kind: 'interval', minutes: 1 })).toBe('Every 1 minute')
  expect(describeSchedule({ kind: 'interval', minutes: 30 })).toBe('Every 30 minutes')
  expect(describeSchedule({ kind: 'cron', expression: '0 6 * * 1', timeZone: 'Europe/Berlin' })).toBe(
    'Cron 0 6 * * 1 (Europe/Berlin)',
  )
})

test.each([
  ['nothing to do', { wroteOrFailed: 0, pending: 0 }, 720, 720 * MINUTE],
  ['something was written', { wroteOrFailed: 1, pending: 0 }, 720, null],
  ['something is left to try again', { wroteOrFailed: 0, pending: 1 }, 720, null],
  ['no inactivity timeout', { wroteOrFailed: 0, pending: 0 }, null, null],
])('sleep after a run: %s', (_, run, timeout, until) => {
  expect(sleepAfter(run, timeout, 0)).toBe(until)
})
