import { expect, test } from 'vitest'
import { failingClause } from '../../src/domain/filter-clause.js'
import type { Filter } from '../../src/domain/filter.js'

const TEXT = () => ({ kind: 'text', maxLength: 100 }) as const
const compare = (
  field: string,
  comparison: '=' | 'blank' | 'in' | 'beginsWith',
  value: string | string[] = '',
) => ({ kind: 'compare', field, comparison, value }) as const
const and = (...filters: Filter[]): Filter => ({ kind: 'and', filters })
const or = (...filters: Filter[]): Filter => ({ kind: 'or', filters })

const TYPE = compare('type', '=', '3')
const PLACES = or(compare('city', 'beginsWith', 'B'), compare('city', 'blank'))

test('the clause that keeps a record out', () => {
  const filter = and(TYPE, PLACES)
  expect(failingClause(null, {}, TEXT)).toBeNull()
  expect(failingClause(filter, { type: '3', city: 'Berlin' }, TEXT)).toBeNull()
  expect(failingClause(filter, { type: '4', city: 'Berlin' }, TEXT)).toEqual(TYPE)
  expect(failingClause(filter, { type: '3', city: 'Hamburg' }, TEXT)).toEqual(PLACES)
  expect(failingClause(and(and(PLACES, TYPE)), { type: '4', city: null }, TEXT)).toEqual(TYPE)
})
