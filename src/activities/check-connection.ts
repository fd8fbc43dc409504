import type { EntityManager } from '@mikro-orm/postgresql'
import type { MappedTables } from '../domain/checked-tables.js'
import { storeCheck } from '../persistence/connection-checks.js'
import { Connection } from '../persistence/entities/connection.js'
import { Mapping } from '../persistence/entities/mapping.js'
import { tablesOfMapping } from '../persistence/tables.js'
import { checkSystems } from './check-systems.js'
import type { ActivityDependencies } from './dependencies.js'
import { withHeartbeat } from './failures.js'

export interface CheckConnectionInput {
  readonly connectionId: string
  readonly requestedBy: string
}

/** Checks a connection with all its mappings and stores what was found. Safe to repeat: each time is a check of its own. */
export async function checkConnection(
  dependencies: ActivityDependencies,
  { connectionId, requestedBy }: CheckConnectionInput,
): Promise<{ readonly checkId: string }> {
  const em = dependencies.database.em.fork()
  const connection = await em.findOneOrFail(Connection, { id: connectionId })
  const mappings = await em.find(Mapping, { connectionId }, { orderBy: { position: 'asc' } })
  return withHeartbeat(async (_beat, signal) => {
    const findings = await checkSystems(
      dependencies,
      connection,
      await mappedTables(em, connection, mappings),
      signal,
    )
    const checkedAt = new Date(dependencies.now())
    const { id } = await storeCheck(em, { connectionId, requestedBy, checkedAt, findings })
    return { checkId: id }
  })
}

/** The mappings as they are in force, with the tables that they were made for. */
export async function mappedTables(
  em: EntityManager,
  connection: Connection,
  mappings: readonly Mapping[],
): Promise<readonly MappedTables[]> {
  const found: MappedTables[] = []
  for (const mapping of mappings) {
    const definition = mapping.inForce()
    found.push({ definition, tables: await tablesOfMapping(em, connection, definition) })
  }
  return found
}
