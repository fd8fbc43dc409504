import type { EntityManager } from '@mikro-orm/postgresql'
import { run, sql, texts } from '../sql.js'
import { deleteErrors, lockErrorGroups } from './error-groups.js'

/**
 * Deletes one batch of errors that were resolved more than so many days ago, but for those that an unsettled record points to. Open errors
 * are never among them, and statistics stay. Returns how many it looked at: fewer than `limit`, and there are no more.
 */
export async function purgeResolvedErrors(em: EntityManager, days: number, limit: number): Promise<number> {
  return em.transactional(async (transaction) => {
    const old = sql`e.resolved_at < statement_timestamp() - make_interval(days => ${days})
      and not exists (select from record_state s where s.error_id = e.id)`
    const batch = await run<{ id: string; mapping_id: string }>(
      transaction,
      sql`select e.id, e.mapping_id from integration_synch_error e where ${old} order by e.resolved_at limit ${limit}`,
    )
    if (batch.length === 0) return 0
    await lockErrorGroups(
      transaction,
      batch.map((row) => row.mapping_id),
    )
    await deleteErrors(transaction, sql`e.id = any(${texts(batch.map((row) => row.id))}::uuid[]) and ${old}`)
    return batch.length
  })
}

/** Groups that have been resolved for so many days and of which the log holds nothing any more go, with their notes. */
export async function purgeEmptyGroups(em: EntityManager, days: number): Promise<void> {
  await run(
    em,
    sql`delete from error_group where open_count = 0 and resolved_count = 0
          and resolved_at < statement_timestamp() - make_interval(days => ${days})`,
  )
}
