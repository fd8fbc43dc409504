import type { EntityManager } from '@mikro-orm/postgresql'
import { SynchRun } from '../../persistence/entities/synch-run.js'
import { run, sql } from '../../persistence/sql.js'
import { findByIds } from '../loaders.js'
import { inTimeRange, ofMapping, oneOf, present } from '../paging/conditions.js'
import { allOf, assertPageSize } from '../paging/keyset.js'
import type { RunFilter } from './synch-run.input.js'

/** Runs, those asked for last first. Throws BAD_USER_INPUT, NOT_FOUND. */
export async function listRuns(
  em: EntityManager,
  filter: RunFilter | null | undefined,
  first: number,
): Promise<readonly SynchRun[]> {
  assertPageSize(first)
  const conditions = present([
    await ofMapping(em, sql`r.mapping_id`, filter ?? {}),
    oneOf(sql`r.status`, filter?.status),
    filter?.kind ? oneOf(sql`r.kind`, filter.kind) : sql`r.kind <> 'PLAN'`,
    ...inTimeRange(sql`r.requested_at`, filter?.time),
  ])
  const ids = await run<{ id: string }>(
    em,
    sql`select r.id from synch_run r where ${allOf(conditions)} order by r.requested_at desc, r.id limit ${first}`,
  )
  const rows = await findByIds(
    em,
    SynchRun,
    ids.map((row) => row.id),
  )
  const place = new Map(ids.map((row, index) => [row.id, index]))
  return rows.toSorted((left, right) => (place.get(left.id) ?? 0) - (place.get(right.id) ?? 0))
}
