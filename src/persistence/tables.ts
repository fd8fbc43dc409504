import type { EntityManager } from '@mikro-orm/postgresql'
import { withoutCustomApi } from '../domain/catalog/available.js'
import { findTable, tableOf } from '../domain/catalog/tables.js'
import type { TableDefinition } from '../domain/schema.js'
import { Side } from '../domain/value.js'
import { ConnectionTable } from './entities/connection-table.js'
import { Connection, type SystemSettings } from './entities/connection.js'

/** The two tables that a mapping names, as read from the systems' metadata, else from the catalog. Throws with the names that exist. */
export async function tablesOfMapping(
  em: EntityManager,
  connection: Connection,
  mapping: { readonly localTable: string; readonly integrationTable: string },
): Promise<Readonly<Record<Side, TableDefinition>>> {
  const stored = await em.find(ConnectionTable, {
    connectionId: connection.id,
    name: { $in: [mapping.localTable, mapping.integrationTable] },
  })
  const found = (side: Side, name: string) =>
    stored.find((table) => table.side === side && table.name === name)?.definition
  return {
    [Side.local]:
      found(Side.local, mapping.localTable) ?? tableOfSystem(connection.localSystem, mapping.localTable),
    [Side.integration]:
      found(Side.integration, mapping.integrationTable) ??
      tableOfSystem(connection.integrationSystem, mapping.integrationTable),
  }
}

/** What the catalog says of a table, as far as it holds for this system: a custom API page is there where the settings name one. */
function tableOfSystem(system: SystemSettings, name: string): TableDefinition {
  const table = tableOf(system.kind, name)
  return typeof system.settings['customApi'] === 'string' ? table : withoutCustomApi(table)
}

/** A table of one side of a connection. */
export interface TableKey {
  readonly connectionId: string
  readonly side: Side
  readonly name: string
}

/** A table as far as it is known. `readAt` null: it is from the catalog. */
export interface KnownTable {
  readonly definition: TableDefinition
  readonly readAt: Date | null
}

/**
 * The tables asked for, in that order; null where neither metadata nor the catalog has one of that name. `known`: their connections, where
 * they have been read.
 */
export async function knownTables(
  em: EntityManager,
  keys: readonly TableKey[],
  known?: readonly Connection[],
): Promise<readonly (KnownTable | null)[]> {
  if (keys.length === 0) return []
  const connectionIds = [...new Set(keys.map((key) => key.connectionId))]
  const names = [...new Set(keys.map((key) => key.name))]
  const stored = await em.find(
    ConnectionTable,
    { connectionId: { $in: connectionIds }, name: { $in: names } },
    { disableIdentityMap: true },
  )
  const connections =
    known ?? (await em.find(Connection, { id: { $in: connectionIds } }, { disableIdentityMap: true }))
  return keys.map(({ connectionId, side, name }) => {
    const read = stored.find(
      (table) => table.connectionId === connectionId && table.side === side && table.name === name,
    )
    if (read !== undefined) return { definition: read.definition, readAt: read.readAt }
    const connection = connections.find((candidate) => candidate.id === connectionId)
    if (connection === undefined) return null
    const system = side === Side.local ? connection.localSystem : connection.integrationSystem
    return findTable(system.kind, name) === undefined
      ? null
      : { definition: tableOfSystem(system, name), readAt: null }
  })
}
