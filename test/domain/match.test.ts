import { describe, expect, it } from 'vitest'
import { findPartner, matchKey, type Match, type MatchCandidates } from '../../src/domain/match.js'
import type { MatchRule } from '../../src/domain/mapping.js'
import type { RecordSnapshot } from '../../src/domain/record.js'
import { Side, type Values } from '../../src/domain/value.js'

const BY_NUMBER: MatchRule = {
  priority: 1,
  pairs: [{ localField: 'number', integrationField: 'accountnumber' }],
  caseSensitive: false,
}
const BY_NAME_AND_CITY: MatchRule = {
  priority: 2,
  pairs: [
    { localField: 'displayName', integrationField: 'name' },
    { localField: 'city', integrationField: 'address1_city' },
  ],
  caseSensitive: false,
}

const record = (id: string, values: Values): RecordSnapshot => ({ id, version: 'v1', stamp: 0, values })
const customer = (values: Values) =>
  record('customer', { number: null, displayName: null, city: null, ...values })
const account = (id: string, values: Values) =>
  record(id, { accountnumber: null, name: null, address1_city: null, ...values })

const find = (told: Partial<MatchCandidates>): Match =>
  findPartner({
    source: customer({ number: 'C1', displayName: 'Alfreds', city: 'Berlin' }),
    sourceSide: Side.local,
    rules: [BY_NAME_AND_CITY, BY_NUMBER],
    candidates: [],
    isCoupled: () => false,
    isBusy: () => false,
    claimants: () => 1,
    captions: { source: 'Customer', destination: 'Account' },
    ...told,
  })

const byNumber = account('a1', { accountnumber: 'c1' })
const byName = account('a2', { name: 'ALFREDS', address1_city: 'berlin' })
const alsoByName = account('a3', { name: 'Alfreds', address1_city: 'Berlin' })

const gist = (match: Match): string => {
  if (match.kind === 'one') return match.partner.id
  return match.kind === 'several' ? match.failure.message : match.kind
}

describe('findPartner', () => {
  it.each<readonly [string, Partial<MatchCandidates>, string]>([
    ['no candidate', {}, 'none'],
    ['one that no rule matches', { candidates: [account('a9', { accountnumber: 'C9' })] }, 'none'],
    ['one by the first rule', { candidates: [byNumber] }, 'a1'],
    ['one by the second rule, none by the first', { candidates: [byName] }, 'a2'],
    ['one by each rule: the rule of the lower number decides', { candidates: [byName, byNumber] }, 'a1'],
    [
      'half of a rule is no match',
      { candidates: [account('a4', { name: 'Alfreds', address1_city: 'Bern' })] },
      'none',
    ],
    [
      'two by one rule, one of them coupled: nothing is created beside them',
      { candidates: [byName, alsoByName], isCoupled: (id) => id === 'a3' },
      'Cannot couple the Customer record: 2 Account records match (matched on displayName, city).',
    ],
    [
      'one that is coupled already: nothing is created beside it',
      { candidates: [byNumber], isCoupled: () => true },
      'Cannot couple the Customer record: the only match is already coupled to another record (matched on number).',
    ],
    [
      'one that is coupled by the first rule and a free one by the second',
      { candidates: [byNumber, byName], isCoupled: (id) => id === 'a1' },
      'Cannot couple the Customer record: the only match is already coupled to another record (matched on number).',
    ],
    [
      'one that several records claim',
      { candidates: [byNumber], claimants: () => 2 },
      'Cannot couple the Customer record: several records match the same one (matched on number).',
    ],
    ['one that may be our own creation', { candidates: [byNumber], isBusy: () => true }, 'busy'],
    ['no rule at all', { candidates: [byNumber], rules: [] }, 'none'],
  ])('%s', (_name, told, expected) => {
    expect(gist(find(told))).toBe(expected)
  })

  it('finds from the other side as well', () => {
    const found = find({
      source: byNumber,
      sourceSide: Side.integration,
      candidates: [customer({ number: 'C1' })],
      captions: { source: 'Account', destination: 'Customer' },
    })
    expect(gist(found)).toBe('customer')
  })

  it('says of an ambiguous match what to do', () => {
    const match = find({ candidates: [byNumber], isCoupled: () => true })
    expect(match).toMatchObject({
      failure: {
        errorClass: 'AMBIGUOUS_MATCH',
        cause: 'The match rule with priority 1 does not lead to exactly one free Account record.',
        field: 'number',
      },
    })
  })
})

describe('matchKey', () => {
  const keyOf = (values: Values, rule = BY_NUMBER) => matchKey(rule, Side.local, values)

  it.each([
    ['case', 'c1', 'C1'],
    ['blanks around it', ' C1 ', 'C1'],
    ['composition', 'CAFE\u0301', 'caf\u00e9'],
  ])('does not tell apart by %s', (_name, left, right) => {
    expect(keyOf({ number: left })).toBe(keyOf({ number: right }))
  })

  it('tells case apart where the rule does', () => {
    const strict = { ...BY_NUMBER, caseSensitive: true }
    expect(keyOf({ number: 'c1' }, strict)).not.toBe(keyOf({ number: 'C1' }, strict))
    expect(keyOf({ number: 'e\u0301' }, strict)).toBe(keyOf({ number: '\u00e9' }, strict))
  })

  it.each([null, '', '   '])('has no key for %j: blanks match nothing', (number) => {
    expect(keyOf({ number })).toBeNull()
  })

  it('has no key for a field that was not read', () => {
    expect(keyOf({})).toBeNull()
  })

  it('keeps the fields of a rule apart', () => {
    const keyOfBoth = (displayName: string, city: string) =>
      matchKey(BY_NAME_AND_CITY, Side.local, { displayName, city })
    expect(keyOfBoth('a","b', 'c')).not.toBe(keyOfBoth('a', 'b","c'))
  })
})
