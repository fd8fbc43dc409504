import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Direction, MappingDefinition } from '../../src/domain/mapping.js'
import type { ReadById, RecordSnapshot } from '../../src/domain/record.js'
import {
  agreeAtRest,
  compareWithBase,
  equalPercent,
  valuesOfBase,
  type Verdict,
} from '../../src/domain/reconcile.js'
import type { Repair } from '../../src/domain/reconcile-repair.js'
import { judgePair, type ExaminedPair, type Judgement } from '../../src/domain/reconcile-verdict.js'
import { Side, type Values } from '../../src/domain/value.js'
import { LINE, Pair, MONEY_CONTEXT } from './pair.js'
import { AGREED_AT, CLOCKS, FROM, TO } from './support.js'

const found = (record: RecordSnapshot): ReadById => ({ kind: 'found', record })
const gone: ReadById = { kind: 'gone', id: 'x' }
const hidden: ReadById = { kind: 'forbidden', id: 'x', message: 'Not this one.' }

/** Values changed without a new version. */
const unnoticed = (record: RecordSnapshot, values: Values): RecordSnapshot => ({
  ...record,
  values: { ...record.values, ...values },
})

interface Told extends Partial<Pick<ExaminedPair, 'skip' | 'error'>> {
  readonly mapping?: Partial<MappingDefinition>
  readonly local?: Partial<ExaminedPair['local']>
  readonly integration?: Partial<ExaminedPair['integration']>
  /** What happened since the last synchronisation. */
  readonly since?: (pair: Pair) => unknown
  readonly fresh?: boolean
}

function judge(told: Told): Judgement {
  const pair = new Pair(told.mapping === undefined ? {} : { mapping: told.mapping })
  told.since?.(pair)
  const { coupling } = pair
  if (coupling === null) throw new Error('A pair is coupled.')
  const side = (record: RecordSnapshot) => ({
    read: found(record),
    inFilter: true,
    due: record.stamp > AGREED_AT,
  })
  return judgePair({
    mapping: pair.mapping,
    coupling: told.fresh === true ? { ...coupling, base: null, last: null } : coupling,
    local: { ...side(pair.local), ...told.local },
    integration: { ...side(pair.integration), ...told.integration },
    skip: told.skip ?? null,
    error: told.error ?? null,
    context: MONEY_CONTEXT,
    clocks: CLOCKS,
  })
}

const edited = {
  account: (pair: Pair) => pair.editIntegration({ address1_line1: 'There' }),
  customer: (pair: Pair) => pair.editLocal({ addressLine1: 'Here' }),
  both: (pair: Pair) => edited.account(edited.customer(pair)),
  /** A field that is carried only to the account. */
  website: (pair: Pair) => pair.editIntegration({ websiteurl: 'theirs' }),
  accountUnnoticed: (pair: Pair) => {
    pair.integration = unnoticed(pair.integration, { address1_line1: 'There' })
  },
  bothUnnoticed: (pair: Pair) => {
    edited.accountUnnoticed(pair)
    pair.local = unnoticed(pair.local, { addressLine1: 'Here' })
  },
}

type Case = readonly [
  name: string,
  told: Told,
  recommended: 'none' | Extract<Repair, { kind: 'do' }>['action'],
  reason: RegExp,
]

/** Every verdict of a pair with what leads to it. Typed without `Partial`: a verdict without a case does not compile. */
const TABLE: Readonly<
  Record<Exclude<Verdict, 'UNCOUPLED_LOCAL' | 'UNCOUPLED_INTEGRATION'>, readonly [Case, ...Case[]]>
