import { describe, expect, it } from 'vitest'
import { CUSTOMER } from '../../src/domain/catalog/business-central.js'
import { ACCOUNT } from '../../src/domain/catalog/dataverse.js'
import { cut } from '../../src/domain/convert.js'
import { arrival, fieldAgrees, transferField, type TransferContext } from '../../src/domain/field-transfer.js'
import type { FieldMapping, PassDirection } from '../../src/domain/mapping.js'
import type { FieldType, Value } from '../../src/domain/value.js'
import { CONTEXT, field, FROM, TO } from './support.js'

const typed = (local: FieldType, integration: FieldType): TransferContext => ({
  ...CONTEXT,
  localTable: { ...CUSTOMER, fields: [{ name: 'x', caption: 'Local X', type: local }] },
  integrationTable: { ...ACCOUNT, fields: [{ name: 'x', caption: 'Remote X', type: integration }] },
})
const text = (maxLength: number): FieldType => ({ kind: 'text', maxLength })
const code = (maxLength: number): FieldType => ({ kind: 'code', maxLength })
const decimal = (scale: number, nullable = true): FieldType => ({ kind: 'decimal', scale, nullable })
const integer: FieldType = { kind: 'integer', nullable: true }
const boolean: FieldType = { kind: 'boolean', nullable: true }
const option = (...members: string[]): FieldType => ({ kind: 'option', members })
const date: FieldType = { kind: 'date' }
const dateTime: FieldType = { kind: 'dateTime' }
const guid: FieldType = { kind: 'guid' }
const lookup: FieldType = { kind: 'lookup', table: 'contacts' }

const X = (rest: Partial<FieldMapping> = {}) => field('x', 'x', 'BIDIRECTIONAL', rest)
const carried = (mapping: FieldMapping, pass: PassDirection, value: Value, context: TransferContext) => {
  const transferred = transferField(mapping, pass, { x: value }, context)
  if (transferred.kind === 'failed') return transferred.failure.message
  return transferred.kind === 'omitted' ? 'omitted' : transferred.value
}

describe('a constant', () => {
  const constant = (value: Value): FieldMapping => ({
    name: ':x',
    localField: null,
    integrationField: 'x',
    constant: value,
    direction: TO,
  })

  it.each<readonly [FieldType, Value, Value]>([
    [text(20), 'systemuser', 'systemuser'],
    [option('1', '3'), '3', '3'],
    [decimal(2), '1.255', '1.26'],
    [boolean, true, true],
    [text(9), null, null],
  ])('is carried to %j: %s', (type, value, arrives) => {
    const context = typed(text(1), type)
    const transferred = transferField(constant(value), TO, {}, context)
    expect(transferred).toEqual({ kind: 'value', value: arrives })
    expect(arrival(constant(value), TO, {}, { x: arrives }, context)).toBe('arrives')
  })

  it('to the local field from the other side', () => {
    const mapping: FieldMapping = {
      ...constant('Person'),
      localField: 'x',
      integrationField: null,
      direction: FROM,
    }
    expect(transferField(mapping, FROM, {}, typed(text(9), text(9)))).toEqual({
      kind: 'value',
      value: 'Person',
    })
  })
})

describe('transformation rules', () => {
  it('are applied to the value read, each way its own', () => {
    const mapping = X({ transformTo: [{ type: 'UPPERCASE' }], transformFrom: [{ type: 'TRIM' }] })
    const context = typed(text(9), text(9))
    expect(carried(mapping, TO, ' ab ', context)).toBe(' AB ')
    expect(carried(mapping, FROM, ' ab ', context)).toBe('ab')
  })

  it('come before the option map, the length and the type', () => {
    const context = typed(text(9), option('1', '2'))
    const mapping = X({ transformTo: [{ type: 'TRIM' }], optionMap: [{ local: 'one', integration: '1' }] })
    expect(carried(mapping, TO, ' one ', context)).toBe('1')
    const shortened = X({ transformTo: [{ type: 'SUBSTRING', startPosition: 1, length: 3 }] })
    expect(carried(shortened, TO, 'abcdef', typed(text(9), text(3)))).toBe('abc')
  })

  it('that cannot read a value fail the field in words', () => {
    const mapping = X({ transformTo: [{ type: 'ROUND', precision: '1', direction: 'NEAREST' }] })
    expect(transferField(mapping, TO, { x: 'many' }, typed(text(9), decimal(0)))).toMatchObject({
      kind: 'failed',
      failure: {
        errorClass: 'VALIDATION',
        message: expect.stringMatching(
          /^The value of Local X could not be transformed for Remote X in Account: Transformation rule 1 /,
        ),
        field: 'x',
      },
    })
  })

  it('a value that a rule made of another one agrees with its source', () => {
    const mapping = X({ transformTo: [{ type: 'UPPERCASE' }] })
    const context = typed(text(9), text(9))
    expect(fieldAgrees(mapping, { x: 'ab' }, { x: 'AB' }, context)).toBe(true)
    expect(fieldAgrees(mapping, { x: 'ab' }, { x: 'ac' }, context)).toBe(false)
  })
})

