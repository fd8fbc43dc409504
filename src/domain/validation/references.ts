import type { MappingDefinition } from '../mapping.js'
import type { TableDefinition } from '../schema.js'
import type { FieldType, Side } from '../value.js'
import { error, shown, type MappingProblem } from './problem.js'

type Tables = Readonly<Record<Side, TableDefinition>>

/** What refers to other mappings: dependencies known and without a circle, lookups through mappings that pair their tables. */
export function referenceProblems(
  mapping: MappingDefinition,
  tables: Tables,
  others: readonly MappingDefinition[],
): readonly MappingProblem[] {
  return [...dependencyProblems(mapping, others), ...lookupProblems(mapping, tables, others)]
}

function dependencyProblems(
  mapping: MappingDefinition,
  others: readonly MappingDefinition[],
): readonly MappingProblem[] {
  return mapping.dependsOn.flatMap((name, index) => {
    const path = `dependsOn[${index}]`
    if (name === mapping.name)
      return [error(path, 'A mapping cannot depend on itself; remove it from dependsOn.')]
    if (mapping.dependsOn.indexOf(name) !== index)
      return [
        error(path, `${shown(name)} stands in dependsOn already; expected each mapping once. Remove one.`),
      ]
    if (!others.some((other) => other.name === name)) return [error(path, unknownMapping(name, others))]
    const circle = pathTo(mapping.name, name, others)
    return circle === null
      ? []
      : [
          error(
            path,
            `The dependencies go round in a circle: ${[mapping.name, ...circle].join(' → ')}; expected that some mapping can run first. Remove one of them.`,
          ),
        ]
  })
}

/** Whether a mapping runs first, because this one or one that it depends on says so. */
function runsBefore(name: string, mapping: MappingDefinition, others: readonly MappingDefinition[]): boolean {
  return mapping.dependsOn.some((first) => pathTo(name, first, others) !== null)
}

/** The way from a mapping to another along dependencies; null where there is none. */
function pathTo(
  wanted: string,
  from: string,
  others: readonly MappingDefinition[],
): readonly string[] | null {
  const seen = new Set<string>()
  const search = (name: string): readonly string[] | null => {
    if (name === wanted) return [name]
    if (seen.has(name)) return null
    seen.add(name)
    for (const next of others.find((other) => other.name === name)?.dependsOn ?? []) {
      const rest = search(next)
      if (rest !== null) return [name, ...rest]
    }
    return null
  }
  return search(from)
}

function lookupProblems(
  mapping: MappingDefinition,
  tables: Tables,
  others: readonly MappingDefinition[],
): readonly MappingProblem[] {
  return mapping.fields.flatMap((field, index) => {
    const names = field.lookupMappings
    if (field.status === 'DISABLED' || names === undefined) return []
    const path = `fields[${index}].lookupMappings`
    if (names.length === 0)
      return [error(path, 'The list of mappings is empty; expected at least one, or no lookupMappings.')]
    const types = {
      local: tables.LOCAL.fields.find(({ name }) => name === field.localField)?.type,
      integration: tables.INTEGRATION.fields.find(({ name }) => name === field.integrationField)?.type,
    }
    return names.flatMap((name, position) => {
      const at = `${path}[${position}]`
      const other = name === mapping.name ? mapping : others.find((candidate) => candidate.name === name)
      if (other === undefined) return [error(at, unknownMapping(name, others))]
      const problems = pairProblems(other, types, names.length > 1, at)
      const waits = name !== mapping.name && field.clearValueOnFailedSync !== true
      return waits && !runsBefore(name, mapping, others)
        ? [
            ...problems,
            error(
              'dependsOn',
              `fields[${index}] (${field.name}) refers to records of ${name}, which therefore has to run first; add ${name} to dependsOn, or set Clear Value on Failed Sync.`,
            ),
          ]
        : problems
    })
  })
}

function pairProblems(
  other: MappingDefinition,
  types: { readonly local: FieldType | undefined; readonly integration: FieldType | undefined },
  isOneOfSeveral: boolean,
  path: string,
): readonly MappingProblem[] {
  const leads = (type: FieldType | undefined, table: string) =>
    type?.kind !== 'lookup' || type.table === table
  const ends = [leads(types.local, other.localTable), leads(types.integration, other.integrationTable)]
  // A field may lead to several tables (a contact's company: customers or vendors), of which its type names one.
  if (isOneOfSeveral ? ends.includes(true) : !ends.includes(false)) return []
  const wanted = [types.local, types.integration].map((type) =>
    type?.kind === 'lookup' ? type.table : 'any',
  )
  return [
    error(
      path,
      `${other.name} pairs ${other.localTable} with ${other.integrationTable}, and this lookup leads to ${wanted.join(' and ')}; expected a mapping of those two tables.`,
    ),
  ]
}

function unknownMapping(name: string, others: readonly MappingDefinition[]): string {
  const known = others.map((other) => other.name)
  return `There is no mapping ${shown(name)} in this connection; expected ${known.length > 0 ? `one of ${known.join(', ')}` : 'none: it has no other mapping'}. Correct the name, or make that mapping first.`
}
