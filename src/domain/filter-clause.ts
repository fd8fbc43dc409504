import { matchesFilter, type Filter } from './filter.js'
import type { FieldType, Values } from './value.js'

/**
 * The part of a filter that keeps a record out: of conditions that must all hold the first that does not, of alternatives all of them.
 * Null where the record lies inside. Throws when a field of the filter was not read.
 */
export function failingClause(
  filter: Filter | null,
  values: Values,
  typeOf: (field: string) => FieldType,
): Filter | null {
  if (filter === null || matchesFilter(filter, values, typeOf)) return null
  if (filter.kind !== 'and') return filter
  for (const child of filter.filters) {
    const clause = failingClause(child, values, typeOf)
    if (clause !== null) return clause
  }
  return filter
}
