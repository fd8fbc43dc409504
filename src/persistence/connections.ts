import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { DEFAULT_MAPPINGS } from '../domain/catalog/default-mappings.js'
import type { MappingDefinition } from '../domain/mapping.js'
import { RunStatus, isFinished } from '../domain/run.js'
import { Connection, type SystemSettings } from './entities/connection.js'
import { SynchRun } from './entities/synch-run.js'
import { createMapping, type Authorship } from './mappings.js'
import { run, sql } from './sql.js'

/** A connection as it is to be made; `id` is given because its stored secrets are bound to it. */
export interface NewConnection {
  readonly id: string
  readonly name: string
  readonly localSystem: SystemSettings
  readonly integrationSystem: SystemSettings
  readonly by: string
  readonly secretsSetAt?: Readonly<Record<string, string>>
  /** New connections of people start disabled. */
  readonly enabled: boolean
}

export const newConnectionId = (): string => randomUUID()

/** Makes a connection, as version 1. Its settings must have been validated and hold no plain secret. */
export async function createConnection(em: EntityManager, made: NewConnection): Promise<Connection> {
  const now = new Date()
  const connection = em.create(Connection, {
    id: made.id,
    name: made.name,
    localSystem: made.localSystem,
    integrationSystem: made.integrationSystem,
    createdAt: now,
    version: 1,
    changedAt: now,
    changedBy: made.by,
    disabledAt: made.enabled ? null : now,
    // Nobody has disabled what was never enabled.
    disabledBy: null,
    secretsSetAt: made.secretsSetAt ?? {},
  })
  // Written at once: mappings refer to it by its id, which says nothing about the order of the statements.
  await em.persist(connection).flush()
  return connection
}

/** Gives a connection Business Central's default mappings, each as its author's version 1. */
export async function createDefaultMappings(
  em: EntityManager,
  connectionId: string,
  by: Authorship,
  changed: (definition: MappingDefinition) => MappingDefinition = (definition) => definition,
): Promise<void> {
  for (const definition of DEFAULT_MAPPINGS) await createMapping(em, connectionId, changed(definition), by)
}

/** Couplings of a connection: while there are any, its systems must stay the ones whose ids they hold. */
export async function countCouplings(em: EntityManager, connectionId: string): Promise<number> {
  const [row] = await run<{ count: string }>(
    em,
    sql`select count(*)::text as count from coupling where connection_id = ${connectionId}`,
  )
  return Number(row?.count ?? 0)
}

/** Ids of the runs of a connection that have not ended. */
export async function openRuns(em: EntityManager, mappingIds: readonly string[]): Promise<readonly string[]> {
  const found = await em.find(SynchRun, {
    mappingId: { $in: [...mappingIds] },
    status: { $in: Object.values(RunStatus).filter((status) => !isFinished(status)) },
  })
  return found.map((one) => one.id)
}
