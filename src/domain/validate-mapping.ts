import type { MappingDefinition } from './mapping.js'
import type { TableDefinition } from './schema.js'
import { fieldProblems } from './validation/fields.js'
import { filterProblems } from './validation/filters.js'
import { matchProblems } from './validation/match-rules.js'
import type { MappingProblem } from './validation/problem.js'
import { referenceProblems } from './validation/references.js'
import { mappingSettingProblems } from './validation/settings.js'
import { templateProblems } from './validation/templates.js'
import type { Side } from './value.js'

export { Severity, type MappingProblem } from './validation/problem.js'

/**
 * Everything that is wrong with a mapping definition, at once: what, where, what is expected and how to put it right, in
 * Business Central's own words where it has some. `others`: the other mappings of the connection. Empty: it can be saved; so it
 * can where all that is told are warnings.
 */
export function validateMapping(
  definition: MappingDefinition,
  tables: Readonly<Record<Side, TableDefinition>>,
  others: readonly MappingDefinition[],
): readonly MappingProblem[] {
  return [
    ...mappingSettingProblems(definition, tables, others),
    ...filterProblems(definition.localFilter, tables.LOCAL, 'localFilter'),
    ...filterProblems(definition.integrationFilter, tables.INTEGRATION, 'integrationFilter'),
    ...fieldProblems(definition, tables),
    ...matchProblems(definition, tables),
    ...templateProblems(definition, tables),
    ...referenceProblems(definition, tables, others),
  ]
}
