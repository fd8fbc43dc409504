import type { EntityManager } from '@mikro-orm/postgresql'
import { run, sql } from '../sql.js'

/**
 * Locks the row of a mapping until the end of the transaction. Rows that refer to it (runs, errors, counts) can be added meanwhile:
 * a mapping that asks for runs of another, which asks for runs of it, would lock each other out else.
 */
export async function lockMapping(em: EntityManager, id: string): Promise<void> {
  await run(em, sql`select from integration_table_mapping where id = ${id} for no key update`)
}

/** The same for all mappings of a connection. */
export async function lockMappingRows(em: EntityManager, connectionId: string): Promise<void> {
  await run(
    em,
    sql`select from integration_table_mapping where connection_id = ${connectionId} order by id for no key update`,
  )
}
