import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { MappingDefinition } from '../domain/mapping.js'
import { MappingVersion } from './entities/mapping-version.js'
import { Mapping } from './entities/mapping.js'

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
  const position = await em.count(Mapping, { connectionId })
  const mapping = em.create(Mapping, {
    id: randomUUID(),
    connectionId,
    name: definition.name,
    definition,
    version: 1,
    toWatermarkRevision: 0,
    fromWatermarkRevision: 0,
    runCount: 0,
    position,
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
