import type { EntityManager } from '@mikro-orm/postgresql'
import { tableOf } from '../domain/catalog/tables.js'
import type { TableDefinition } from '../domain/schema.js'
import { Side } from '../domain/value.js'
import { ConnectionTable } from './entities/connection-table.js'
import type { Connection } from './entities/connection.js'

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
      found(Side.local, mapping.localTable) ?? tableOf(connection.localSystem.kind, mapping.localTable),
    [Side.integration]:
      found(Side.integration, mapping.integrationTable) ??
      tableOf(connection.integrationSystem.kind, mapping.integrationTable),
  }
}
