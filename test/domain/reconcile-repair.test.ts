import { describe, expect, test } from 'vitest'
import type { Direction } from '../../src/domain/mapping.js'
import type { RecordSnapshot } from '../../src/domain/record.js'
import { Verdict } from '../../src/domain/reconcile.js'
import { repairOf, RepairKeep, type Repair } from '../../src/domain/reconcile-repair.js'
import { judgeUncoupled } from '../../src/domain/reconcile-uncoupled.js'
import { Side } from '../../src/domain/value.js'
import { CONTEXT, FROM, MAPPING, TO } from './support.js'

const CAPTIONS = { LOCAL: 'Customer', INTEGRATION: 'Account' }

describe('what approval of an item means', () => {
  const recommended: Repair = { kind: 'do', action: 'SYNCHRONIZE', pass: TO }
  const meaning = (verdict: Verdict, keep: RepairKeep, direction: Direction = 'BIDIRECTIONAL') => {
    const repair = repairOf({ verdict, recommended }, keep, direction, CAPTIONS)
    return repair.kind === 'do' ? repair.action : 'none'
  }
  /** By verdict: keep LOCAL, keep INTEGRATION. */
  const MEANINGS: Readonly<Record<Verdict, readonly [string, string]>> = {
    EQUAL: ['SYNCHRONIZE', 'SYNCHRONIZE'],
    PENDING: ['WRITE_INTEGRATION', 'WRITE_LOCAL'],
    CONFLICT: ['WRITE_INTEGRATION', 'WRITE_LOCAL'],
    SKIPPED: ['WRITE_INTEGRATION', 'WRITE_LOCAL'],
    FAILING: ['WRITE_INTEGRATION', 'WRITE_LOCAL'],
    DRIFT: ['WRITE_INTEGRATION', 'WRITE_LOCAL'],
    MISSING_LOCAL: ['none', 'RESTORE'],
    MISSING_INTEGRATION: ['RESTORE', 'none'],
    MISSING_BOTH: ['SYNCHRONIZE', 'SYNCHRONIZE'],
    FORBIDDEN: ['SYNCHRONIZE', 'SYNCHRONIZE'],
    OUT_OF_FILTER: ['SYNCHRONIZE', 'SYNCHRONIZE'],
    UNCOUPLED_LOCAL: ['CREATE', 'none'],
    UNCOUPLED_INTEGRATION: ['none', 'CREATE'],
  }

  test.each(Object.values(Verdict))('%s', (verdict) => {
    expect([meaning(verdict, 'LOCAL'), meaning(verdict, 'INTEGRATION')]).toEqual(MEANINGS[verdict])
    expect(meaning(verdict, 'RECOMMENDED')).toBe('SYNCHRONIZE')
  })

  test.each(Object.values(Verdict))(
    '%s: nothing is written against the direction of the mapping',
    (verdict) => {
      const own = (keep: RepairKeep, direction: Direction) => {
        const repair = repairOf({ verdict, recommended }, keep, direction, CAPTIONS)
        return repair.kind === 'none' || repair === recommended || repair.pass === direction
      }
      for (const keep of [RepairKeep.local, RepairKeep.integration])
        for (const direction of [TO, FROM]) expect(own(keep, direction)).toBe(true)
    },
  )

  test('nothing is ever deleted by it, and a record that matches is coupled rather than doubled', () => {
    const couple: Repair = { kind: 'do', action: 'COUPLE', pass: TO }
    const item = { verdict: Verdict.uncoupledLocal, recommended: couple }
    expect(repairOf(item, 'LOCAL', 'BIDIRECTIONAL', CAPTIONS)).toBe(couple)
    expect(repairOf(item, 'INTEGRATION', 'BIDIRECTIONAL', CAPTIONS)).toMatchObject({
      kind: 'none',
      reason: expect.stringContaining('a repair deletes nothing'),
    })
  })
})

describe('a record without a partner', () => {
  const record: RecordSnapshot = { id: 'i1', version: '1', stamp: 0, values: {} }
  const failure = {
    errorClass: 'AMBIGUOUS_MATCH',
    message: 'Two match.',
    cause: '',
    remedy: 'Tell them apart.',
  } as const
  test.each([
    ['matches one', { kind: 'one', partner: record }, {}, 'COUPLE', 'i1'],
    ['matches several', { kind: 'several', failure }, {}, 'Tell them apart.', null],
    ['may be matched soon', { kind: 'busy' }, {}, 'Reconcile again when the run has ended.', null],
    ['matches none', { kind: 'none' }, { onlyCoupled: false }, 'CREATE', null],
    [
      'matches none, and only coupled records are synchronised',
      { kind: 'none' },
      { onlyCoupled: true },
      'is to be kept',
      null,
    ],
    [
      'matches none, and the mapping creates none',
      { kind: 'none' },
      { direction: FROM },
      'carries nothing',
      null,
    ],
  ] as const)('%s', (_name, match, mapping, recommended, partnerId) => {
    const judged = judgeUncoupled({ ...MAPPING, ...mapping }, Side.local, match, CONTEXT)
    expect(judged).toMatchObject({ verdict: 'UNCOUPLED_LOCAL', partnerId })
    const told = judged.recommended.kind === 'do' ? judged.recommended.action : judged.recommended.reason
    expect(told).toContain(recommended)
  })
})
