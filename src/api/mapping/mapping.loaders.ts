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
  /** Records a second, of the latest completed jobs that looked at a hundred or more; null: there are none. */
  readonly rateOfMapping: DataLoader<string, number | null>
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
    rateOfMapping: batched(async (ids) => {
      const rows = await run<{ mapping_id: string; rate: number }>(
        em,
        sql`select latest.mapping_id, sum(latest.looked_at) / sum(latest.seconds) as rate
            from unnest(${texts(ids)}::uuid[]) as asked(id) cross join lateral (
              select mapping_id, n.looked_at, greatest(extract(epoch from finish - start), 0.001)::float8 as seconds
              from synch_job cross join lateral (
                select (inserted + modified + deleted + unchanged + skipped + failed + conflicts)::float8 as looked_at) as n
              where mapping_id = asked.id and status = 'COMPLETED' and finish is not null and n.looked_at >= 100
              order by start desc, id limit 4) as latest
            group by latest.mapping_id`,
      )
      return new Map(rows.map((row) => [row.mapping_id, row.rate]))
    }, null),
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
