import type { EntityManager } from '@mikro-orm/postgresql'
import type DataLoader from 'dataloader'
import type { RawBuilder } from 'kysely'
import { SynchJob } from '../../persistence/entities/synch-job.js'
import { SynchRun } from '../../persistence/entities/synch-run.js'
import { run, sql, texts } from '../../persistence/sql.js'
import { batched, findByIds, grouped } from '../loaders.js'

/** What is shown of a mapping besides its own row. Keys are mapping ids. */
export interface MappingLoaders {
  readonly lastRunOfMapping: DataLoader<string, SynchRun | null>
  /** The latest job of each direction. */
  readonly lastJobsOfMapping: DataLoader<string, readonly SynchJob[]>
  readonly openErrorCount: DataLoader<string, number>
  readonly skippedCount: DataLoader<string, number>
  readonly pendingCount: DataLoader<string, number>
  readonly couplingCount: DataLoader<string, number>
}

export function mappingLoaders(em: EntityManager): MappingLoaders {
  return {
    lastRunOfMapping: batched(async (ids) => {
      const latest = await run<{ id: string }>(
        em,
        sql`select latest.id from unnest(${texts(ids)}::uuid[]) as asked(id) cross join lateral (
              select id from synch_run where mapping_id = asked.id order by requested_at desc, id limit 1) as latest`,
      )
      const rows = await findByIds(
        em,
        SynchRun,
        latest.map((row) => row.id),
      )
      return new Map(rows.map((row) => [row.mappingId, row]))
    }, null),
    lastJobsOfMapping: batched(async (ids) => {
      const latest = await run<{ id: string }>(
        em,
        sql`select latest.id from unnest(${texts(ids)}::uuid[]) as asked(id)
            cross join (values ('TO_INTEGRATION_TABLE'), ('FROM_INTEGRATION_TABLE')) as pass(direction)
            cross join lateral (
              select id from synch_job where mapping_id = asked.id and direction = pass.direction
              order by start desc, id limit 1) as latest`,
      )
      const rows = await findByIds(
        em,
        SynchJob,
        latest.map((row) => row.id),
      )
      return grouped(
        rows.toSorted((left, right) => (left.direction < right.direction ? 1 : -1)),
        (row) => row.mappingId,
      )
    }, []),
    openErrorCount: counts(em, sql`integration_synch_error where resolved_at is null`),
    skippedCount: counts(em, sql`record_state where state = 'SKIPPED'`),
    pendingCount: counts(em, sql`record_state where state = 'PENDING'`),
    couplingCount: counts(em, sql`coupling where true`),
  }
}

function counts(em: EntityManager, rows: RawBuilder<unknown>): DataLoader<string, number> {
  return batched(async (ids) => {
    const counted = await run<{ mapping_id: string; count: string }>(
      em,
      sql`select mapping_id, count(*) as count from ${rows} and mapping_id = any(${texts(ids)}::uuid[]) group by mapping_id`,
    )
    return new Map(counted.map((row) => [row.mapping_id, Number(row.count)]))
  }, 0)
}
