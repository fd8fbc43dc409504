import { describe, expect, test } from 'vitest'
import { formatAgo } from '../../console/src/shared/ago.js'
import { isNotCarried } from '../../console/src/shared/carried.js'
import { headlineOf } from '../../console/src/pages/errors/headline.js'
import { isTaken } from '../../console/src/pages/mappings/create/pair.js'

describe('how long ago something was', () => {
  const now = Date.parse('2026-11-24T12:00:00Z')
  const told = (seconds: number): string => formatAgo(new Date(now + seconds * 1000), now, 'en')

  test('is told in the largest unit that fits', () => {
    expect(told(-40)).toBe('40 seconds ago')
    expect(told(-180)).toBe('3 minutes ago')
    expect(told(600)).toBe('in 10 minutes')
  })

  test('what has just happened by a clock that is a little ahead is now, not in the future', () => {
    expect(told(3)).toBe('now')
    expect(told(9)).toBe('in 9 seconds')
  })
})

describe('whether a value is carried at all', () => {
  const pair = (local: string | null, integration: string | null) => ({
    equal: true,
    lookup: false,
    local,
    integration,
  })

  test('not where one side holds something, the other nothing, and the mapping leaves it so', () => {
    expect(isNotCarried(pair('7750', null))).toBe(true)
    expect(isNotCarried(pair(null, 'FOB'))).toBe(true)
  })

  test('a value that differs is, and so is what both hold, each in its own words', () => {
    expect(isNotCarried({ ...pair('7750', null), equal: false })).toBe(false)
    expect(isNotCarried(pair('NET 30', 'Net 30'))).toBe(false)
    expect(isNotCarried(pair(null, null))).toBe(false)
  })

  test('a reference is, to a record that stands for what the other side leaves blank', () => {
    expect(isNotCarried({ ...pair(null, '8f1c'), lookup: true })).toBe(false)
  })

  test('zero, no and the empty text are what some systems hold for nothing', () => {
    for (const nothing of ['0', '0.00', 'false', '']) expect(isNotCarried(pair(nothing, null))).toBe(false)
  })
})

test('the name of a mapping is taken in whichever case it is typed', () => {
  expect(isTaken(' vendor ', ['CUSTOMER', 'VENDOR'])).toBe(true)
  expect(isTaken('VENDOR 2', ['CUSTOMER', 'VENDOR'])).toBe(false)
})

describe('what a root cause is called', () => {
  const cause = 'No security role of the user has the privilege prvWriteAccount.'

  test('by its message, or by what stands behind it where that is too long to be read', () => {
    const short = 'Name must be filled in.'
    const long = `Principal user (Id=${'0123456789abcdef'.repeat(10)}) is missing prvWriteAccount privilege`
    expect(headlineOf({ message: short, cause })).toBe(short)
    expect(headlineOf({ message: long, cause })).toBe(cause)
    expect(headlineOf({ message: long, cause: '' })).toBe(long)
  })
})
