import type { EntityManager } from '@mikro-orm/postgresql'
import type { Connector } from '../connectors/connector.js'
import { tableOf } from '../domain/catalog/tables.js'
import { fieldsRead, type LookupCouplings, type TransferContext } from '../domain/field-transfer.js'
import { filterFields } from '../domain/filter.js'
import type { MappingDefinition } from '../domain/mapping.js'
import type { RecordSnapshot } from '../domain/record.js'
import { fieldOf, type TableDefinition } from '../domain/schema.js'
import { Side } from '../domain/value.js'
import { Connection } from '../persistence/entities/connection.js'
import { Mapping } from '../persistence/entities/mapping.js'
import { coupledPairs } from '../persistence/queries/couplings.js'
import type { ActivityDependencies } from './dependencies.js'

/** A mapping with its two systems, as every activity works with it. */
export interface MappingContext {
  readonly em: EntityManager
  readonly mapping: Mapping
  readonly connection: Connection
  readonly definition: MappingDefinition
  readonly tables: Readonly<Record<Side, TableDefinition>>
  readonly connectors: Readonly<Record<Side, Connector>>
  /** The fields of each side that are read, sorted. */
  readonly fields: Readonly<Record<Side, readonly string[]>>
  /** Id of the integration system's base currency. */
  readonly baseCurrency: string | null
}

/** Loads a mapping. Throws when it is gone. */
export async function loadMapping(
  dependencies: ActivityDependencies,
  mappingId: string,
): Promise<MappingContext> {
  const em = dependencies.database.em.fork()
  const mapping = await em.findOneOrFail(Mapping, { id: mappingId })
  const connection = await em.findOneOrFail(Connection, { id: mapping.connectionId })
  const definition = mapping.inForce()
  const tables = {
    [Side.local]: tableOf(connection.localSystem.kind, definition.localTable),
    [Side.integration]: tableOf(connection.integrationSystem.kind, definition.integrationTable),
  }
  const fields = fieldsRead(definition, {
    local: [...filterFields(definition.localFilter), ...alwaysRead(tables[Side.local])],
    integration: [...filterFields(definition.integrationFilter), ...alwaysRead(tables[Side.integration])],
  })
  const needsCurrency = definition.fields.some((field) => field.lookupMapping !== undefined)
  return {
    em,
    mapping,
    connection,
    definition,
    tables,
    connectors: {
      [Side.local]: dependencies.connectors.of(connection.localSystem),
      [Side.integration]: dependencies.connectors.of(connection.integrationSystem),
    },
    fields: { [Side.local]: fields.local, [Side.integration]: fields.integration },
    baseCurrency: needsCurrency
      ? (await dependencies.connectors.facts(connection.integrationSystem)).baseCurrency
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
    if (field.lookupMapping === undefined) continue
    const pairs = await coupledPairs(
      context.em,
      context.connection.id,
      field.lookupMapping,
      distinctIds(records.local, field.localField),
      distinctIds(records.integration, field.integrationField),
    )
    const known = lookups[field.lookupMapping]
    lookups[field.lookupMapping] = {
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
  return {
    localTable: context.tables[Side.local],
    integrationTable: context.tables[Side.integration],
    lookups,
    baseCurrency: context.baseCurrency,
  }
}

export function typeOf(table: TableDefinition) {
  return (field: string) => fieldOf(table, field).type
}

export function nameOf(table: TableDefinition, record: RecordSnapshot | null): string | null {
  const name = record?.values[table.nameField]
  return name === null || name === undefined ? null : String(name)
}

function distinctIds(records: readonly RecordSnapshot[], field: string): readonly string[] {
  const ids = new Set<string>()
  for (const record of records) {
    const value = record.values[field]
    if (typeof value === 'string') ids.add(value)
  }
  return [...ids]
}
