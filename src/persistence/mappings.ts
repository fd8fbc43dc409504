import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { MappingDefinition } from '../domain/mapping.js'
import { MappingVersion } from './entities/mapping-version.js'
import { Mapping } from './entities/mapping.js'
import { run, sql } from './sql.js'

/** Who made a version of a mapping, and why. */
export interface Authorship {
  readonly author: string
  readonly note: string | null
}

/** Makes a mapping at the end of its connection's list, as version 1. The definition must have been validated. */
export async function createMapping(
  em: EntityManager,
  connectionId: string,
  definition: MappingDefinition,
  by: Authorship,
): Promise<Mapping> {
  const last = await em.findOne(Mapping, { connectionId }, { orderBy: { position: 'desc' } })
  const mapping = em.create(Mapping, {
    id: randomUUID(),
    connectionId,
    name: definition.name,
    definition,
    version: 1,
    toWatermarkRevision: 0,
    fromWatermarkRevision: 0,
    runCount: 0,
    position: last === null ? 0 : last.position + 1,
    updatedAt: new Date(),
  })
  await em.persist(mapping).flush()
  em.persist(
    em.create(MappingVersion, { mappingId: mapping.id, version: 1, definition, ...by, at: new Date() }),
  )
  await em.flush()
  return mapping
}

/**
 * Gives a mapping a new version; the running run keeps the definition it began a step with until its next step. Must be
 * called with the mapping's row locked; the definition must have been validated.
 */
export async function changeDefinition(
  em: EntityManager,
  mapping: Mapping,
  definition: MappingDefinition,
  by: Authorship,
): Promise<void> {
  mapping.definition = definition
  mapping.version += 1
  mapping.updatedAt = new Date()
  em.persist(
    em.create(MappingVersion, {
      mappingId: mapping.id,
      version: mapping.version,
      definition,
      ...by,
      at: new Date(),
    }),
  )
  await em.flush()
}

/** Takes turns with everybody else who changes mappings of the connection, until the transaction ends: they are validated together. */
export async function lockMappings(em: EntityManager, connectionId: string): Promise<void> {
  await run(em, sql`select id from connection where id = ${connectionId} for no key update`)
}

/** Puts each mapping behind those it depends on, and leaves the order otherwise. */
export async function orderMappings(em: EntityManager, connectionId: string): Promise<void> {
  const waiting = await em.find(Mapping, { connectionId }, { orderBy: { position: 'asc', name: 'asc' } })
  const names = new Set(waiting.map((mapping) => mapping.name))
  const placed = new Set<string>()
  let position = 0
  while (waiting.length > 0) {
    const ready = waiting.findIndex((mapping) =>
      mapping.definition.dependsOn.every(
        (name) => placed.has(name) || !names.has(name) || name === mapping.name,
      ),
    )
    // In a circle nobody is ready; its members keep the order they have.
    const [next] = waiting.splice(Math.max(0, ready), 1)
    if (next === undefined) break
    next.position = position
    position += 1
    placed.add(next.name)
  }
  await em.flush()
}

/** The versions of a mapping after `since`, newest first. */
export async function versionsAfter(
  em: EntityManager,
  mappingId: string,
  since: number,
): Promise<readonly MappingVersion[]> {
  return em.find(
    MappingVersion,
    { mappingId, version: { $gt: since } },
    { orderBy: { version: 'desc' }, disableIdentityMap: true },
  )
}