> = {
  EQUAL: [
    ['as last synchronised', {}, 'none', /^$/],
    [
      'edited alike on both sides',
      {
        since: (pair) => {
          pair.editLocal({ addressLine1: 'Same' })
          pair.editIntegration({ address1_line1: 'Same' })
        },
      },
      'none',
      /^$/,
    ],
    ['a new version without a change', { since: (pair) => pair.editLocal({}) }, 'none', /^$/],
    [
      'as far as the shorter field can hold it',
      {
        mapping: { fields: [{ ...LINE, truncate: true }] },
        since: (pair) => {
          pair.local = unnoticed(pair.local, { addressLine1: 'y'.repeat(100) })
          pair.integration = unnoticed(pair.integration, { address1_line1: 'y'.repeat(200) })
        },
      },
      'none',
      /^$/,
    ],
    [
      'skipped, and equal by now',
      { skip: { reason: 'CONFLICT', byChoice: true }, error: { errorClass: 'CONFLICT', message: 'Old.' } },
      'none',
      /^$/,
    ],
  ],
  PENDING: [
    [
      'an edit that the next run reads',
      { since: edited.account },
      'SYNCHRONIZE',
      /^The Account was changed since the last synchronisation; the next run carries Address/,
    ],
    [
      'both edited, and the policy decides',
      {
        mapping: { updateConflictPolicy: 'SEND_DATA_UPDATE_TO_INTEGRATION_TABLE' },
        since: edited.both,
      },
      'SYNCHRONIZE',
      /^Both the Customer and the Account were changed/,
    ],
    [
      'both edited different fields, told by field',
      {
        mapping: { conflictDetection: 'FIELDS' },
        since: (pair) => {
          pair.editLocal({ phoneNumber: '2' })
          edited.account(pair)
        },
      },
      'SYNCHRONIZE',
      /the next run carries Phone.*, Address/,
    ],
    [
      'left to the other pass',
      { since: edited.account, integration: { due: false }, local: { due: true } },
      'SYNCHRONIZE',
      /the next run carries/,
    ],
    [
      'coupled and not yet in contact, blank on one side',
      { fresh: true, since: (pair) => pair.editIntegration({ telephone1: null }), local: { due: true } },
      'SYNCHRONIZE',
      /^The records were coupled and not yet synchronised/,
    ],
    [
      'one-way, the source edited',
      { mapping: { direction: TO }, since: edited.customer },
      'SYNCHRONIZE',
      /^The Customer was changed/,
    ],
  ],
  CONFLICT: [
    [
      'both edited',
      { since: edited.both },
      'none',
      /^Cannot update the Account record because it has a later modified date than the Customer record\.$/,
    ],
    ['both changed unnoticed', { since: edited.bothUnnoticed }, 'none', /^Cannot update the Account record/],
    [
      'coupled and not yet in contact, with different values',
      { fresh: true, since: edited.account },
      'none',
      /^Cannot update/,
    ],
  ],
  SKIPPED: [
    [
      'a conflict',
      {
        since: edited.both,
        skip: { reason: 'CONFLICT', byChoice: true },
        error: { errorClass: 'CONFLICT', message: 'Cannot update.' },
      },
      'none',
      /^Cannot update\.$/,
    ],
    [
      'after too many failures',
      { since: edited.customer, skip: { reason: 'VALIDATION', byChoice: false } },
      'SYNCHRONIZE',
      /^The pair is a skipped synch. record \(VALIDATION\)\.$/,
    ],
  ],
  FAILING: [
    [
      'with an error that stands',
      { since: edited.customer, error: { errorClass: 'VALIDATION', message: 'Refused.' } },
      'SYNCHRONIZE',
      /^Refused\.$/,
    ],
    [
      'what cannot be carried',
      { since: (pair) => pair.editIntegration({ address1_line1: 'x'.repeat(200) }) },
      'SYNCHRONIZE',
      /is 200 characters long/,
    ],
  ],
  DRIFT: [
    [
      'one-way, the destination edited',
      { mapping: { direction: TO }, since: edited.account },
      'WRITE_INTEGRATION',
      /^The Account was changed, and Address.* is not carried from there, so no run overwrites it\.$/,
    ],
    [
      'one-way the other way, the destination edited',
      { mapping: { direction: FROM }, since: edited.customer },
      'WRITE_LOCAL',
      /^The Customer was changed, and Address/,
    ],
    [
      'a field that is carried only to the side that changed it',
      { since: edited.website },
      'WRITE_INTEGRATION',
      /^The Account was changed, and .* is not carried from there/,
    ],
    [
      'changed without a new version',
      { since: edited.accountUnnoticed },
      'SYNCHRONIZE',
      /^The Account was changed in Address.*, but not in a way that a scheduled run notices/,
    ],
    [
      'changed before the watermark',
      { since: edited.account, integration: { due: false } },
      'SYNCHRONIZE',
      /stamped before the watermark\.$/,
    ],
    [
      'different when last synchronised',
      {
        since: (pair) => {
          pair.integration = unnoticed(pair.integration, { telephone1: '2' })
          const { coupling } = pair
          if (coupling?.base == null) throw new Error('A pair is coupled.')
          const base = { ...coupling.base, 'phoneNumber:telephone1': { local: '1', integration: '2' } }
          pair.coupling = { ...coupling, base }
        },
      },
      'none',
      /^Neither Customer nor Account was changed since the last synchronisation, and yet they differ in Phone/,
    ],
  ],
  MISSING_LOCAL: [
    ['left to a person', { local: { read: gone } }, 'none', /^The Customer is gone, and Resolve Deletion/],
    [
      'by policy',
      { local: { read: gone }, mapping: { deletionConflictPolicy: 'DELETE_COUPLING' } },
      'SYNCHRONIZE',
      /the next run that notices it removes the coupling\.$/,
    ],
  ],
  MISSING_INTEGRATION: [
    ['left to a person', { integration: { read: gone } }, 'none', /^The Account is gone, and Resolve/],
    [
      'by policy, and skipped',
      {
        integration: { read: gone },
        mapping: { deletionConflictPolicy: 'RESTORE_RECORDS' },
        skip: { reason: 'DELETED_RECORD', byChoice: true },
      },
      'none',
      /^The Account is gone, and the pair is a skipped synch\. record\.$/,
    ],
  ],
  MISSING_BOTH: [
    [
      'both gone',
      { local: { read: gone }, integration: { read: gone } },
      'SYNCHRONIZE',
      /^Both the Customer/,
    ],
  ],
  FORBIDDEN: [
    ['the customer', { local: { read: hidden } }, 'none', /^The Customer may not be read: Not this one\.$/],
    [
      'the account, beside a customer that is gone',
      { local: { read: gone }, integration: { read: hidden } },
      'none',
      /^The Account may not be read/,
    ],
  ],
  OUT_OF_FILTER: [
    ['equal', { local: { inFilter: false } }, 'none', /^The Customer lies outside the filter, so changes/],
    [
      'and different',
      { since: edited.account, integration: { inFilter: false } },
      'none',
      /^The Account lies outside the filter.*; they differ in Address/,
    ],
  ],
}

