import type { MappingDefinition } from '../mapping.js'
import type { FieldDefinition, TableDefinition } from '../schema.js'
import type { FieldType, Side } from '../value.js'
import { error, unknownField, type MappingProblem } from './problem.js'

type Tables = Readonly<Record<Side, TableDefinition>>

/** Rules by which records find their partners, and that there are some where match-based coupling is asked for. */
export function matchProblems(mapping: MappingDefinition, tables: Tables): readonly MappingProblem[] {
  const rules = mapping.matchRules.flatMap((rule, index) => {
    const path = `matchRules[${index}]`
    const problems: MappingProblem[] = []
    const first = mapping.matchRules.findIndex((other) => other.priority === rule.priority)
    if (!Number.isInteger(rule.priority) || rule.priority < 0) {
      problems.push(
        error(`${path}.priority`, `The priority is ${rule.priority}; expected a whole number from 0 on.`),
      )
    } else if (first !== index) {
      problems.push(
        error(
          `${path}.priority`,
          `matchRules[${first}] has the priority ${rule.priority} already; expected each once, so that their order is clear. Change one of the two.`,
        ),
      )
    }
    if (rule.pairs.length === 0)
      problems.push(
        error(`${path}.pairs`, 'The rule compares nothing; expected at least one pair of fields.'),
      )
    return [
      ...problems,
      ...rule.pairs.flatMap((pair, position) => pairProblems(pair, tables, `${path}.pairs[${position}]`)),
    ]
  })
  const isAsked = mapping.coupling.createNew || mapping.coupling.synchronizeAfterwards
  const none =
    isAsked && mapping.matchRules.length === 0
      ? [
          error(
            'matchRules',
            `You must specify which fields on the table mapping '${mapping.name}' should be used for match-based coupling.`,
          ),
        ]
      : []
  return [...rules, ...none]
}

function pairProblems(
  pair: { readonly localField: string; readonly integrationField: string },
  tables: Tables,
  path: string,
): readonly MappingProblem[] {
  const local = tables.LOCAL.fields.find(({ name }) => name === pair.localField)
  const integration = tables.INTEGRATION.fields.find(({ name }) => name === pair.integrationField)
  if (local === undefined || integration === undefined) {
    return [
      ...(local === undefined ? [unknownField(`${path}.localField`, tables.LOCAL, pair.localField)] : []),
      ...(integration === undefined
        ? [unknownField(`${path}.integrationField`, tables.INTEGRATION, pair.integrationField)]
        : []),
    ]
  }
  const refused = [
    ...refusal(local, `${path}.localField`),
    ...refusal(integration, `${path}.integrationField`),
  ]
  if (refused.length > 0 || familyOf(local.type) === familyOf(integration.type)) return refused
  return [
    error(
      path,
      `${local.caption} (${local.type.kind}) and ${integration.caption} (${integration.type.kind}) are of different types, so that they are never equal; match fields of the same type.`,
    ),
  ]
}

function refusal(field: FieldDefinition, path: string): readonly MappingProblem[] {
  return familyOf(field.type) === null
    ? [
        error(
          path,
          `${field.caption} (${field.name}) is of the type ${field.type.kind}, by which no record is recognised in another system; match by text, code, number, date or option.`,
        ),
      ]
    : []
}

/** Types of which values are comparable between systems; null: of none. */
function familyOf(type: FieldType): string | null {
  switch (type.kind) {
    case 'text':
    case 'code':
    case 'option':
      return 'text'
    case 'decimal':
    case 'integer':
      return 'number'
    case 'date':
      return 'date'
    default:
      return null
  }
}
