import type { EntityManager } from '@mikro-orm/postgresql'
import { run, sql, texts } from '../sql.js'

/** Tables of what belongs to a mapping, and by that to a connection. */
const OF_MAPPINGS = [
  'synch_run',
  'record_state',
  'integration_synch_error',
  'error_group',
  'record_write',
  'deletion_review',
  'reconciliation',
  'rehearsal',
] as const

/** Null: there is none. */
export async function connectionName(em: EntityManager, id: string): Promise<string | null> {
  const [found] = await run<{ name: string }>(em, sql`select name from connection where id = ${id}`)
  return found?.name ?? null
}

/** Whether there is something of the connection under every one of the ids: a run, a plan, a coupling, a write, ... */
export async function belongTo(
  em: EntityManager,
  connectionId: string,
  ids: readonly string[],
): Promise<boolean> {
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))]
  const any = sql`any(${texts(wanted)}::uuid[])`
  const [found] = await run<{ count: string }>(
    em,
    sql`select count(distinct id) as count from (
          select id from connection where id = ${connectionId} and id = ${any}
          union all select id from coupling where connection_id = ${connectionId} and id = ${any}
          union all select id from full_synch where connection_id = ${connectionId} and id = ${any}
          ${sql.join(
            OF_MAPPINGS.map(
              (table) => sql`union all select t.id from ${sql.table(table)} t
                join integration_table_mapping m on m.id = t.mapping_id
                where m.connection_id = ${connectionId} and t.id = ${any}`,
            ),
            sql` `,
          )}
        ) own`,
  )
  return Number(found?.count) === wanted.length
}
