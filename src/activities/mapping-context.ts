import type { EntityManager } from '@mikro-orm/postgresql'
import type { Connector } from '../connectors/connector.js'
import { fieldsRead, type LookupCouplings, type TransferContext } from '../domain/field-transfer.js'
import { filterFields, matchesFilter } from '../domain/filter.js'
import { availablePart, unavailableFields, type UnavailableField } from '../domain/catalog/available.js'
import { enabledPart, type MappingDefinition } from '../domain/mapping.js'
import type { RecordSnapshot } from '../domain/record.js'
import { fieldOf, type TableDefinition } from '../domain/schema.js'
import { Lane } from '../domain/lane.js'
import { laneOfRun } from '../domain/run.js'
import { Side } from '../domain/value.js'
import { Connection } from '../persistence/entities/connection.js'
import { MappingVersion } from '../persistence/entities/mapping-version.js'
import { Mapping } from '../persistence/entities/mapping.js'
import type { SynchRun } from '../persistence/entities/synch-run.js'
import { tablesOfMapping } from '../persistence/tables.js'
import { coupledPairs } from '../persistence/queries/coupled-ids.js'
import type { ActivityDependencies } from './dependencies.js'

/** A mapping with its two systems, as every activity works with it. */
export interface MappingContext {
  readonly em: EntityManager
  readonly mapping: Mapping
  readonly connection: Connection
  /** Without the field mappings that are not available. */
  readonly definition: MappingDefinition
  readonly unavailable: readonly UnavailableField[]
  readonly tables: Readonly<Record<Side, TableDefinition>>
  readonly connectors: Readonly<Record<Side, Connector>>
  /** The fields of each side that are read, sorted. */
  readonly fields: Readonly<Record<Side, readonly string[]>>
  /** Id of the integration system's base currency. */
  readonly baseCurrency: string | null
}

/** Loads a mapping as it stands now. Throws when it is gone. */
export function loadMapping(
  dependencies: ActivityDependencies,
  mappingId: string,
  lane: Lane,
): Promise<MappingContext> {
  return loadVersion(dependencies, mappingId, null, false, () => lane)
}

/**
 * Loads the mapping of a run as it stood when the run began, so that it carries out one version from its first page to its
 * last. A full synchronisation creates records without a partner, whatever Synch. Only Coupled Records says.
 */
export function loadMappingOfRun(
  dependencies: ActivityDependencies,
  run: Pick<SynchRun, 'mappingId' | 'mappingVersion' | 'includeUncoupled' | 'kind' | 'mode' | 'scope'>,
): Promise<MappingContext> {
  return loadVersion(dependencies, run.mappingId, run.mappingVersion, run.includeUncoupled, (mapping) =>
    laneOfRun(run, isLoaded(mapping)),
  )
}

/** The same for a reconciliation, which compares everything there is. */
export function loadMappingToReconcile(
  dependencies: ActivityDependencies,
  { mappingId, mappingVersion }: Pick<SynchRun, 'mappingId' | 'mappingVersion'>,
): Promise<MappingContext> {
  return loadVersion(dependencies, mappingId, mappingVersion, false, () => Lane.backfill)
}

/** Whether a run has read everything before. */
function isLoaded(mapping: Mapping): boolean {
  return mapping.toWatermark !== null || mapping.fromWatermark !== null
}

async function loadVersion(
  dependencies: ActivityDependencies,
  mappingId: string,
  version: number | null,
  includeUncoupled: boolean,
  laneOf: (mapping: Mapping) => Lane,
): Promise<MappingContext> {
  const em = dependencies.database.em.fork()
  const mapping = await em.findOneOrFail(Mapping, { id: mappingId })
  const connection = await em.findOneOrFail(Connection, { id: mapping.connectionId })
  const stored =
    version === null || version === mapping.version
      ? mapping.inForce()
      : enabledPart((await em.findOneOrFail(MappingVersion, { mappingId, version })).definition)
  const whole = includeUncoupled ? { ...stored, onlyCoupled: false } : stored
  return contextOf(dependencies, em, { mapping, connection }, whole, laneOf(mapping))
}

