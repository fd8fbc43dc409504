import type { EntityManager } from '@mikro-orm/postgresql'
import { Connection } from '../../persistence/entities/connection.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { apiError, ErrorCode } from '../errors.js'

/** Throws CONFLICTING_STATE while a connection of these mappings is disabled: nothing of it may write. */
export async function assertEnabled(em: EntityManager, mappingIds: readonly string[]): Promise<void> {
  const mappings = await em.find(Mapping, { id: { $in: [...mappingIds] } }, { disableIdentityMap: true })
  await assertConnectionsEnabled(
    em,
    mappings.map((mapping) => mapping.connectionId),
  )
}

/** The same of connections. */
export async function assertConnectionsEnabled(em: EntityManager, ids: readonly string[]): Promise<void> {
  const disabled = await em.findOne(
    Connection,
    { id: { $in: [...ids] }, disabledAt: { $ne: null } },
    { disableIdentityMap: true },
  )
  if (disabled === null) return
  throw apiError(
    ErrorCode.conflictingState,
    `The connection ${disabled.name} ${stateOf(disabled)}, so nothing was started. Enable it first (enableConnection); plans can be made all the same.`,
  )
}

function stateOf({ disabledAt, disabledBy }: Connection): string {
  return disabledBy
    ? `has been disabled by ${disabledBy} since ${disabledAt?.toISOString() ?? ''}`
    : 'has not been enabled yet'
}
