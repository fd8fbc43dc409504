import type { EntityManager } from '@mikro-orm/postgresql'
import { run, sql } from '../sql.js'
import type { MappingTables } from './intents.js'

/** What open intents occupy: couplings, records by side, and assigned keys by side. */
export interface OpenIntents {
  readonly couplings: ReadonlySet<string>
  readonly records: ReadonlySet<string>
  readonly keys: ReadonlySet<string>
}

/**
 * The open intents that touch records of a mapping's tables, through whatever mapping of the connection, except those of one page
 * (the asker's own).
 */
export async function openIntents(
  em: EntityManager,
  tables: MappingTables,
  exceptPage: string | null,
): Promise<OpenIntents> {
  const rows = await run<{
    coupling_id: string | null
    side: string
    record_id: string | null
    assigned_key: string | null
    source_side: string
    source_id: string
    writes: boolean
    reads: boolean
  }>(
    em,
    sql`select coupling_id, side, record_id, assigned_key, source_side, source_id, writes, reads
        from (select i.*,
                record_table = case side when 'LOCAL' then ${tables.localTable} else ${tables.integrationTable} end as writes,
                source_table = case source_side when 'LOCAL' then ${tables.localTable} else ${tables.integrationTable} end as reads
              from intent i where connection_id = ${tables.connectionId}) i
        where (writes or reads) and (${exceptPage}::uuid is null or page_id is distinct from ${exceptPage}::uuid)`,
  )
  const couplings = new Set<string>()
  const records = new Set<string>()
  const keys = new Set<string>()
  for (const row of rows) {
    if (row.coupling_id !== null) couplings.add(row.coupling_id)
    if (row.writes && row.record_id !== null) records.add(`${row.side}:${row.record_id}`)
    if (row.writes && row.assigned_key !== null) keys.add(`${row.side}:${row.assigned_key}`)
    if (row.reads) records.add(`${row.source_side}:${row.source_id}`)
  }
  return { couplings, records, keys }
}
