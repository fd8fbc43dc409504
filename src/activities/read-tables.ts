import { Lane } from '../domain/lane.js'
import type { Side } from '../domain/value.js'
import { ConnectionTableList } from '../persistence/entities/connection-table-list.js'
import { ConnectionTable } from '../persistence/entities/connection-table.js'
import { Connection } from '../persistence/entities/connection.js'
import type { ActivityDependencies } from './dependencies.js'

/** `table` null: the names of all tables. */
export interface ReadTablesInput {
  readonly connectionId: string
  readonly side: Side
  readonly table: string | null
}

/** Stores what a system's metadata says of its tables now. Safe to repeat: what was stored before is replaced. */
export async function readTables(dependencies: ActivityDependencies, input: ReadTablesInput): Promise<void> {
  const em = dependencies.database.em.fork()
  const { connectionId, side, table } = input
  const connection = await em.findOneOrFail(Connection, { id: connectionId })
  const connector = dependencies.connectors.of(connection, side, Lane.person)
  const readAt = new Date(dependencies.now())
  if (table === null) {
    const tables = await connector.listTables()
    await em.upsert(ConnectionTableList, { connectionId, side, tables, readAt })
  } else {
    const definition = await connector.describeTable(table)
    await em.upsert(ConnectionTable, { connectionId, side, name: definition.name, definition, readAt })
  }
}
