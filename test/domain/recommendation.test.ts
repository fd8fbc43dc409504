import { describe, expect, test } from 'vitest'
import type { ConflictDetail, ConflictField } from '../../src/domain/conflict.js'
import { ErrorClass } from '../../src/domain/failure.js'
import type { Direction, FieldMapping } from '../../src/domain/mapping.js'
import { Advice, adviseField, FieldReason, recommend } from '../../src/domain/recommendation.js'
import type { Side } from '../../src/domain/value.js'

const field = (values: Partial<ConflictField> = {}): ConflictField => ({
  name: 'city:address1_city',
  localField: 'city',
  integrationField: 'address1_city',
  localCaption: 'City',
  integrationCaption: 'City',
  direction: 'BIDIRECTIONAL',
  base: { local: 'Bonn', integration: 'Bonn' },
  local: 'Ulm',
  integration: 'Trier',
  localChanged: true,
  integrationChanged: true,
  equal: false,
  ...values,
})
const detail = (fields: readonly ConflictField[], values: Partial<ConflictDetail> = {}): ConflictDetail => ({
  firstContact: false,
  localStamp: 1,
  integrationStamp: 2,
  localVersion: 'a',
  integrationVersion: 'b',
  coupledLocalStamp: 0,
  coupledIntegrationStamp: 0,
  editedLast: 'INTEGRATION',
  fields,
  ...values,
})
const mapping = (direction: Direction = 'BIDIRECTIONAL', owner?: Side) => {
  const mapped: FieldMapping = {
    name: 'city:address1_city',
    localField: 'city',
    integrationField: 'address1_city',
    direction: 'BIDIRECTIONAL',
    ...(owner && { owner }),
  }
  return { direction, fields: [mapped] }
}

interface Case {
  readonly field?: Partial<ConflictField>
  readonly detail?: Partial<ConflictDetail>
  readonly owner?: Side
  readonly direction?: Direction
  readonly keep: Side | null
}

/** Every reason, with the cases that it decides. */
const FIELDS: Readonly<Record<FieldReason, readonly Case[]>> = {
  AGREES: [{ field: { equal: true }, keep: null }],
  ONE_WAY: [
    { field: { direction: 'TO_INTEGRATION_TABLE' }, keep: 'LOCAL' },
    { field: { direction: 'FROM_INTEGRATION_TABLE' }, keep: 'INTEGRATION' },
    { direction: 'TO_INTEGRATION_TABLE', owner: 'INTEGRATION', keep: 'LOCAL' },
  ],
  ONLY_ONE_CHANGED: [
    { field: { integrationChanged: false }, keep: 'LOCAL' },
    { field: { localChanged: false }, owner: 'LOCAL', keep: 'INTEGRATION' },
  ],
  OTHER_IS_BLANK: [
    { field: { local: null }, detail: { firstContact: true }, keep: 'INTEGRATION' },
    { field: { integration: null }, detail: { firstContact: true }, owner: 'INTEGRATION', keep: 'LOCAL' },
  ],
  OWNER: [
    { owner: 'LOCAL', keep: 'LOCAL' },
    { owner: 'LOCAL', detail: { firstContact: true }, keep: 'LOCAL' },
  ],
  NEWER: [
    { keep: 'INTEGRATION' },
    { detail: { editedLast: 'LOCAL' }, keep: 'LOCAL' },
    { detail: { firstContact: true, editedLast: 'LOCAL' }, keep: 'LOCAL' },
  ],
  UNDECIDED: [{ detail: { editedLast: null }, keep: null }],
  NOBODY_CHANGED: [{ field: { localChanged: false, integrationChanged: false }, keep: null }],
}

describe('one field', () => {
  test.each(Object.entries(FIELDS).flatMap(([reason, cases]) => cases.map((one) => [reason, one] as const)))(
    '%s: %j',
    (reason, one) => {
      const shown = field(one.field)
      expect(
        adviseField(mapping(one.direction, one.owner), detail([shown], one.detail), shown),
      ).toMatchObject({
        keep: one.keep,
        reason,
      })
    },
  )
})

const other = (values: Partial<ConflictField>) => field({ name: 'phone:telephone1', ...values })

/** Every advice for a conflict, by the fields that lead to it. */
const CONFLICTS: readonly {
  readonly advice: Advice
  readonly seen: ConflictDetail
  readonly owner?: Side
}[] = [
  { advice: 'KEEP_INTEGRATION', seen: detail([field()]) },
  { advice: 'KEEP_LOCAL', seen: detail([field({ integrationChanged: false }), other({ equal: true })]) },
  { advice: 'MERGE', seen: detail([field({ integrationChanged: false }), other({ localChanged: false })]) },
  { advice: 'PER_FIELD', seen: detail([field(), other({})]), owner: 'LOCAL' },
  { advice: 'CHOOSE', seen: detail([field()], { editedLast: null }) },
  { advice: 'KEEP_LOCAL', seen: detail([field(), other({ integrationChanged: false })]), owner: 'LOCAL' },
]
test.each(CONFLICTS)('a conflict: $advice', ({ advice, seen, owner }) => {
  const asked = { errorClass: ErrorClass.conflict, detail: seen, goneSide: null }
  expect(recommend(mapping('BIDIRECTIONAL', owner), asked).advice).toBe(advice)
})

/** Every other class of failure. */
const CLASSES: Readonly<Record<Exclude<ErrorClass, 'CONFLICT'>, Advice>> = {
  DELETED_RECORD: 'RESTORE_RECORDS',
  DEPENDENCY_MISSING: 'FIX_AND_RETRY',
  VALIDATION: 'FIX_AND_RETRY',
  DUPLICATE: 'FIX_AND_RETRY',
  PERMISSION: 'FIX_AND_RETRY',
  SETUP: 'FIX_AND_RETRY',
  AMBIGUOUS_MATCH: 'FIX_AND_RETRY',
  THROTTLED: 'RETRY',
  UNAVAILABLE: 'RETRY',
  UNEXPECTED: 'RETRY',
}
test.each(Object.entries(CLASSES))('%s: %s', (errorClass, advice) => {
  const asked = { errorClass: errorClass as ErrorClass, detail: null, goneSide: null }
  expect(recommend(mapping(), asked).advice).toBe(advice)
})

test('nothing is restored into the source of a one-way mapping', () => {
  const gone = (goneSide: Side) => ({ errorClass: ErrorClass.deletedRecord, detail: null, goneSide })
  expect(recommend(mapping('TO_INTEGRATION_TABLE'), gone('LOCAL')).advice).toBe('DELETE_COUPLING')
  expect(recommend(mapping('TO_INTEGRATION_TABLE'), gone('INTEGRATION')).advice).toBe('RESTORE_RECORDS')
  expect(recommend(mapping('FROM_INTEGRATION_TABLE'), gone('INTEGRATION')).advice).toBe('DELETE_COUPLING')
  expect(recommend(mapping(), gone('LOCAL')).advice).toBe('RESTORE_RECORDS')
})