describe('an option map', () => {
  const context = typed(code(10), option('1', '2', '3'))
  const mapping = X({
    optionMap: [
      { local: 'COD', integration: '1' },
      { local: '14 DAYS', integration: '2' },
      { local: null, integration: '3' },
    ],
  })

  it.each<readonly [PassDirection, Value, Value]>([
    [TO, '14 DAYS', '2'],
    [TO, null, '3'],
    [FROM, '1', 'COD'],
    [FROM, '3', null],
    [FROM, null, null],
    [TO, '21 DAYS', 'The value of Local X has no counterpart in Remote X in Account.'],
    [FROM, '9', 'The value of Remote X has no counterpart in Local X in Customer.'],
  ])('%s: %s becomes %s', (pass, value, becomes) => {
    expect(carried(mapping, pass, value, context)).toBe(becomes)
  })

  it('blank that is not listed is blank', () => {
    const listed = X({ optionMap: [{ local: 'COD', integration: '1' }] })
    expect(carried(listed, TO, null, context)).toBeNull()
    expect(carried(listed, FROM, null, context)).toBeNull()
  })

  it('pairs that it translates agree, others do not', () => {
    expect(fieldAgrees(mapping, { x: 'COD' }, { x: '1' }, context)).toBe(true)
    expect(fieldAgrees(mapping, { x: 'COD' }, { x: '2' }, context)).toBe(false)
    expect(fieldAgrees(mapping, { x: null }, { x: '3' }, context)).toBe(true)
  })

  it('finds numbers by value, and translates between any two types', () => {
    const yes = X({
      optionMap: [
        { local: true, integration: '1' },
        { local: false, integration: '0' },
      ],
    })
    expect(carried(yes, TO, true, typed(boolean, option('0', '1')))).toBe('1')
    expect(carried(yes, FROM, '0', typed(boolean, integer))).toBe(false)
  })
})

describe('truncation', () => {
  it.each<readonly [string, number, string]>([
    ['abcdef', 3, 'abc'],
    ['abc', 3, 'abc'],
    ['ab\ud83d\ude00', 3, 'ab'],
    ['ab\ud83d\ude00', 4, 'ab\ud83d\ude00'],
    ['ab\ud83dc', 3, 'ab\ud83d'],
    ['\ud83d\ude00', 1, ''],
  ])('%j to %i is %j', (whole, limit, part) => {
    expect(cut(whole, limit)).toBe(part)
  })

  it('only where the mapping says so', () => {
    const context = typed(text(9), text(3))
    expect(carried(X({ truncate: true }), TO, 'abcdef', context)).toBe('abc')
    expect(carried(X(), TO, 'abcdef', context)).toBe(
      'The value of Local X is 6 characters long; Remote X in Account holds at most 3.',
    )
  })

  it('a code is trimmed after it was cut', () => {
    expect(carried(X({ truncate: true }), TO, 'ab cd', typed(text(9), code(3)))).toBe('AB')
  })

  it('what is left of a code ends in no blank, or it would differ once it came back', () => {
    expect(carried(X({ truncate: true }), TO, 'AA A', typed(code(20), text(3)))).toBe('AA')
    expect(carried(X({ truncate: true }), TO, 'aa a', typed(text(20), text(3)))).toBe('aa ')
  })

  it('never digits, dates or ids, which would become other ones', () => {
    for (const [type, value] of [
      [decimal(4), '12345.678'],
      [date, '2026-01-05'],
      [guid, '01234567-89ab-cdef-0123-456789abcdef'],
    ] as const)
      expect(carried(X({ truncate: true }), TO, value, typed(type, text(3)))).toContain('holds at most 3.')
  })

  it('what was cut agrees with the whole', () => {
    const context = typed(text(3), text(9))
    expect(fieldAgrees(X({ truncate: true }), { x: 'abc' }, { x: 'abcdef' }, context)).toBe(true)
    expect(fieldAgrees(X({ truncate: true }), { x: 'abd' }, { x: 'abcdef' }, context)).toBe(false)
  })
})

