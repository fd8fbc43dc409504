import { describe, expect, it } from 'vitest'
import { filterFields, matchesFilter, type Comparison, type Filter } from '../../src/domain/filter.js'
import type { FieldType, Value } from '../../src/domain/value.js'

const TYPES: Readonly<Record<string, FieldType>> = {
  name: { kind: 'text', maxLength: 50 },
  amount: { kind: 'decimal', scale: 2, nullable: true },
  active: { kind: 'boolean', nullable: true },
  since: { kind: 'dateTime' },
  day: { kind: 'date' },
}
const typeOf = (field: string): FieldType => TYPES[field] ?? { kind: 'guid' }
const compare = (field: string, comparison: Comparison, value: Value | readonly Value[] = null): Filter => ({
  kind: 'compare',
  field,
  comparison,
  value,
})

type Row = readonly [value: Value, comparison: Comparison, operand: Value | readonly Value[], inside: boolean]

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  name: [
    ['Berlin', '=', 'berlin', true],
    ['Berlin', '=', 'Bern', false],
    [null, '=', null, true],
    [null, '=', 'Bern', false],
    ['Berlin', '=', null, false],
    ['caf\u00e9', '=', 'CAFE\u0301', true],
    ['Berlin', '<>', 'BERLIN', false],
    ['Berlin', '<>', 'Bern', true],
    [null, '<>', 'Bern', true],
    [null, '<>', null, false],
    ['Berlin', '<', 'bern', true],
    ['Bern', '<=', 'BERN', true],
    ['Bern', '>', 'berlin', true],
    ['Bern', '>=', 'bern', true],
    [null, '<', 'Bern', false],
    [null, '<=', 'Bern', false],
    [null, '>=', null, false],
    ['Bern', '>', null, false],
    ['Bern', 'in', ['Berlin', 'BERN'], true],
    ['Bonn', 'in', ['Berlin', 'Bern'], false],
    [null, 'in', ['Berlin', null], true],
    [null, 'in', ['Berlin'], false],
    ['Bern', 'in', 'bern', true],
    ['Bern', 'in', [], false],
    [null, 'blank', null, true],
    ['Bern', 'blank', null, false],
    ['Berlin', 'beginsWith', 'BER', true],
    ['Berlin', 'beginsWith', 'lin', false],
    ['Berlin', 'beginsWith', null, true],
    [null, 'beginsWith', 'B', false],
    ['Berlin', 'contains', 'RLI', true],
    ['Berlin', 'contains', 'x', false],
    [null, 'contains', null, false],
  ],
  amount: [
    ['10', '>', '9', true],
    ['10', '=', '10.0', true],
    ['-1', '<', '0', true],
    ['12345678901234.5678', '<', '12345678901234.5679', true],
    [null, '<', '0', false],
    ['0', 'blank', null, false],
    ['2', 'in', ['1', '2.00'], true],
  ],
  active: [
    [true, '=', true, true],
    [false, '=', true, false],
    [null, '=', false, false],
    [false, '<', true, true],
    [true, 'contains', 'r', false],
  ],
  since: [
    ['2026-01-05T10:00:00Z', '<', '2026-01-05T10:00:00.5Z', true],
    ['2026-01-05T10:00:00.5Z', '>', '2026-01-05T10:00:00Z', true],
    ['2026-01-05T10:00:00.5Z', '=', '2026-01-05T10:00:00.5Z', true],
    ['2026-01-05T10:00:01Z', '>', '2026-01-05T10:00:00.999Z', true],
  ],
  day: [
    ['2026-01-05', '<', '2026-01-06', true],
    ['2026-01-05', '>=', '2026-01-05', true],
  ],
}

describe('matchesFilter', () => {
  for (const [field, rows] of Object.entries(ROWS))
    it.each(rows)(`${field} %j %s %j: %s`, (value, comparison, operand, inside) => {
      expect(matchesFilter(compare(field, comparison, operand), { [field]: value }, typeOf)).toBe(inside)
    })

  it('takes every record where there is no filter', () => {
    expect(matchesFilter(null, {}, typeOf)).toBe(true)
  })

  const berlin = compare('name', '=', 'Berlin')
  const rich = compare('amount', '>', '100')
  it.each([
    ['and', ['Berlin', '200'], true],
    ['and', ['Berlin', '50'], false],
    ['or', ['Bern', '200'], true],
    ['or', ['Bern', '50'], false],
  ] as const)('%s of %j', (kind, [name, amount], inside) => {
    expect(matchesFilter({ kind, filters: [berlin, rich] }, { name, amount }, typeOf)).toBe(inside)
  })

  it('nests', () => {
    const nested: Filter = {
      kind: 'and',
      filters: [berlin, { kind: 'or', filters: [rich, compare('amount', 'blank')] }],
    }
    expect(matchesFilter(nested, { name: 'Berlin', amount: null }, typeOf)).toBe(true)
    expect(matchesFilter(nested, { name: 'Berlin', amount: '1' }, typeOf)).toBe(false)
    expect(filterFields(nested)).toEqual(['name', 'amount', 'amount'])
  })

  it('takes all of nothing, and none of no alternative', () => {
    expect(matchesFilter({ kind: 'and', filters: [] }, {}, typeOf)).toBe(true)
    expect(matchesFilter({ kind: 'or', filters: [] }, {}, typeOf)).toBe(false)
  })

  it('refuses to judge by a field that was not read', () => {
    expect(() => matchesFilter(berlin, {}, typeOf)).toThrow(
      'The filter asks for field name, which was not read.',
    )
  })

  it('reads no field without a filter', () => {
    expect(filterFields(null)).toEqual([])
  })
})
