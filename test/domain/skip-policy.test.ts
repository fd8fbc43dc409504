import { describe, expect, it } from 'vitest'
import { ErrorClass } from '../../src/domain/failure.js'
import { attemptsWithin } from '../../src/domain/patience.js'
import { afterFailure, isRetry } from '../../src/domain/skip-policy.js'

type Fate = 'skipped at once' | 'pending for as long as it takes' | 'skipped after five attempts'

const FATES: Readonly<Record<ErrorClass, Fate>> = {
  CONFLICT: 'skipped at once',
  DELETED_RECORD: 'skipped at once',
  DEPENDENCY_MISSING: 'pending for as long as it takes',
  PERMISSION: 'pending for as long as it takes',
  SETUP: 'pending for as long as it takes',
  THROTTLED: 'pending for as long as it takes',
  UNAVAILABLE: 'pending for as long as it takes',
  VALIDATION: 'skipped after five attempts',
  DUPLICATE: 'skipped after five attempts',
  AMBIGUOUS_MATCH: 'skipped after five attempts',
  UNEXPECTED: 'skipped after five attempts',
}

const HISTORIES: Readonly<Record<Fate, readonly string[]>> = {
  'skipped at once': ['SKIPPED', 'SKIPPED', 'SKIPPED', 'SKIPPED', 'SKIPPED', 'SKIPPED'],
  'pending for as long as it takes': Array.from({ length: 6 }, () => 'PENDING, next run 1'),
  'skipped after five attempts': [
    'PENDING, next run 1',
    'PENDING, next run 2',
    'PENDING, next run 4',
    'PENDING, next run 8',
    'SKIPPED',
    'SKIPPED',
  ],
}

describe('afterFailure', () => {
  it.each(Object.entries(FATES) as [ErrorClass, Fate][])('%s: %s', (errorClass, fate) => {
    const told = [0, 1, 2, 3, 4, 5].map((attempts) => {
      const after = afterFailure(errorClass, attempts, 5)
      return after.state === 'SKIPPED' ? 'SKIPPED' : `PENDING, next run ${after.waitRuns}`
    })
    expect(told).toEqual(HISTORIES[fate])
  })

  it('counts the attempt that failed', () => {
    expect(afterFailure('VALIDATION', 2, 5).attempts).toBe(3)
  })
})

describe('isRetry', () => {
  it.each([...Object.values(ErrorClass), 'RETRY' as const])('%s is a second attempt', (reason) => {
    expect(isRetry(reason)).toBe(true)
  })

  it.each(['FIRST_CONTACT', 'OTHER_PASS', 'BUSY', 'OPEN_INTENT'] as const)('%s is not', (reason) => {
    expect(isRetry(reason)).toBe(false)
  })
})

describe('attemptsWithin', () => {
  it.each([
    [0, 2],
    [1_000, 2],
    [3_000, 3],
    [7_000, 4],
    [63_000, 7],
    [63_001, 8],
  ])('%d ms of patience: %d attempts', (patience, attempts) => {
    expect(attemptsWithin(patience)).toBe(attempts)
  })
})