describe.each(Object.entries(TABLE))('%s', (verdict, cases) => {
  test.each(cases)('%s', (_name, told, recommended, reason) => {
    const judged = judge(told)
    expect(judged.verdict).toBe(verdict)
    expect(judged.recommended.kind === 'do' ? judged.recommended.action : 'none').toBe(recommended)
    expect(judged.reason).toMatch(reason)
    expect(JSON.parse(JSON.stringify(judged))).toEqual(judged)
  })
})

test('the filter of a side from which nothing is carried is not asked', () => {
  const told = { mapping: { direction: TO }, integration: { inFilter: false } } as const
  expect(judge(told).verdict).toBe('EQUAL')
  expect(judge({ ...told, local: { inFilter: false } }).verdict).toBe('OUT_OF_FILTER')
})

test('a field that differs is told with both values, both bases and who changed it', () => {
  const { fields } = judge({ since: edited.both })
  expect(fields).toEqual([
    {
      name: 'addressLine1:address1_line1',
      localField: 'addressLine1',
      integrationField: 'address1_line1',
      localCaption: expect.any(String),
      integrationCaption: expect.any(String),
      direction: 'BIDIRECTIONAL',
      local: 'Here',
      integration: 'There',
      base: { local: 'Obere Str. 57', integration: 'Obere Str. 57' },
      localChanged: true,
      integrationChanged: true,
    },
  ])
})

describe('what the scan of the two tables calls equal', () => {
  const value = fc.constantFrom<string | null>(null, '1')
  const values = { phoneNumber: value, telephone1: value, website: value, websiteurl: value }
  const of = (side: Side, all: Partial<Record<keyof typeof values, string | null>>): Values =>
    Object.fromEntries(
      Object.entries(all).filter(([name]) =>
        (side === Side.local ? ['phoneNumber', 'website'] : ['telephone1', 'websiteurl']).includes(name),
      ),
    )
  const direction = fc.constantFrom<Direction>('BIDIRECTIONAL', TO, FROM)

  test('is what both records, read together, are: no more, and at rest no less', () => {
    const seen = { settled: 0, left: 0 }
    fc.assert(
      fc.property(
        fc.record(values),
        fc.oneof(fc.constant({}), fc.record(values, { requiredKeys: [] })),
        direction,
        (agreed, changes, way) => {
          const pair = new Pair({
            local: of(Side.local, agreed),
            integration: of(Side.integration, agreed),
            mapping: { direction: way },
          })
          const { mapping, coupling } = pair
          const base = coupling?.base
          if (coupling === null || base == null) throw new Error('A pair is coupled.')
          const local = unnoticed(pair.local, of(Side.local, changes))
          const integration = unnoticed(pair.integration, of(Side.integration, changes))
          const holds = (side: Side, record: RecordSnapshot) =>
            compareWithBase(mapping, side, MONEY_CONTEXT).holds(record.values, base)
          const atRest = holds(Side.local, local) && holds(Side.integration, integration)
          const settled =
            atRest &&
            agreeAtRest(mapping, local.values, valuesOfBase(mapping, Side.integration, base), MONEY_CONTEXT)
          const { verdict } = judgePair({
            mapping,
            coupling,
            local: { read: found(local), inFilter: true, due: false },
            integration: { read: found(integration), inFilter: true, due: false },
            skip: null,
            error: null,
            context: MONEY_CONTEXT,
            clocks: CLOCKS,
          })
          seen[settled ? 'settled' : 'left'] += 1
          expect(settled).toBe(atRest && verdict === 'EQUAL')
        },
      ),
      { numRuns: 2_000 },
    )
    expect(Math.min(seen.settled, seen.left)).toBeGreaterThan(20)
  })

  test('needs a base of every field', () => {
    const pair = new Pair()
    const { 'phoneNumber:telephone1': _left, ...rest } = pair.coupling?.base ?? {}
    expect(compareWithBase(pair.mapping, Side.local, MONEY_CONTEXT).holds(pair.local.values, rest)).toBe(
      false,
    )
  })
})

test('the share of equal pairs says a hundred only when all are', () => {
  expect(equalPercent(0, 0)).toBeNull()
  expect(equalPercent(199_999, 200_000)).toBe(99.999)
  expect(equalPercent(9_999_999, 10_000_000)).toBe(99.999)
  expect(equalPercent(200_000, 200_000)).toBe(100)
})
