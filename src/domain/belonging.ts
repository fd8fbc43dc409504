import { Comparison, type Filter } from './filter.js'
import type { MappingDefinition } from './mapping.js'

/**
 * By which field mappings records of `mapping` belong to records of `owner`: lookups of theirs through `owner`'s couplings, without
 * which they are outside of their mapping (a contact is in scope only with a parent account). Names of field mappings.
 */
export function belongsThrough(mapping: MappingDefinition, owner: MappingDefinition): readonly string[] {
  return mapping.fields
    .filter(
      ({ lookupMappings, localField, integrationField }) =>
        lookupMappings?.includes(owner.name) === true &&
        (requires(mapping.localFilter, localField) || requires(mapping.integrationFilter, integrationField)),
    )
    .map(({ name }) => name)
}

/** Whether nothing is let in where that field is blank. */
function requires(filter: Filter | null, field: string | null): boolean {
  if (filter === null || field === null) return false
  if (filter.kind === 'compare')
    return filter.field === field && filter.comparison === Comparison.notEqual && filter.value === null
  return filter.kind === 'and'
    ? filter.filters.some((one) => requires(one, field))
    : filter.filters.length > 0 && filter.filters.every((one) => requires(one, field))
}
