import { describe, expect, test } from 'vitest'
import {
  inputOfNew,
  matchOf,
  missingFields,
  newDraft,
  offeredPairs,
  takenPairs,
  type PairedTable,
} from '../../console/src/pages/mappings/create/new-draft.js'
import { freeName, judgePair, type PairedField } from '../../console/src/pages/mappings/create/pair.js'

const plain: PairedField = {
  name: 'city',
  caption: 'City',
  type: 'TEXT',
  readOnly: false,
  members: null,
  lookupTable: null,
}
const readOnly = { ...plain, readOnly: true }
const option = (...members: string[]): PairedField => ({ ...plain, type: 'OPTION', members })
const lookup = (lookupTable: string): PairedField => ({ ...plain, type: 'LOOKUP', lookupTable })
const customers = { name: 'CUSTOMER', localTable: 'customers', integrationTable: 'accounts' }

describe('how a pair of fields can be carried', () => {
  test('both ways where nothing speaks against it', () => {
    expect(judgePair(plain, plain, 'BIDIRECTIONAL', [])).toEqual({
      kind: 'carried',
      direction: 'BIDIRECTIONAL',
      lookupMappings: [],
      needsTimeZone: false,
    })
  })

  test('one way where only the system of one side writes its field, and not at all against that way', () => {
    expect(judgePair(plain, readOnly, 'BIDIRECTIONAL', [])).toMatchObject({
      direction: 'FROM_INTEGRATION_TABLE',
    })
    expect(judgePair(readOnly, plain, 'BIDIRECTIONAL', [])).toMatchObject({
      direction: 'TO_INTEGRATION_TABLE',
    })
    expect(judgePair(plain, readOnly, 'TO_INTEGRATION_TABLE', [])).toEqual({
      kind: 'refused',
      reason: 'READ_ONLY',
    })
  })

  test('options go where each of them is known', () => {
    const few = option('Open')
    const more = option('Open', 'Closed')
    expect(judgePair(few, more, 'BIDIRECTIONAL', [])).toMatchObject({ direction: 'TO_INTEGRATION_TABLE' })
    expect(judgePair(few, more, 'FROM_INTEGRATION_TABLE', [])).toEqual({ kind: 'refused', reason: 'OPTIONS' })
    expect(judgePair(few, option(), 'TO_INTEGRATION_TABLE', [])).toMatchObject({ kind: 'carried' })
  })

  test('references are translated by the mapping of the tables that they lead to', () => {
    const [local, integration] = [lookup('customers'), lookup('accounts')]
    expect(judgePair(local, integration, 'BIDIRECTIONAL', [customers])).toMatchObject({
      lookupMappings: ['CUSTOMER'],
    })
    expect(judgePair(local, lookup('contacts'), 'BIDIRECTIONAL', [customers])).toEqual({
      kind: 'refused',
      reason: 'NO_MAPPING',
    })
  })

  test('a reference may be a plain id at one end, and is no text', () => {
    const mappings = [customers, { name: 'CONTACT', localTable: 'contacts', integrationTable: 'contacts' }]
    expect(
      judgePair({ ...plain, type: 'GUID' }, lookup('accounts'), 'BIDIRECTIONAL', mappings),
    ).toMatchObject({
      kind: 'carried',
      lookupMappings: ['CUSTOMER'],
    })
    expect(judgePair(plain, lookup('accounts'), 'BIDIRECTIONAL', mappings)).toEqual({
      kind: 'refused',
      reason: 'NO_MAPPING',
    })
  })

  test('a date and a moment need to know where the day begins', () => {
    const date = { ...plain, type: 'DATE' }
    const moment = { ...plain, type: 'DATE_TIME' }
    expect(judgePair(date, moment, 'BIDIRECTIONAL', [])).toMatchObject({ needsTimeZone: true })
    expect(judgePair(date, date, 'BIDIRECTIONAL', [])).toMatchObject({ needsTimeZone: false })
  })
})

test('a name is free whatever the case of the others, and never too long', () => {
  expect(freeName('Item Category', [])).toBe('ITEM CATEGORY')
  expect(freeName('Item', ['item', 'ITEM 2'])).toBe('ITEM 3')
  const long = 'X'.repeat(60)
  expect(freeName(long, ['X'.repeat(50)])).toBe(`${'X'.repeat(48)} 2`)
})

