import { describe, expect, test } from 'vitest'
import { nearest, StatusReason, whyOf, type StatusFacts } from '../../src/domain/record-status.js'

/** A coupled, settled record that nobody has looked at, in a mapping that runs. */
const SETTLED: StatusFacts = {
  live: null,
  isCoupled: true,
  state: null,
  isFiltered: false,
  connectionStopped: false,
  mapping: { paused: false, stopped: false, creates: false },
}
const LOOKED = { presence: 'FOUND', partnerFound: true, changed: false } as const
const STRANGER = {
  isCoupled: false,
  live: { presence: 'FOUND', partnerFound: null, changed: null },
} as const

const skipped = (reason: 'CONFLICT' | 'VALIDATION' | 'DELETED_RECORD') =>
  ({ status: 'SKIPPED', reason, waitsFor: null }) as const
const pending = (reason: 'VALIDATION' | 'FIRST_CONTACT' | 'DELETION_REVIEW') =>
  ({ status: 'PENDING', reason, waitsFor: null }) as const
const WAITING = {
  status: 'PENDING',
  reason: 'DEPENDENCY_MISSING',
  waitsFor: { side: 'LOCAL', id: '1' },
} as const

/** Every reason, by the least that brings it about, in order of precedence: what stands above wins over what stands below. */
const BECAUSE: Readonly<Record<StatusReason, Partial<StatusFacts>>> = {
  UNKNOWN_RECORD: { isCoupled: false },
  CONNECTION_STOPPED: { connectionStopped: true },
  CONFLICT: { state: skipped('CONFLICT') },
  SKIPPED: { state: skipped('VALIDATION') },
  DELETION_REVIEW: { state: pending('DELETION_REVIEW') },
  FILTERED: { isFiltered: true },
  NOT_COUPLED: STRANGER,
  WAITS_FOR: { state: WAITING },
  MAPPING_PAUSED: { mapping: { paused: true, stopped: false, creates: false } },
  MAPPING_STOPPED: { mapping: { paused: false, stopped: true, creates: false } },
  BACK_OFF: { state: pending('VALIDATION') },
  PENDING_NEXT_RUN: { state: pending('FIRST_CONTACT') },
  IN_SYNC: {},
}

test.each(Object.entries(BECAUSE))('%s', (reason, facts) => {
  expect(whyOf({ ...SETTLED, ...facts })).toBe(reason)
})

/** What one fact says beside another that would say something else. */
const BESIDE: readonly (readonly [StatusReason, string, Partial<StatusFacts>])[] = [
  ['CONNECTION_STOPPED', 'a conflict', { ...BECAUSE.CONNECTION_STOPPED, ...BECAUSE.CONFLICT }],
  ['CONNECTION_STOPPED', 'a filter', { ...BECAUSE.CONNECTION_STOPPED, ...BECAUSE.FILTERED }],
  ['CONFLICT', 'a filter', { ...BECAUSE.CONFLICT, ...BECAUSE.FILTERED }],
  ['SKIPPED', 'a paused mapping', { ...BECAUSE.SKIPPED, ...BECAUSE.MAPPING_PAUSED }],
  ['DELETION_REVIEW', 'a paused mapping', { ...BECAUSE.DELETION_REVIEW, ...BECAUSE.MAPPING_PAUSED }],
  ['FILTERED', 'no coupling', { ...BECAUSE.NOT_COUPLED, ...BECAUSE.FILTERED }],
  ['FILTERED', 'a wait', { ...BECAUSE.WAITS_FOR, ...BECAUSE.FILTERED }],
  ['NOT_COUPLED', 'a paused mapping', { ...BECAUSE.NOT_COUPLED, ...BECAUSE.MAPPING_PAUSED }],
  ['WAITS_FOR', 'a paused mapping', { ...BECAUSE.WAITS_FOR, ...BECAUSE.MAPPING_PAUSED }],
  [
    'MAPPING_PAUSED',
    'a failure that stopped its last run',
    { mapping: { paused: true, stopped: true, creates: false } },
  ],
  ['MAPPING_PAUSED', 'a back-off', { ...BECAUSE.BACK_OFF, ...BECAUSE.MAPPING_PAUSED }],
  ['MAPPING_STOPPED', 'a back-off', { ...BECAUSE.BACK_OFF, ...BECAUSE.MAPPING_STOPPED }],
  ['SKIPPED', 'a deletion that nobody decided', { state: skipped('DELETED_RECORD') }],
]

test.each(BESIDE)('%s comes before %s', (reason, _other, facts) => {
  expect(whyOf({ ...SETTLED, ...facts })).toBe(reason)
})

describe('a look at the systems', () => {
  test('shows a pair in sync, whatever is stopped or paused', () => {
    const stopped = { connectionStopped: true, mapping: { paused: true, stopped: true, creates: false } }
    expect(whyOf({ ...SETTLED, ...stopped, live: LOOKED })).toBe('IN_SYNC')
    expect(whyOf({ ...SETTLED, ...stopped })).toBe('CONNECTION_STOPPED')
  })
  test('shows an edit that no run has carried yet, and what keeps the run from it', () => {
    const live = { ...LOOKED, changed: true }
    expect(whyOf({ ...SETTLED, live })).toBe('PENDING_NEXT_RUN')
    expect(whyOf({ ...SETTLED, live, ...BECAUSE.MAPPING_PAUSED })).toBe('MAPPING_PAUSED')
  })
  test('shows that one of the two is gone, which the next run finds', () => {
    expect(whyOf({ ...SETTLED, live: { ...LOOKED, partnerFound: false } })).toBe('PENDING_NEXT_RUN')
    expect(whyOf({ ...SETTLED, live: { ...LOOKED, presence: 'GONE' } })).toBe('PENDING_NEXT_RUN')
  })
  test('does not end a conflict: a person has to', () => {
    expect(whyOf({ ...SETTLED, ...BECAUSE.CONFLICT, live: LOOKED })).toBe('CONFLICT')
  })
  test('finds a new record that the next run creates a partner for', () => {
    const mapping = { paused: false, stopped: false, creates: true }
    expect(whyOf({ ...SETTLED, ...STRANGER, mapping })).toBe('PENDING_NEXT_RUN')
  })
  test.each(['GONE', 'FORBIDDEN'] as const)('finds nothing of a record that is %s', (presence) => {
    const live = { presence, partnerFound: null, changed: null }
    expect(whyOf({ ...SETTLED, isCoupled: false, live })).toBe('UNKNOWN_RECORD')
  })
})

test('of several mappings the one nearest to sync speaks', () => {
  const told = (reason: StatusReason) => ({ reason })
  expect(nearest([told('FILTERED'), told('NOT_COUPLED')])).toEqual(told('NOT_COUPLED'))
  expect(nearest([told('UNKNOWN_RECORD'), told('FILTERED')])).toEqual(told('FILTERED'))
  expect(nearest([told('NOT_COUPLED'), told('BACK_OFF')])).toEqual(told('BACK_OFF'))
  expect(nearest([])).toBeNull()
})
