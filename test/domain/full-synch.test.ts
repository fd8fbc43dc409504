import { describe, expect, test } from 'vitest'
import {
  lineStatusAfter,
  nextLines,
  recommendationFor,
  type FullSynchAction,
  type FullSynchLineStatus,
  type LineFacts,
} from '../../src/domain/full-synch.js'
import type { RunStatus } from '../../src/domain/run.js'

const facts = (local: number | null, integration: number | null, coupled = 0, rules = true): LineFacts => ({
  localCount: local,
  integrationCount: integration,
  coupledCount: coupled,
  hasMatchRules: rules,
})

describe('Initial Synch Recommendation', () => {
  test.each<[string, LineFacts, FullSynchAction]>([
    ['both sides are empty', facts(0, 0), 'NONE'],
    ['only Business Central holds records', facts(5, 0), 'FULL'],
    ['only the integration table holds records', facts(0, 5), 'FULL'],
    ['both hold records and none is coupled', facts(5, 5), 'COUPLE'],
    ['both hold records and some are coupled', facts(5, 5, 1), 'FULL'],
    ['there is nothing to match by, so that all would be created anew', facts(5, 5, 0, false), 'NONE'],
    ['a side could not be counted', facts(null, 5), 'COUPLE'],
    ['neither side could be counted', facts(null, null, 3), 'FULL'],
  ])('%s', (_, given, expected) => {
    expect(recommendationFor(given)).toBe(expected)
  })
})

describe('dependency order', () => {
  const line = (name: string, status: FullSynchLineStatus, ...dependsOn: string[]) => ({
    name,
    status,
    dependsOn,
  })

  test('a line starts when all it depends on are through; lines that are not listed are', () => {
    const lines = [
      line('CURRENCY', 'FINISHED'),
      line('SALESPEOPLE', 'RUNNING'),
      line('CUSTOMER', 'WAITING', 'CURRENCY', 'SALESPEOPLE'),
      line('VENDOR', 'WAITING', 'CURRENCY', 'ELSEWHERE'),
      line('CONTACT', 'WAITING', 'CUSTOMER'),
    ]
    expect(nextLines(lines)).toEqual({ start: ['VENDOR'], blocked: [] })
  })

  test('a line that has nothing to do holds nobody up', () => {
    expect(nextLines([line('CURRENCY', 'LEFT_OUT'), line('CUSTOMER', 'WAITING', 'CURRENCY')]).start).toEqual([
      'CUSTOMER',
    ])
  })

  test.each<FullSynchLineStatus>(['FAILED', 'BLOCKED', 'CANCELLED'])(
    'a line behind one that is %s is blocked',
    (status) => {
      expect(nextLines([line('CURRENCY', status), line('CUSTOMER', 'WAITING', 'CURRENCY')])).toEqual({
        start: [],
        blocked: [{ name: 'CUSTOMER', by: 'CURRENCY' }],
      })
    },
  )
})

const AFTER: Readonly<Record<RunStatus, FullSynchLineStatus | null>> = {
  QUEUED: null,
  RUNNING: null,
  COMPLETED: 'FINISHED',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
}
test.each(Object.entries(AFTER))('a line whose run is %s', (status, expected) => {
  expect(lineStatusAfter(status as RunStatus)).toBe(expected)
})
