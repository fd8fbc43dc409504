import type { EntityManager } from '@mikro-orm/postgresql'
import { Side } from '../../domain/value.js'
import { Mapping } from '../entities/mapping.js'

/** Whether a change hint wakes a mapping. */
export function isAwakeToHints({ definition, pausedAt }: Mapping): boolean {
  return definition.wakeOnChange && !pausedAt
}

/** The mappings of a connection that take part in a table and that a change of it wakes. */
export async function mappingsToWake(
  em: EntityManager,
  connectionId: string,
  side: Side,
  table: string,
): Promise<readonly Mapping[]> {
  const mappings = await em.find(Mapping, { connectionId }, { disableIdentityMap: true })
  return mappings.filter((mapping) => {
    const { localTable, integrationTable } = mapping.definition
    return (side === Side.local ? localTable : integrationTable) === table && isAwakeToHints(mapping)
  })
}
