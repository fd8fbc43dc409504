import type { EntityManager } from '@mikro-orm/postgresql'
import { Side } from '../../domain/value.js'
import { run, sql, texts } from '../sql.js'
import { idColumn, tableColumn } from './couplings.js'

/** Of the given record ids of a table, those that are coupled, through whatever mapping of the connection, with their couplings' ids. */
export async function coupledIds(
  em: EntityManager,
  connectionId: string,
  side: Side,
  table: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await run<{ id: string; coupling_id: string }>(
    em,
    sql`select ${idColumn(side)} as id, id as coupling_id from coupling
        where connection_id = ${connectionId} and ${tableColumn(side)} = ${table} and ${idColumn(side)} = any(${texts(ids)})`,
  )
  return new Map(rows.map((row) => [row.id, row.coupling_id]))
}

/** Pairs of ids coupled through the mapping of that name in a connection, for lookups: by either side's ids. */
export async function coupledPairs(
  em: EntityManager,
  connectionId: string,
  mappingName: string,
  localIds: readonly string[],
  integrationIds: readonly string[],
): Promise<readonly { readonly localId: string; readonly integrationId: string }[]> {
  if (localIds.length + integrationIds.length === 0) return []
  const rows = await run<{ local_id: string; integration_id: string }>(
    em,
    // One select a side, each by the columns of its unique index.
    sql`select c.local_id, c.integration_id from integration_table_mapping m
          join coupling c on c.connection_id = m.connection_id and c.local_table = m.definition->>'localTable'
            and c.local_id = any(${texts(localIds)}) and c.mapping_id = m.id
        where m.connection_id = ${connectionId} and m.name = ${mappingName}
        union
        select c.local_id, c.integration_id from integration_table_mapping m
          join coupling c on c.connection_id = m.connection_id and c.integration_table = m.definition->>'integrationTable'
            and c.integration_id = any(${texts(integrationIds)}) and c.mapping_id = m.id
        where m.connection_id = ${connectionId} and m.name = ${mappingName}`,
  )
  return rows.map((row) => ({ localId: row.local_id, integrationId: row.integration_id }))
}
