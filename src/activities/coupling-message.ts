import type { EntityManager } from '@mikro-orm/postgresql'
import { ErrorClass } from '../domain/failure.js'
import { passesOf } from '../domain/run.js'
import { sourceOf } from '../domain/settle.js'
import { otherSide } from '../domain/value.js'
import { Connection } from '../persistence/entities/connection.js'
import { Mapping } from '../persistence/entities/mapping.js'
import type { SynchRun } from '../persistence/entities/synch-run.js'
import { run as execute, sql } from '../persistence/sql.js'
import { tablesOfMapping } from '../persistence/tables.js'

/** Business Central's sentence at the end of a match-based coupling that left records uncoupled; its errors name them. */
export async function couplingMessage(
  em: EntityManager,
  run: Pick<SynchRun, 'id' | 'mode' | 'mappingId'>,
): Promise<string | null> {
  if (run.mode !== 'COUPLE') return null
  const [row] = await execute<{ count: number }>(
    em,
    sql`select count(*)::integer as count from integration_synch_error
        where run_id = ${run.id} and error_class = ${ErrorClass.ambiguousMatch} and resolved_at is null`,
  )
  const count = row?.count ?? 0
  if (count === 0) return null
  const mapping = await em.findOneOrFail(Mapping, { id: run.mappingId })
  const connection = await em.findOneOrFail(Connection, { id: mapping.connectionId })
  const tables = await tablesOfMapping(em, connection, mapping.definition)
  const [pass] = passesOf(mapping.direction, null)
  const { caption } = tables[otherSide(sourceOf(pass ?? 'TO_INTEGRATION_TABLE'))]
  return `Failed to couple ${count} record(s), because no unique uncoupled matching entity was found in ${caption} with the specified matching criteria.`
}
