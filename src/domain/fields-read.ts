import type { MappingDefinition } from './mapping.js'

/** The fields of each side that the mapping reads: mapped ones, filters', match rules' and those that rules refer to. */
export function fieldsRead(
  mapping: MappingDefinition,
  filterNames: { local: readonly string[]; integration: readonly string[] },
) {
  const local = new Set(filterNames.local)
  const integration = new Set(filterNames.integration)
  for (const field of mapping.fields) {
    if (field.localField !== null) local.add(field.localField)
    if (field.integrationField !== null) integration.add(field.integrationField)
    if (field.localCurrencyAmount !== undefined) local.add(field.localCurrencyAmount.currencyField)
  }
  for (const pair of mapping.matchRules.flatMap((rule) => rule.pairs)) {
    local.add(pair.localField)
    integration.add(pair.integrationField)
  }
  return { local: [...local].sort(), integration: [...integration].sort() }
}
