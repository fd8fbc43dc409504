import type { FieldType, Value, Values } from './value.js'
import { assertNever } from './value.js'
import { compareNumbers } from './number.js'
import { foldCase } from './text.js'

export const Comparison = {
  equal: '=',
  notEqual: '<>',
  less: '<',
  lessOrEqual: '<=',
  greater: '>',
  greaterOrEqual: '>=',
  in: 'in',
  blank: 'blank',
  beginsWith: 'beginsWith',
  contains: 'contains',
} as const
export type Comparison = (typeof Comparison)[keyof typeof Comparison]

/**
 * Which records of a table a mapping takes part in: a tree of and/or over comparisons. Text is compared without case.
 * Evaluation in memory is the truth; a connector may push down only what its system means exactly the same (engine rule 1).
 */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] }
  | {
      readonly kind: 'compare'
      readonly field: string
      readonly comparison: Comparison
      readonly value: Value | readonly Value[]
    }

/** Whether a record's values lie inside the filter. `null` is no filter. Throws when a field of the filter was not read. */
export function matchesFilter(
  filter: Filter | null,
  values: Values,
  typeOf: (field: string) => FieldType,
): boolean {
  if (filter === null) return true
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((child) => matchesFilter(child, values, typeOf))
    case 'or':
      return filter.filters.some((child) => matchesFilter(child, values, typeOf))
    case 'compare': {
      const value = values[filter.field]
      if (value === undefined)
        throw new Error(`The filter asks for field ${filter.field}, which was not read.`)
      return compares(value, filter.comparison, filter.value, typeOf(filter.field))
    }
    default:
      return assertNever(filter)
  }
}

/** The fields a filter reads. */
export function filterFields(filter: Filter | null): readonly string[] {
  if (filter === null) return []
  if (filter.kind === 'compare') return [filter.field]
  return filter.filters.flatMap(filterFields)
}

function compares(
  value: Value,
  comparison: Comparison,
  operand: Value | readonly Value[],
  type: FieldType,
): boolean {
  if (comparison === 'in') {
    const list: readonly Value[] = Array.isArray(operand) ? operand : [operand as Value]
    return list.some((item) => order(value, item, type) === 0)
  }
  if (comparison === 'blank') return value === null
  const single = operand as Value
  switch (comparison) {
    case '=':
      return order(value, single, type) === 0
    case '<>':
      return order(value, single, type) !== 0
    case '<':
      return value !== null && single !== null && order(value, single, type) < 0
    case '<=':
      return value !== null && single !== null && order(value, single, type) <= 0
    case '>':
      return value !== null && single !== null && order(value, single, type) > 0
    case '>=':
      return value !== null && single !== null && order(value, single, type) >= 0
    case 'beginsWith':
      return typeof value === 'string' && foldCase(value).startsWith(foldCase(String(single ?? '')))
    case 'contains':
      return typeof value === 'string' && foldCase(value).includes(foldCase(String(single ?? '')))
    default:
      return assertNever(comparison)
  }
}

/** Blank sorts before everything else. */
function order(left: Value, right: Value, type: FieldType): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1
  if (typeof left === 'boolean' || typeof right === 'boolean') return Number(left) - Number(right)
  if (type.kind === 'decimal' || type.kind === 'integer') return compareNumbers(left, right)
  if (type.kind === 'dateTime') return compareInstants(left, right)
  const a = foldCase(left)
  const b = foldCase(right)
  return a === b ? 0 : a < b ? -1 : 1
}

/** ISO 8601 in UTC, with or without a fraction of the second: as text `10:00:00.5Z` would come before `10:00:00Z`. */
function compareInstants(left: string, right: string): number {
  const a = left.replace(/Z$/i, '')
  const b = right.replace(/Z$/i, '')
  return a === b ? 0 : a < b ? -1 : 1
}
