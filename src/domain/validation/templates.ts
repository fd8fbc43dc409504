import { fieldOf } from '../schema.js'
import type { InsertTemplate, MappingDefinition } from '../mapping.js'
import type { TableDefinition } from '../schema.js'
import type { Side } from '../value.js'
import { filterProblems } from './filters.js'
import { error, shown, unknownField, type MappingProblem } from './problem.js'
import { misfit } from './values.js'

/** Templates: filters over the records they are created from, values that the created records can hold. */
export function templateProblems(
  mapping: MappingDefinition,
  tables: Readonly<Record<Side, TableDefinition>>,
): readonly MappingProblem[] {
  return [
    ...templatesOf(mapping.templates.local, 'templates.local', tables.LOCAL, tables.INTEGRATION),
    ...templatesOf(mapping.templates.integration, 'templates.integration', tables.INTEGRATION, tables.LOCAL),
  ]
}

function templatesOf(
  templates: readonly InsertTemplate[],
  list: string,
  table: TableDefinition,
  source: TableDefinition,
): readonly MappingProblem[] {
  return templates.flatMap((template, index) => {
    const path = `${list}[${index}]`
    const problems: MappingProblem[] = []
    const first = templates.findIndex((other) => other.name === template.name)
    if (template.name.trim() === '')
      problems.push(error(`${path}.name`, 'The template has no name; expected one by which people know it.'))
    else if (first !== index) {
      problems.push(
        error(
          `${path}.name`,
          `${shown(template.name)} is the name of ${list}[${first}] already; expected each name once. Rename one of the two.`,
        ),
      )
    }
    if (!Number.isInteger(template.priority)) {
      problems.push(
        error(
          `${path}.priority`,
          `The priority is ${template.priority}; expected a whole number, the smallest first.`,
        ),
      )
    }
    return [
      ...problems,
      ...filterProblems(template.filter, source, `${path}.filter`),
      ...valueProblems(template, table, `${path}.values`),
    ]
  })
}

function valueProblems(
  template: InsertTemplate,
  table: TableDefinition,
  path: string,
): readonly MappingProblem[] {
  return Object.entries(template.values).flatMap(([name, value]) => {
    if (!table.fields.some((field) => field.name === name))
      return [unknownField(`${path}.${name}`, table, name)]
    const field = fieldOf(table, name)
    if (field.readOnly === true) {
      return [
        error(
          `${path}.${name}`,
          `${field.caption} (${name}) of ${table.caption} is read-only: only its system writes it. Remove it from the template.`,
        ),
      ]
    }
    const reason = misfit(value, field)
    return reason === null ? [] : [error(`${path}.${name}`, reason)]
  })
}
