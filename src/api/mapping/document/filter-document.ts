import type { Comparison, Filter } from '../../../domain/filter.js'
import { Comparison as Comparisons } from '../../../domain/filter.js'
import { assertNever, type Value } from '../../../domain/value.js'

/** A filter as clients and mapping files write it; one of `and`, `or` and `field`. */
export type FilterDocument =
  | { readonly and: readonly FilterDocument[] }
  | { readonly or: readonly FilterDocument[] }
  | {
      readonly field: string
      readonly comparison: Comparison
      /** Of every comparison but `in` and `blank`. */
      readonly value?: Value
      /** Of `in`. */
      readonly values?: readonly Value[]
    }

export type Path = readonly (string | number)[]

/** Deeper than any filter a person writes; a document nested without end must not exhaust the stack. */
const DEEPEST = 12

const KEYS = ['and', 'or', 'field', 'comparison', 'value', 'values'] as const

export function toFilterDocument(filter: Filter): FilterDocument {
  switch (filter.kind) {
    case 'and':
      return { and: filter.filters.map(toFilterDocument) }
    case 'or':
      return { or: filter.filters.map(toFilterDocument) }
    case 'compare': {
      const { field, comparison, value } = filter
      if (comparison === 'blank') return { field, comparison }
      if (comparison === 'in') return { field, comparison, values: isList(value) ? value : [value] }
      return { field, comparison, value: isList(value) ? (value[0] ?? null) : value }
    }
    default:
      return assertNever(filter)
  }
}

/** Reads a filter; each problem is told with its path. Null when there was one. */
export function readFilter(
  input: unknown,
  path: Path,
  tell: (path: Path, message: string) => void,
): Filter | null {
  if (path.length > DEEPEST * 2) {
    tell(path, `Expected a filter at most ${DEEPEST} levels deep.`)
    return null
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    tell(path, 'Expected a condition (field, comparison, value), or a list of them under and, or under or.')
    return null
  }
  const given = input as Readonly<Record<string, unknown>>
  const unknown = Object.keys(given).filter((key) => !(KEYS as readonly string[]).includes(key))
  for (const key of unknown) tell([...path, key], `Expected one of ${KEYS.join(', ')} here.`)
  const kinds = (['and', 'or', 'field'] as const).filter((key) => given[key] !== undefined)
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1) {
    tell(path, `Expected one of and, or and field${kinds.length > 1 ? `, got ${kinds.join(' and ')}` : ''}.`)
    return null
  }
  if (kind === 'field') return readComparison(given, path, tell)
  for (const key of ['comparison', 'value', 'values'] as const) {
    if (given[key] !== undefined) tell([...path, key], `Expected it beside field, not beside ${kind}.`)
  }
  const list = given[kind]
  if (!Array.isArray(list) || list.length === 0) {
    tell([...path, kind], 'Expected a list of at least one condition.')
    return null
  }
  const filters = list.map((child: unknown, index) => readFilter(child, [...path, kind, index], tell))
  return { kind, filters: filters.filter((child) => child !== null) }
}

function readComparison(
  given: Readonly<Record<string, unknown>>,
  path: Path,
  tell: (path: Path, message: string) => void,
): Filter | null {
  const { field, comparison, value, values } = given
  if (typeof field !== 'string') {
    tell([...path, 'field'], 'Expected the name of a field.')
    return null
  }
  if (!isComparison(comparison)) {
    tell([...path, 'comparison'], `Expected one of ${Object.values(Comparisons).join(' ')}.`)
    return null
  }
  const wanted = comparison === 'in' ? 'values' : comparison === 'blank' ? null : 'value'
  for (const key of ['value', 'values'] as const) {
    if (key !== wanted && given[key] !== undefined) {
      tell([...path, key], `Expected none with ${comparison}${wanted === null ? '' : `; it has ${wanted}`}.`)
    }
  }
  if (wanted === null) return { kind: 'compare', field, comparison, value: null }
  if (wanted === 'values') {
    if (!Array.isArray(values) || values.length === 0) {
      tell([...path, 'values'], 'Expected a list of at least one value.')
      return null
    }
    values.forEach((item: unknown, index) => {
      const problem = valueProblem(item)
      if (problem !== null) tell([...path, 'values', index], problem)
    })
    return { kind: 'compare', field, comparison, value: values as Value[] }
  }
  const problem = value === undefined ? 'Expected a value; blank is null.' : valueProblem(value)
  if (problem !== null) tell([...path, 'value'], problem)
  return { kind: 'compare', field, comparison, value: (value ?? null) as Value }
}

/** What is wrong with a value of a document; null: nothing. Numbers are text, since a number could lose digits. */
export function valueProblem(value: unknown): string | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null
  if (typeof value === 'number' || typeof value === 'bigint') {
    return `Expected text, true, false or null; write the number in quotes: '${String(value)}'.`
  }
  return 'Expected text, true, false or null.'
}

/**
 * A filter in words: `Blocked is blank and (City = 'Bonn' or City = 'Trier')`. `nameOf` says how a field is called.
 */
export function describeFilter(filter: Filter, nameOf: (field: string) => string): string {
  if (filter.kind === 'compare') {
    return describeComparison(nameOf(filter.field), filter.comparison, filter.value)
  }
  return filter.filters
    .map((child) => {
      const text = describeFilter(child, nameOf)
      return child.kind === 'compare' || filter.filters.length === 1 ? text : `(${text})`
    })
    .join(` ${filter.kind} `)
}

function describeComparison(name: string, comparison: Comparison, value: Value | readonly Value[]): string {
  switch (comparison) {
    case 'blank':
      return `${name} is blank`
    case 'in':
      return `${name} in (${(isList(value) ? value : [value]).map(describeValue).join(', ')})`
    case 'beginsWith':
      return `${name} begins with ${describeValue(value)}`
    case 'contains':
      return `${name} contains ${describeValue(value)}`
    case '=':
      return value === null ? `${name} is blank` : `${name} = ${describeValue(value)}`
    case '<>':
      return value === null ? `${name} is not blank` : `${name} <> ${describeValue(value)}`
    default:
      return `${name} ${comparison} ${describeValue(value)}`
  }
}

/** A value as people read it: text in single quotes, `blank`, `true`, `false`. */
export function describeValue(value: Value | readonly Value[]): string {
  if (value === null) return 'blank'
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  return isList(value) ? value.map(describeValue).join(', ') : String(value)
}

function isList(value: Value | readonly Value[]): value is readonly Value[] {
  return Array.isArray(value)
}

function isComparison(value: unknown): value is Comparison {
  return typeof value === 'string' && Object.values<string>(Comparisons).includes(value)
}
