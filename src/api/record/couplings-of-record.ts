import type { EntityManager } from '@mikro-orm/postgresql'
import { run, sql, texts } from '../../persistence/sql.js'

const MOST = 1_000

/** Ids of the couplings of records that are known by one of these ids, on either side; at most 1,000. */
export async function couplingsOfRecord(
  em: EntityManager,
  recordIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await run<{ id: string }>(
    em,
    sql`select c.id from integration_table_mapping m join coupling c on c.connection_id = m.connection_id
          and c.local_table = m.definition->>'localTable' and c.local_id = any(${texts(recordIds)})
        union
        select c.id from integration_table_mapping m join coupling c on c.connection_id = m.connection_id
          and c.integration_table = m.definition->>'integrationTable' and c.integration_id = any(${texts(recordIds)})
        limit ${MOST}`,
  )
  return rows.map((row) => row.id)
}
