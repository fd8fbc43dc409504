import type { EntityManager } from '@mikro-orm/postgresql'
import { run, sql, texts } from './sql.js'

/**
 * What holds a run between two pages, besides its own pause: its mapping's, its connection's, or that of the full synchronisation
 * it is part of. A person's work on chosen records is not held; carrying out a plan is. A connection that is disabled holds
 * everything that writes.
 */
const HELD = sql`
  (c.disabled_at is not null and r.kind <> 'PLAN') or (r.kind in ('SCHEDULED', 'MANUAL') or r.scope->>'kind' = 'plan') and (
    m.paused_at is not null or c.paused_at is not null or exists (
      select 1 from full_synch_line l join full_synch f on f.id = l.full_synch_id
      where l.run_id = r.id and f.status = 'RUNNING' and f.paused_at is not null))`

/** Whether a run has to wait now. */
export async function isHeld(em: EntityManager, runId: string): Promise<boolean> {
  const rows = await run<{ held: boolean }>(
    em,
    sql`select r.paused_at is not null or (${HELD}) as held
        from synch_run r join integration_table_mapping m on m.id = r.mapping_id join connection c on c.id = m.connection_id
        where r.id = ${runId}`,
  )
  return rows[0]?.held ?? false
}

/**
 * Marks the runs under way of these mappings, or of those runs, as paused or resumed; what something else still holds stays
 * paused. Returns the runs to tell.
 */
export async function markRuns(
  em: EntityManager,
  which: { readonly mappingIds: readonly string[] } | { readonly runIds: readonly string[] },
  paused: boolean,
  /** `passes`: work on chosen records goes on, as with a pause. `writes`: everything but plans waits. */
  what: 'passes' | 'writes' = 'passes',
): Promise<readonly string[]> {
  const chosen =
    'mappingIds' in which
      ? sql`r.mapping_id = any(${texts(which.mappingIds)}::uuid[])`
      : sql`r.id = any(${texts(which.runIds)}::uuid[])`
  const rows = await run<{ id: string }>(
    em,
    sql`update synch_run r set paused_at = ${paused ? sql`coalesce(r.paused_at, clock_timestamp())` : sql`null`}
        from integration_table_mapping m, connection c
        where m.id = r.mapping_id and c.id = m.connection_id and r.status in ('RUNNING', 'QUEUED')
          and ${what === 'writes' ? sql`r.kind <> 'PLAN'` : sql`(r.kind in ('SCHEDULED', 'MANUAL') or r.scope->>'kind' = 'plan')`}
          and ${chosen}
          and ${paused ? sql`true` : sql`not (${HELD})`}
        returning r.id`,
  )
  return rows.map((row) => row.id)
}
