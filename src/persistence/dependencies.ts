import type { EntityManager } from '@mikro-orm/postgresql'
import type { MappingDefinition } from '../domain/mapping.js'
import { Connection } from './entities/connection.js'
import { Mapping } from './entities/mapping.js'
import {
  lockDependencies,
  releaseByCouplings,
  releaseCoupledMeanwhile,
  takeMissing,
  type ReleasedRecord,
} from './queries/dependencies.js'
import { requestRecordsRun } from './runs.js'

/** Who asks for the runs made here. */
export const REQUESTED_BY_DEPENDENCY = 'dependency'

/**
 * Records that wait for these, coupled through that mapping in this transaction, are released: a run over exactly those
 * records is asked for in each of their mappings. Whoever makes couplings calls this last in the transaction, and starts the
 * runs whose ids are returned after it.
 */
export async function releaseWaiting(
  em: EntityManager,
  mapping: { readonly connectionId: string; readonly name: string },
  made: readonly { readonly localId: string; readonly integrationId: string }[],
): Promise<readonly string[]> {
  if (made.length === 0) return []
  await lockDependencies(em, mapping.connectionId)
  return requestRuns(em, await releaseByCouplings(em, mapping, made))
}

/**
 * For records of a mapping that began to wait in this transaction: what was coupled while they were decided releases them at
 * once. Called last in the transaction; returns the runs to start after it.
 */
export async function releaseOwn(
  em: EntityManager,
  mapping: { readonly id: string; readonly connectionId: string },
  waitedFor: readonly string[],
): Promise<readonly string[]> {
  if (waitedFor.length === 0) return []
  await lockDependencies(em, mapping.connectionId)
  return requestRuns(em, await releaseCoupledMeanwhile(em, mapping.id, waitedFor))
}

/** A paused mapping, or one of a paused connection, starts nothing by itself. */
async function isPaused(em: EntityManager, mappingId: string): Promise<boolean> {
  const mapping = await em.findOneOrFail(Mapping, { id: mappingId })
  const connection = await em.findOneOrFail(Connection, { id: mapping.connectionId })
  return Boolean(mapping.pausedAt) || Boolean(connection.pausedAt)
}

async function requestRuns(
  em: EntityManager,
  released: readonly ReleasedRecord[],
): Promise<readonly string[]> {
  const runs: string[] = []
  for (const [mappingId, records] of Map.groupBy(released, (record) => record.mappingId)) {
    // A paused mapping looks at them with its next run.
    if (await isPaused(em, mappingId)) continue
    const requested = await requestRecordsRun(em, {
      mappingId,
      scope: {
        kind: 'retry',
        asked: false,
        couplingIds: records.flatMap((record) => record.couplingId ?? []),
        records: records
          .filter((record) => record.couplingId === null)
          .map((record) => ({ side: record.side, id: record.recordId })),
      },
      direction: null,
      requestedBy: REQUESTED_BY_DEPENDENCY,
    })
    runs.push(requested.id)
  }
  return runs
}

/**
 * Dependency pull: records that those of a mapping wait for are asked for first, one run for all of one mapping. Each is asked
 * for once for each record that waits for it, so mappings that refer to each other come to rest. Returns the runs to start.
 */
export async function requestMissing(
  em: EntityManager,
  mapping: { readonly id: string; readonly connectionId: string },
  definition: Pick<MappingDefinition, 'name' | 'dependsOn'>,
): Promise<readonly string[]> {
  const missing = await takeMissing(em, mapping, [...definition.dependsOn, definition.name])
  const runs: string[] = []
  for (const [mappingId, records] of Map.groupBy(missing, (record) => record.mappingId)) {
    if (await isPaused(em, mappingId)) continue
    const requested = await requestRecordsRun(em, {
      mappingId,
      scope: {
        kind: 'retry',
        asked: false,
        couplingIds: [],
        records: records.map(({ side, id }) => ({ side, id })),
      },
      direction: null,
      requestedBy: REQUESTED_BY_DEPENDENCY,
    })
    runs.push(requested.id)
  }
  return runs
}
