import { describe, expect, test } from 'vitest'
import type { ConflictDetail } from '../../src/domain/conflict.js'
import type { Decision, Outcome } from '../../src/domain/decision.js'
import type { Failure } from '../../src/domain/failure.js'
import {
  isCarriedOut,
  planItemOf,
  planKey,
  type PlanAction,
  type PlanItem,
  type PlannedRecord,
} from '../../src/domain/plan.js'
import type { RecordSnapshot } from '../../src/domain/record.js'
import { FROM, TO } from './support.js'

const record = (id: string, version: string, values: RecordSnapshot['values']): RecordSnapshot => ({
  id,
  version,
  stamp: 1,
  values,
})
const SOURCE = record('s', 's1', { displayName: 'New', phoneNumber: null })
const DESTINATION = record('d', 'd1', { name: 'Old', telephone1: '1', fax: null })
const FAILURE: Failure = { errorClass: 'VALIDATION', message: 'm', cause: 'c', remedy: 'r', field: 'name' }
const DETAIL: ConflictDetail = {
  firstContact: false,
  localStamp: null,
  integrationStamp: null,
  localVersion: null,
  integrationVersion: null,
  coupledLocalStamp: null,
  coupledIntegrationStamp: null,
  editedLast: null,
  fields: [],
}

const planned = (
  outcome: Outcome,
  rest: Partial<PlannedRecord & { partner: string | null }> = {},
): PlannedRecord => ({
  direction: TO,
  sourceId: 's',
  source: SOURCE,
  destinationId: 'd',
  destination: DESTINATION,
  couplingId: 'c',
  decision: { row: 14, partner: rest.partner ?? null, ...outcome } as Decision,
  ...rest,
})

interface Case {
  readonly outcome: Outcome
  readonly action: PlanAction | null
  readonly changes?: PlanItem['changes']
}

/** One case per outcome: an outcome without one does not compile. */
const CASES: Readonly<Record<Outcome['outcome'], Case>> = {
  inserted: {
    outcome: { outcome: 'inserted', values: { telephone1: '2', name: 'New' } },
    action: 'CREATE',
    changes: [
      { side: 'INTEGRATION', field: 'name', before: null, after: 'New' },
      { side: 'INTEGRATION', field: 'telephone1', before: null, after: '2' },
    ],
  },
  restored: {
    outcome: { outcome: 'restored', side: 'LOCAL', values: { displayName: 'Again' } },
    action: 'CREATE',
    changes: [{ side: 'LOCAL', field: 'displayName', before: null, after: 'Again' }],
  },
  modified: {
    outcome: {
      outcome: 'modified',
      writes: { local: { phoneNumber: '1' }, integration: { name: 'New' } },
      lost: [],
    },
    action: 'UPDATE',
    changes: [
      { side: 'LOCAL', field: 'phoneNumber', before: null, after: '1' },
      { side: 'INTEGRATION', field: 'name', before: 'Old', after: 'New' },
    ],
  },
  deletedOther: {
    outcome: { outcome: 'deletedOther', side: 'INTEGRATION', version: 'd1' },
    action: 'DELETE',
    changes: [
      { side: 'INTEGRATION', field: 'name', before: 'Old', after: null },
      { side: 'INTEGRATION', field: 'telephone1', before: '1', after: null },
    ],
  },
  uncoupled: { outcome: { outcome: 'uncoupled' }, action: 'UNCOUPLE' },
  deleted: { outcome: { outcome: 'deleted' }, action: 'UNCOUPLE' },
  conflict: { outcome: { outcome: 'conflict', failure: FAILURE, detail: DETAIL }, action: 'CONFLICT' },
  destinationChanged: { outcome: { outcome: 'destinationChanged', detail: DETAIL }, action: 'CONFLICT' },
  changedSince: { outcome: { outcome: 'changedSince', detail: DETAIL }, action: 'CONFLICT' },
  failed: { outcome: { outcome: 'failed', failure: FAILURE }, action: 'FAIL' },
  unmatched: { outcome: { outcome: 'unmatched', failure: FAILURE }, action: 'FAIL' },
  skipped: { outcome: { outcome: 'skipped' }, action: 'SKIP' },
  coupled: { outcome: { outcome: 'coupled' }, action: null },
  unchanged: { outcome: { outcome: 'unchanged', refresh: true, pendingFor: null }, action: null },
  ignored: { outcome: { outcome: 'ignored', reason: 'OUT_OF_FILTER' }, action: null },
}

describe('what a plan lists of a decision', () => {
  test.each(Object.entries(CASES))('%s', (_, { outcome, action, changes }) => {
    const item = planItemOf(planned(outcome))
    expect(item?.action ?? null).toBe(action)
    expect(item?.changes ?? []).toEqual(changes ?? [])
  })

  test.each<Outcome>([{ outcome: 'unchanged', refresh: true, pendingFor: null }, { outcome: 'coupled' }])(
    'a match is coupled; a pair that is coupled already is not listed ($outcome)',
    (outcome) => {
      expect(planItemOf(planned(outcome, { couplingId: null, partner: 'd' }))).toMatchObject({
        action: 'COUPLE',
        couples: true,
      })
      expect(planItemOf(planned(outcome))).toBeNull()
    },
  )

  test('versions are told by side, whichever pass it is', () => {
    const { outcome } = CASES.skipped
    expect(planItemOf(planned(outcome))).toMatchObject({ localVersion: 's1', integrationVersion: 'd1' })
    expect(planItemOf(planned(outcome, { direction: FROM }))).toMatchObject({
      localVersion: 'd1',
      integrationVersion: 's1',
    })
  })
})

describe('the key that binds an application to its plan', () => {
  const item = planItemOf(planned(CASES.modified.outcome)) as PlanItem
  test.each<[string, Partial<PlanItem>]>([
    ['another action', { action: 'CREATE' }],
    ['another version of Business Central', { localVersion: 's2' }],
    ['another version of Sales', { integrationVersion: 'd2' }],
    ['another value', { changes: item.changes.map((change) => ({ ...change, after: 'Other' })) }],
    ['another value before', { changes: item.changes.map((change) => ({ ...change, before: 'Other' })) }],
    ['another partner', { destinationId: 'e' }],
    ['another coupling', { couplingId: null, couples: true }],
  ])('differs for %s', (_, change) => {
    expect(planKey({ ...item, ...change })).not.toBe(planKey(item))
  })

  test('does not depend on wordings', () => {
    const failed = planItemOf(planned(CASES.failed.outcome)) as PlanItem
    expect(planKey({ ...failed, failure: { ...FAILURE, message: 'other words' } })).toBe(planKey(failed))
  })
})

test('conflicts, failures and skips are told and not carried out', () => {
  const all: readonly PlanAction[] = [
    'CREATE',
    'UPDATE',
    'DELETE',
    'COUPLE',
    'UNCOUPLE',
    'CONFLICT',
    'FAIL',
    'SKIP',
  ]
  expect(all.filter(isCarriedOut)).toEqual(['CREATE', 'UPDATE', 'DELETE', 'COUPLE', 'UNCOUPLE'])
})
