import type { EntityManager } from '@mikro-orm/postgresql'
import { run, sql } from '../sql.js'

/** What open intents occupy: couplings, records by side, and assigned keys by side. */
export interface OpenIntents {
  readonly couplings: ReadonlySet<string>
  readonly records: ReadonlySet<string>
  readonly keys: ReadonlySet<string>
}

/** The open intents of a mapping that touch any of these, except those of one page (the asker's own). */
export async function openIntents(
  em: EntityManager,
  mappingId: string,
  exceptPage: string | null,
): Promise<OpenIntents> {
  const rows = await run<{
    coupling_id: string | null
    side: string
    record_id: string | null
    assigned_key: string | null
    source_side: string
    source_id: string
  }>(
    em,
    sql`select coupling_id, side, record_id, assigned_key, source_side, source_id from intent
        where mapping_id = ${mappingId} and (${exceptPage}::uuid is null or page_id is distinct from ${exceptPage}::uuid)`,
  )
  const couplings = new Set<string>()
  const records = new Set<string>()
  const keys = new Set<string>()
  for (const row of rows) {
    if (row.coupling_id !== null) couplings.add(row.coupling_id)
    if (row.record_id !== null) records.add(`${row.side}:${row.record_id}`)
    if (row.assigned_key !== null) keys.add(`${row.side}:${row.assigned_key}`)
    records.add(`${row.source_side}:${row.source_id}`)
  }
  return { couplings, records, keys }
}
