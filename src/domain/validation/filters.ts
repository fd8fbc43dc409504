import { Comparison, type Filter } from '../filter.js'
import type { TableDefinition } from '../schema.js'
import type { FieldType, Value } from '../value.js'
import { error, shown, unknownField, type MappingProblem } from './problem.js'
import { misfit } from './values.js'

const COMPARISONS: readonly string[] = Object.values(Comparison)
const ORDERED: readonly string[] = ['<', '<=', '>', '>=']
const PARTIAL: readonly string[] = ['beginsWith', 'contains']

/** Every problem of a filter: it names existing fields, with comparisons and values that fit them. */
export function filterProblems(
  filter: Filter | null,
  table: TableDefinition,
  path: string,
): readonly MappingProblem[] {
  if (filter === null) return []
  if (filter.kind === 'compare') return comparisonProblems(filter, table, path)
  if (filter.filters.length === 0) {
    return [
      error(
        `${path}.filters`,
        `The ${filter.kind} has no conditions; expected at least one. Add one, or remove the filter.`,
      ),
    ]
  }
  return filter.filters.flatMap((child, index) => filterProblems(child, table, `${path}.filters[${index}]`))
}

function comparisonProblems(
  filter: Extract<Filter, { kind: 'compare' }>,
  table: TableDefinition,
  path: string,
): readonly MappingProblem[] {
  const field = table.fields.find((candidate) => candidate.name === filter.field)
  if (field === undefined) return [unknownField(`${path}.field`, table, filter.field)]
  if (field.type.kind === 'unsupported') {
    return [
      error(
        `${path}.field`,
        `${field.caption} (${field.name}) is a ${field.type.name} field, which cannot be read; filter by another field.`,
      ),
    ]
  }
  const { comparison } = filter
  if (!COMPARISONS.includes(comparison)) {
    return [
      error(
        `${path}.comparison`,
        `${shown(comparison)} is no comparison; expected one of ${COMPARISONS.join(' ')}.`,
      ),
    ]
  }
  if (ORDERED.includes(comparison) && !isOrdered(field.type)) {
    return [
      error(
        `${path}.comparison`,
        `${field.caption} (${field.name}) has no order, so ${comparison} means nothing there; use = or <> or in.`,
      ),
    ]
  }
  if (PARTIAL.includes(comparison) && field.type.kind !== 'text' && field.type.kind !== 'code') {
    return [
      error(
        `${path}.comparison`,
        `${comparison} is for text, and ${field.caption} (${field.name}) is none; use = or <> or in.`,
      ),
    ]
  }
  return valueProblems(filter, field, path)
}

function valueProblems(
  filter: Extract<Filter, { kind: 'compare' }>,
  field: TableDefinition['fields'][number],
  path: string,
): readonly MappingProblem[] {
  const { comparison, value } = filter
  if (comparison === 'blank') {
    return value === null
      ? []
      : [error(`${path}.value`, 'A comparison with blank has no value of its own; expected null.')]
  }
  const isList = Array.isArray(value)
  if (isList !== (comparison === 'in')) {
    const expected = comparison === 'in' ? 'a list of values' : 'one value'
    return [error(`${path}.value`, `${comparison} compares with ${expected}; got ${shown(value)}.`)]
  }
  if (isList && value.length === 0)
    return [
      error(
        `${path}.value`,
        'The list of values is empty, so that no record fits; expected at least one value.',
      ),
    ]
  const values: readonly Value[] = isList ? value : [value as Value]
  if (PARTIAL.includes(comparison)) {
    return values.some((one) => typeof one !== 'string' || one === '')
      ? [error(`${path}.value`, `${comparison} compares with text; got ${shown(value)}.`)]
      : []
  }
  return values.flatMap((one, index) => {
    const reason = one === null ? null : misfit(one, longEnough(field))
    return reason === null ? [] : [error(isList ? `${path}.value[${index}]` : `${path}.value`, reason)]
  })
}

/** A filter may compare with text that is longer than the field: nothing fits then, which is no mistake of type. */
function longEnough(field: TableDefinition['fields'][number]): TableDefinition['fields'][number] {
  const { type } = field
  return type.kind === 'text' || type.kind === 'code'
    ? { ...field, type: { ...type, maxLength: Number.MAX_SAFE_INTEGER } }
    : field
}

function isOrdered(type: FieldType): boolean {
  return ['text', 'code', 'decimal', 'integer', 'date', 'dateTime'].includes(type.kind)
}