describe('lookups', () => {
  const FIRST = '00000000-0000-0000-0000-000000000001'
  const SECOND = '00000000-0000-0000-0000-000000000002'
  const THIRD = '00000000-0000-0000-0000-000000000003'
  const context: TransferContext = {
    ...typed(lookup, lookup),
    lookups: {
      CUSTOMER: { toIntegration: { [FIRST]: SECOND }, toLocal: { [SECOND]: FIRST } },
      VENDOR: { toIntegration: { [THIRD]: FIRST }, toLocal: { [FIRST]: THIRD } },
    },
  }
  const mapping = X({ lookupMappings: ['CUSTOMER', 'VENDOR'] })

  it('lead through the first mapping that couples the record', () => {
    expect(carried(mapping, TO, FIRST, context)).toBe(SECOND)
    expect(carried(mapping, TO, THIRD, context)).toBe(FIRST)
    expect(carried(mapping, FROM, SECOND, context)).toBe(FIRST)
    expect(carried(mapping, FROM, FIRST, context)).toBe(THIRD)
  })

  it.each<readonly [PassDirection, string, string]>([
    [TO, 'LOCAL', SECOND],
    [FROM, 'INTEGRATION', THIRD],
  ])('%s, not coupled: the failure says what it waits for', (pass, side, id) => {
    expect(transferField(mapping, pass, { x: id }, context)).toMatchObject({
      failure: {
        errorClass: 'DEPENDENCY_MISSING',
        message: expect.stringContaining(`${id} must be coupled to a record in CUSTOMER or VENDOR.`),
        waitsFor: { mappings: ['CUSTOMER', 'VENDOR'], side, id },
      },
    })
  })

  it('Clear Value on Failed Sync: blank instead, and that is no difference', () => {
    const clearing = { ...mapping, clearValueOnFailedSync: true }
    expect(carried(clearing, TO, SECOND, context)).toBeNull()
    expect(fieldAgrees(clearing, { x: SECOND }, { x: null }, context)).toBe(true)
    expect(fieldAgrees(clearing, { x: SECOND }, { x: FIRST }, context)).toBe(false)
  })

  it('Not Null: a blank is not carried', () => {
    const kept = { ...mapping, notNull: true }
    expect(carried(kept, TO, null, context)).toBe('omitted')
    expect(carried(kept, TO, FIRST, context)).toBe(SECOND)
    expect(arrival({ ...kept, direction: TO }, TO, { x: null }, { x: FIRST }, context)).toBe('omitted')
  })
})