/** The same for a definition that need not be in force. Field mappings that are disabled must have been left out. */
export async function contextOf(
  dependencies: ActivityDependencies,
  em: EntityManager,
  { mapping, connection }: Pick<MappingContext, 'mapping' | 'connection'>,
  whole: MappingDefinition,
  lane: Lane,
): Promise<MappingContext> {
  const tables = await tablesOfMapping(em, connection, whole)
  const definition = availablePart(whole, tables)
  const fields = fieldsRead(definition, {
    local: [
      ...filterFields(definition.localFilter),
      ...definition.templates.integration.flatMap((template) => filterFields(template.filter)),
      ...alwaysRead(tables[Side.local]),
    ],
    integration: [
      ...filterFields(definition.integrationFilter),
      ...definition.templates.local.flatMap((template) => filterFields(template.filter)),
      ...alwaysRead(tables[Side.integration]),
    ],
  })
  const needsCurrency = definition.fields.some((field) => field.lookupMappings !== undefined)
  return {
    em,
    mapping,
    connection,
    definition,
    unavailable: unavailableFields(whole, tables),
    tables,
    connectors: {
      [Side.local]: dependencies.connectors.of(connection, Side.local, lane),
      [Side.integration]: dependencies.connectors.of(connection, Side.integration, lane),
    },
    fields: { [Side.local]: fields.local, [Side.integration]: fields.integration },
    baseCurrency: needsCurrency
      ? (await dependencies.connectors.facts(connection, Side.integration)).baseCurrency
      : null,
  }
}

/** The name shown to people, and the key by which a creation of unknown outcome is found again. */
function alwaysRead(table: TableDefinition): readonly string[] {
  return table.assignedKey === undefined ? [table.nameField] : [table.nameField, table.assignedKey.field]
}

/** What transfers need, with the couplings that the lookups of these records refer to. */
export async function transferContext(
  context: MappingContext,
  records: { readonly local: readonly RecordSnapshot[]; readonly integration: readonly RecordSnapshot[] },
): Promise<TransferContext> {
  const lookups: Record<string, LookupCouplings> = {}
  for (const field of context.definition.fields) {
    for (const name of field.lookupMappings ?? []) {
      const pairs = await coupledPairs(
        context.em,
        context.connection.id,
        name,
        distinctIds(records.local, field.localField),
        distinctIds(records.integration, field.integrationField),
      )
      const known = lookups[name]
      lookups[name] = {
        toIntegration: {
          ...known?.toIntegration,
          ...Object.fromEntries(pairs.map((pair) => [pair.localId, pair.integrationId])),
        },
        toLocal: {
          ...known?.toLocal,
          ...Object.fromEntries(pairs.map((pair) => [pair.integrationId, pair.localId])),
        },
      }
    }
  }
  return {
    localTable: context.tables[Side.local],
    integrationTable: context.tables[Side.integration],
    lookups,
    baseCurrency: context.baseCurrency,
  }
}

/** Whether a record lies inside the filter of its side. */
export function isInFilter(context: MappingContext, side: Side, record: RecordSnapshot): boolean {
  const filter = side === Side.local ? context.definition.localFilter : context.definition.integrationFilter
  return matchesFilter(filter, record.values, typeOf(context.tables[side]))
}

export function typeOf(table: TableDefinition) {
  return (field: string) => fieldOf(table, field).type
}

export function nameOf(table: TableDefinition, record: RecordSnapshot | null): string | null {
  const name = record?.values[table.nameField]
  return name === null || name === undefined ? null : String(name)
}

/** The number by which people know a record, in tables whose records have one. */
export function numberOf(table: TableDefinition, record: RecordSnapshot | null): string | null {
  const number = table.assignedKey === undefined ? null : (record?.values[table.assignedKey.field] ?? null)
  return number === null ? null : String(number)
}

function distinctIds(records: readonly RecordSnapshot[], field: string | null): readonly string[] {
  if (field === null) return []
  const ids = new Set<string>()
  for (const record of records) {
    const value = record.values[field]
    if (typeof value === 'string') ids.add(value)
  }
  return [...ids]
}
