import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sameValue } from '../../src/domain/comparison.js'
import type { FieldType, Value } from '../../src/domain/value.js'

const text = (maxLength: number): FieldType => ({ kind: 'text', maxLength })
const code: FieldType = { kind: 'code', maxLength: 20 }
const decimal = (scale: number, nullable = true): FieldType => ({ kind: 'decimal', scale, nullable })
const integer = (nullable = true): FieldType => ({ kind: 'integer', nullable })
const boolean = (nullable: boolean): FieldType => ({ kind: 'boolean', nullable })
const option: FieldType = { kind: 'option', members: ['0', '1'] }
const guid: FieldType = { kind: 'guid' }
const date: FieldType = { kind: 'date' }

type Comparison = readonly [
  name: string,
  left: Value,
  leftType: FieldType,
  right: Value,
  rightType: FieldType,
]

const SAME: readonly Comparison[] = [
  ['blank and blank', null, text(10), null, decimal(2)],
  ['composed and decomposed text', '\u00e9', text(10), 'e\u0301', text(20)],
  ['a code and its text in lower case', 'DE', code, 'de', text(20)],
  ['a code and its text with blanks around it', 'DE', code, ' De ', text(20)],
  ['ß in a code stays one character', 'STRAßE', code, 'straße', text(20)],
  ['numbers at the coarser scale', '1.25', decimal(2), '1.2512', decimal(4)],
  ['numbers that round half away from zero', '1.26', decimal(2), '1.2550', decimal(4)],
  ['negative numbers that round half away from zero', '-1.26', decimal(2), '-1.255', decimal(4)],
  ['a decimal and the integer it rounds to', '3', integer(), '2.5', decimal(4)],
  [
    'digits that a JSON number would lose',
    '12345678901234.5678',
    decimal(4),
    '12345678901234.5678',
    decimal(10),
  ],
  ['zero and blank where one field cannot be blank', '0', decimal(2, false), null, decimal(4)],
  ['false and blank where one field cannot be blank', false, boolean(false), null, boolean(true)],
  ['zero and zero', '0', decimal(2, false), '0', decimal(4)],
  ['NUL and lone surrogates', 'a\0\ud800', text(10), 'a\0\ud800', text(20)],
  ['two ids', 'a1', guid, 'a1', { kind: 'lookup', table: 'currencies' }],
]

const DIFFERENT: readonly Comparison[] = [
  ['text by case', 'de', text(20), 'DE', text(20)],
  ['text by a blank at its end', 'a', text(20), 'a ', text(20)],
  ['a code with ß and one with SS', 'STRAßE', code, 'STRASSE', text(20)],
  ['ids by case of a text field', 'a', text(1), 'A', option],
  ['the last of many digits', '12345678901234.5678', decimal(4), '12345678901234.5679', decimal(4)],
  ['numbers at the coarser scale', '1.25', decimal(2), '1.2551', decimal(4)],
  ['zero and blank where both fields can be blank', '0', decimal(2), null, decimal(4)],
  ['false and blank where both fields can be blank', false, boolean(true), null, boolean(true)],
  ['true and blank', true, boolean(false), null, boolean(true)],
  ['a value and blank', 'a', text(1), null, text(1)],
  ['dates', '2026-01-05', date, '2026-01-06', date],
  ['lone surrogates', '\ud800', text(1), '\ud801', text(1)],
]

describe('sameValue', () => {
  it.each(SAME)('same: %s', (_name, left, leftType, right, rightType) => {
    expect(sameValue(left, leftType, right, rightType)).toBe(true)
    expect(sameValue(right, rightType, left, leftType)).toBe(true)
  })

  it.each(DIFFERENT)('different: %s', (_name, left, leftType, right, rightType) => {
    expect(sameValue(left, leftType, right, rightType)).toBe(false)
    expect(sameValue(right, rightType, left, leftType)).toBe(false)
  })

  const textual = fc.tuple(
    fc.constantFrom(text(5), text(9), code, option),
    fc.option(fc.string({ unit: 'binary', minLength: 1, maxLength: 6 })),
  )
  const numeric = fc.tuple(
    fc.constantFrom(decimal(0), decimal(2, false), decimal(4), integer(), integer(false)),
    fc.option(fc.integer({ min: -30_000, max: 30_000 }).map((units) => String(units / 10_000))),
  )
  const logical = fc.tuple(fc.constantFrom(boolean(true), boolean(false)), fc.option(fc.boolean()))

  it.each([
    ['text', textual],
    ['numbers', numeric],
    ['Booleans', logical],
  ] as const)('is symmetric and reflexive over %s', (_name, typed) => {
    fc.assert(
      fc.property(typed, typed, ([leftType, left], [rightType, right]) => {
        expect(sameValue(left, leftType, left, leftType)).toBe(true)
        expect(sameValue(left, leftType, right, rightType)).toBe(sameValue(right, rightType, left, leftType))
      }),
      { numRuns: 2_000 },
    )
  })
})