describe('types', () => {
  it.each<readonly [string, FieldType, Value, FieldType, Value]>([
    ['a Boolean to text', boolean, true, text(9), 'true'],
    ['text to a Boolean', text(9), ' Yes ', boolean, true],
    ['text to an option', text(9), 'Ship', option('Ship'), 'Ship'],
    ['a number to an option', integer, '3', option('1', '3'), '3'],
    ['text with blanks around a number', text(9), ' 1.50 ', decimal(2), '1.5'],
    [
      'text to an id',
      text(40),
      '{01234567-89AB-CDEF-0123-456789ABCDEF}',
      guid,
      '01234567-89ab-cdef-0123-456789abcdef',
    ],
    ['the zero id is blank', text(40), '00000000-0000-0000-0000-000000000000', guid, null],
    ['text to a date', text(10), '2026-01-05', date, '2026-01-05'],
    ['text to a date-time', text(40), '2026-01-05T10:00:00.50+01:00', dateTime, '2026-01-05T09:00:00.5Z'],
    ['a date-time to text', dateTime, '2026-01-05T10:00:00Z', text(40), '2026-01-05T10:00:00Z'],
  ])('%s', (_name, from, value, to, becomes) => {
    expect(carried(X(), TO, value, typed(from, to))).toBe(becomes)
    expect(carried(X(), FROM, value, typed(to, from))).toBe(becomes)
  })

  it.each<readonly [string, FieldType, Value, FieldType, string]>([
    ['a Boolean', text(9), 'maybe', boolean, 'is not true or false'],
    ['an option', text(9), 'Sink', option('Ship', 'All'), 'is not one of the options'],
    ['a number', boolean, true, decimal(2), 'is not a number'],
    ['an id', text(9), 'none', guid, 'is not an id'],
    ['a date', text(10), '2026-02-30', date, 'is not a date'],
    ['a date-time', text(20), 'tomorrow', dateTime, 'is not a date and time'],
  ])('what is no %s fails in words', (_name, from, value, to, message) => {
    expect(carried(X(), TO, value, typed(from, to))).toContain(
      `The value of Local X ${message}, as Remote X in Account must be.`,
    )
  })

  it.each<readonly [string, FieldType, Value, FieldType, Value]>([
    ['1.50 and the number 1.5', text(9), '1.50', decimal(2), '1.5'],
    ['Yes and true', text(9), 'Yes', boolean, true],
    [
      'an id in braces',
      text(40),
      '{01234567-89AB-CDEF-0123-456789ABCDEF}',
      guid,
      '01234567-89ab-cdef-0123-456789abcdef',
    ],
    [
      'the same instant told from another place',
      text(40),
      '2026-01-05T11:00:00+01:00',
      dateTime,
      '2026-01-05T10:00:00Z',
    ],
    ['whole seconds and a fraction', dateTime, '2026-01-05T10:00:00.123Z', dateTime, '2026-01-05T10:00:00Z'],
    [
      'milliseconds and finer',
      dateTime,
      '2026-01-05T10:00:00.1234567Z',
      dateTime,
      '2026-01-05T10:00:00.123Z',
    ],
  ])('never changed merely by formatting, whichever way it is carried: %s', (_name, left, a, right, b) => {
    for (const direction of [TO, FROM] as const)
      expect(fieldAgrees(X({ direction }), { x: a }, { x: b }, typed(left, right))).toBe(true)
  })

  it('instants of the same resolution differ by their last digit', () => {
    const context = typed(dateTime, dateTime)
    expect(
      fieldAgrees(X(), { x: '2026-01-05T10:00:00.12Z' }, { x: '2026-01-05T10:00:00.123Z' }, context),
    ).toBe(false)
    expect(fieldAgrees(X(), { x: '2026-01-05T10:00:00Z' }, { x: '2026-01-05T10:00:01Z' }, context)).toBe(
      false,
    )
  })
})

describe('dates and date-times', () => {
  const berlin = X({ timeZone: 'Europe/Berlin' })
  const context = typed(date, dateTime)

  it.each<readonly [PassDirection, Value, Value]>([
    [TO, '2026-01-05', '2026-01-04T23:00:00Z'],
    [FROM, '2026-01-04T23:00:00Z', '2026-01-05'],
    [FROM, '2026-01-05T22:59:59Z', '2026-01-05'],
    [FROM, '2026-01-05T23:00:00Z', '2026-01-06'],
    [TO, null, null],
  ])('%s: %s becomes %s', (pass, value, becomes) => {
    expect(carried(berlin, pass, value, context)).toBe(becomes)
  })

  it('a time within the day agrees with the day, whichever way it is carried', () => {
    for (const direction of [TO, FROM] as const) {
      const mapping = { ...berlin, direction }
      expect(fieldAgrees(mapping, { x: '2026-01-05' }, { x: '2026-01-05T15:30:00Z' }, context)).toBe(true)
      expect(fieldAgrees(mapping, { x: '2026-01-05' }, { x: '2026-01-05T23:30:00Z' }, context)).toBe(false)
    }
  })
})
