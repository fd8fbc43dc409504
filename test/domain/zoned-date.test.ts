import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayOf, isDate, isTimeZone, readInstant, startOfDay } from '../../src/domain/zoned-date.js'

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Havana',
  'America/Sao_Paulo',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
]

describe('startOfDay', () => {
  it.each([
    ['UTC', '2026-01-05', '2026-01-05T00:00:00Z'],
    ['Europe/Berlin', '2026-01-05', '2026-01-04T23:00:00Z'],
    ['Europe/Berlin', '2026-07-05', '2026-07-04T22:00:00Z'],
    ['America/New_York', '2026-01-05', '2026-01-05T05:00:00Z'],
    // Midnight comes twice: the first.
    ['America/Havana', '2023-11-05', '2023-11-05T04:00:00Z'],
    // Midnight does not come: the instant after the gap.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z'],
    ['Asia/Beirut', '2022-03-27', '2022-03-26T22:00:00Z'],
    // The hour before midnight comes twice.
    ['America/Sao_Paulo', '2018-02-18', '2018-02-18T03:00:00Z'],
    // The day did not come at all.
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z'],
  ])('in %s the day %s begins at %s', (timeZone, date, instant) => {
    expect(startOfDay(date, timeZone)).toBe(instant)
  })

  it('is the first instant of its day, in every zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.date({ min: new Date('1990-01-01'), max: new Date('2035-12-31'), noInvalidDate: true }),
        (timeZone, at) => {
          const date = at.toISOString().slice(0, 10)
          fc.pre(!(timeZone === 'Pacific/Apia' && date === '2011-12-30'))
          const start = startOfDay(date, timeZone)
          expect(dayOf(start, timeZone)).toBe(date)
          const before = new Date(Date.parse(start) - 1_000).toISOString()
          expect(dayOf(before, timeZone) < date).toBe(true)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('refuses what is no day', () => {
    expect(() => startOfDay('2026-02-30', 'UTC')).toThrow('Not a day in UTC: 2026-02-30.')
  })
})

describe('dayOf', () => {
  it.each([
    ['2026-01-04T23:30:00Z', 'Europe/Berlin', '2026-01-05'],
    ['2026-01-04T23:30:00Z', 'UTC', '2026-01-04'],
    ['2026-01-05T04:59:59.999Z', 'America/New_York', '2026-01-04'],
  ])('%s is in %s the day %s', (instant, timeZone, date) => {
    expect(dayOf(instant, timeZone)).toBe(date)
  })
})

describe('readInstant', () => {
  it.each([
    ['2026-01-05T10:00:00Z', '2026-01-05T10:00:00Z'],
    ['2026-01-05T10:00:00.000Z', '2026-01-05T10:00:00Z'],
    ['2026-01-05T10:00:00.1234567Z', '2026-01-05T10:00:00.1234567Z'],
    ['2026-01-05T10:00:00.50Z', '2026-01-05T10:00:00.5Z'],
    ['2026-01-05T10:00+01:00', '2026-01-05T09:00:00Z'],
    ['2026-01-01T00:30:00.5+0100', '2025-12-31T23:30:00.5Z'],
  ])('%s is %s', (text, instant) => {
    expect(readInstant(text)).toBe(instant)
  })

  it.each(['2026-01-05', '2026-01-05T10:00:00', '2026-02-30T10:00:00Z', 'now', ''])('%j is none', (text) => {
    expect(readInstant(text)).toBeNull()
  })
})

describe('isTimeZone and isDate', () => {
  it.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['Mars/Phobos', false],
    ['', false],
  ])('%j is a time zone: %s', (name, is) => {
    expect(isTimeZone(name)).toBe(is)
  })

  it.each([
    ['2026-02-28', true],
    ['2026-02-29', false],
    ['2026-1-5', false],
    ['2026-01-05T10:00:00Z', false],
  ])('%j is a date: %s', (text, is) => {
    expect(isDate(text)).toBe(is)
  })
})