const field = (name: string, more: Partial<PairedField & { required: boolean }> = {}) => ({
  ...plain,
  name,
  caption: name.toUpperCase(),
  required: false,
  ...more,
})
const tables: { local: PairedTable; integration: PairedTable } = {
  local: {
    caption: 'Order',
    fields: [field('no'), field('billTo', { type: 'LOOKUP', lookupTable: 'customers' })],
  },
  integration: {
    caption: 'Deal',
    fields: [
      field('number'),
      field('account', { type: 'LOOKUP', lookupTable: 'accounts' }),
      field('title', { required: true }),
    ],
  },
}
const suggested = [
  { localField: 'no', integrationField: 'number', reason: 'Similar names.', equal: false },
  { localField: 'billTo', integrationField: 'account', reason: 'Equal captions.', equal: true },
]

test('a mapping is what was taken of the suggestions and added to them', () => {
  const draft = {
    ...newDraft('demo'),
    name: ' ORDER ',
    localTable: 'orders',
    integrationTable: 'deals',
    direction: 'TO_INTEGRATION_TABLE' as const,
    own: [{ localField: 'no', integrationField: 'title' }],
    match: 'no:title',
  }
  const offered = offeredPairs(draft, suggested, tables, [customers])
  // A field that was paired by hand is not suggested for another.
  expect(offered.map(({ name, reason }) => [name, reason])).toEqual([
    ['no:title', null],
    ['billTo:account', 'Equal captions.'],
  ])
  expect(inputOfNew(draft, takenPairs(draft.choices, offered), 'Europe/Berlin')).toEqual({
    name: 'ORDER',
    localTable: 'orders',
    integrationTable: 'deals',
    direction: 'TO_INTEGRATION_TABLE',
    synchOnlyCoupledRecords: false,
    updateConflictPolicy: 'NONE',
    fields: [
      { localField: 'no', integrationField: 'title', direction: 'TO_INTEGRATION_TABLE', status: 'ENABLED' },
      {
        localField: 'billTo',
        integrationField: 'account',
        direction: 'TO_INTEGRATION_TABLE',
        status: 'ENABLED',
        lookupMappings: ['CUSTOMER'],
      },
    ],
    dependsOn: ['CUSTOMER'],
    matchRules: [{ priority: 1, pairs: [{ localField: 'no', integrationField: 'title' }] }],
  })
  const left = new Map([['no:title', false]])
  expect(takenPairs(left, offered).map(({ name }) => name)).toEqual(['billTo:account'])
})

test('records belong together by a pair that is taken, and by none that is gone', () => {
  const draft = { ...newDraft('demo'), match: 'no:number' }
  const own = { ...draft, own: [{ localField: 'no', integrationField: 'title' }] }
  const taken = (of: typeof draft) =>
    takenPairs(new Map([['no:number', true]]), offeredPairs(of, suggested, tables, [customers]))
  expect(matchOf(draft, taken(draft))).toBe('no:number')
  expect(matchOf(own, taken(own))).toBe('')
  expect(inputOfNew(own, taken(own), 'Europe/Berlin')).not.toHaveProperty('matchRules')
})

test('what is only alike is taken when somebody takes it', () => {
  const offered = offeredPairs(newDraft('demo'), suggested, tables, [customers])
  const names = (choices: ReadonlyMap<string, boolean>) =>
    takenPairs(choices, offered).map(({ name }) => name)
  expect(names(new Map())).toEqual(['billTo:account'])
  expect(names(new Map([['no:number', true]]))).toEqual(['no:number', 'billTo:account'])
})

test('what a new record cannot do without is named, as long as records are created', () => {
  const draft = newDraft('demo')
  const offered = offeredPairs(draft, suggested, tables, [customers])
  expect(missingFields(draft, takenPairs(draft.choices, offered), tables)).toEqual(['Deal: TITLE'])
  expect(missingFields({ ...draft, creates: false }, [], tables)).toEqual([])
  expect(missingFields({ ...draft, direction: 'FROM_INTEGRATION_TABLE' }, [], tables)).toEqual([])
  const own = { ...draft, own: [{ localField: 'no', integrationField: 'title' }] }
  const paired = offeredPairs(own, suggested, tables, [customers])
  expect(missingFields(own, takenPairs(own.choices, paired), tables)).toEqual([])
})
