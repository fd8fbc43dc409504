import type { EntityManager } from '@mikro-orm/postgresql'
import { unavailableFields } from '../../domain/catalog/available.js'
import { findTable } from '../../domain/catalog/tables.js'
import { enabledPart, type MappingDefinition } from '../../domain/mapping.js'
import type { TableDefinition } from '../../domain/schema.js'
import { Severity, validateMapping } from '../../domain/validate-mapping.js'
import { Side } from '../../domain/value.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { knownTables, type KnownTable } from '../../persistence/tables.js'
import { echo, type InputProblem } from '../errors.js'
import { documentPath } from './document/document-path.js'
import { toDocument } from './document/mapping-document.js'

/** What is wrong with a definition, and what deserves a second look. Paths are those of its document. */
export interface Judgement {
  readonly problems: readonly InputProblem[]
  readonly warnings: readonly InputProblem[]
}

/** Judges a definition by the tables as far as they are known, and by the other mappings of its connection. */
export async function judgeDefinition(
  em: EntityManager,
  connectionId: string,
  definition: MappingDefinition,
  others: readonly MappingDefinition[],
): Promise<Judgement> {
  const [local, integration] = await knownTables(em, [
    { connectionId, side: Side.local, name: definition.localTable },
    { connectionId, side: Side.integration, name: definition.integrationTable },
  ])
  if (!local || !integration)
    return { problems: unknownTables(definition, local ?? null, integration ?? null), warnings: [] }
  return judge(definition, { LOCAL: local.definition, INTEGRATION: integration.definition }, others)
}

/** The definitions of a connection's mappings, but for these. */
export async function otherDefinitions(
  em: EntityManager,
  connectionId: string,
  except: readonly string[],
): Promise<readonly MappingDefinition[]> {
  const found = await em.find(Mapping, { connectionId }, { orderBy: { position: 'asc' } })
  return found.filter((mapping) => !except.includes(mapping.name)).map((mapping) => mapping.definition)
}

/** The same, by tables and mappings that have been read. */
export function judge(
  definition: MappingDefinition,
  tables: Readonly<Record<Side, TableDefinition>>,
  others: readonly MappingDefinition[],
): Judgement {
  const document = toDocument(definition)
  const whole = { LOCAL: withCustomApi(tables.LOCAL), INTEGRATION: withCustomApi(tables.INTEGRATION) }
  const found = validateMapping(definition, whole, others).map(({ path, message, severity }) => ({
    argument: documentPath(path, document),
    message,
    severity,
  }))
  const leftOut = unavailableFields(enabledPart(definition), tables)
    .filter(({ side, field }) => whole[side].fields.some(({ name }) => name === field))
    .map(({ fieldMapping, reason }) => ({
      argument: `fields[${definition.fields.findIndex(({ name }) => name === fieldMapping)}]`,
      message: `${reason} Until then ${fieldMapping} is left out of runs.`,
    }))
  const of = (wanted: Severity): readonly InputProblem[] =>
    found
      .filter(({ severity }) => severity === wanted)
      .map(({ argument, message }) => ({ argument, message }))
  return { problems: of(Severity.error), warnings: [...of(Severity.warning), ...leftOut] }
}

/**
 * A table with the fields that a custom API page would add: a mapping may name them where the page is missing, and works
 * without them until it is there.
 */
function withCustomApi(table: TableDefinition): TableDefinition {
  const known = findTable(table.system, table.name)?.fields ?? []
  const missing = known.filter(
    (field) => field.customApi === true && !table.fields.some(({ name }) => name === field.name),
  )
  return missing.length === 0 ? table : { ...table, fields: [...table.fields, ...missing] }
}

/** The tables that Accord does not know. */
export function unknownTables(
  definition: MappingDefinition,
  local: KnownTable | null,
  integration: KnownTable | null,
): readonly InputProblem[] {
  const unknown = (argument: string, system: string, name: string): InputProblem => ({
    argument,
    message: `Expected a table of ${system} by its name in that system's API, got ${echo(name)}; the query systemTables lists them.`,
  })
  return [
    ...(local ? [] : [unknown('localTable', 'the local system', definition.localTable)]),
    ...(integration
      ? []
      : [unknown('integrationTable', 'the integration system', definition.integrationTable)]),
  ]
}
