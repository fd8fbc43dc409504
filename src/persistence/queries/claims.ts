import type { EntityManager } from '@mikro-orm/postgresql'
import { run, sql, texts } from '../sql.js'
import type { Side } from '../../domain/value.js'

/**
 * Claims source records for a holder (a page), before they are compared. Returns the ids that the holder has now; the
 * others are being worked on by another run or person. Safe to repeat.
 */
export async function claimRecords(
  em: EntityManager,
  claim: { readonly mappingId: string; readonly side: Side; readonly holder: string; readonly runId: string },
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  await run(
    em,
    sql`insert into claim (mapping_id, side, record_id, holder, run_id)
        select ${claim.mappingId}, ${claim.side}, id, ${claim.holder}, ${claim.runId} from unnest(${texts(ids)}) as new(id)
        order by id
        on conflict do nothing`,
  )
  const rows = await run<{ record_id: string }>(
    em,
    sql`select record_id from claim where mapping_id = ${claim.mappingId} and side = ${claim.side}
          and record_id = any(${texts(ids)}) and holder = ${claim.holder}`,
  )
  return new Set(rows.map((row) => row.record_id))
}

export async function releaseClaims(em: EntityManager, holder: string): Promise<void> {
  await run(em, sql`delete from claim where holder = ${holder}`)
}

/** Claims of a run that ended, and of runs that are no longer under way. */
export async function releaseClaimsOfRun(em: EntityManager, runId: string): Promise<void> {
  await run(
    em,
    sql`delete from claim where run_id = ${runId}
          or run_id in (select id from synch_run where status not in ('RUNNING', 'QUEUED'))`,
  )
}
