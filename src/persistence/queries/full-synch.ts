import type { EntityManager } from '@mikro-orm/postgresql'
import { run, sql } from '../sql.js'

/** Whether a full synchronisation that is under way has still to deal with the mapping: its own runs hold meanwhile. */
export async function isHeldByFullSynch(em: EntityManager, mappingId: string): Promise<boolean> {
  const rows = await run<{ held: boolean }>(
    em,
    sql`select true as held from full_synch_line l join full_synch f on f.id = l.full_synch_id
        where l.mapping_id = ${mappingId} and f.status = 'RUNNING' and l.status in ('WAITING', 'RUNNING') limit 1`,
  )
  return rows.length > 0
}
