import type { EntityManager } from '@mikro-orm/postgresql'
import type DataLoader from 'dataloader'
import type { RawBuilder } from 'kysely'
import type { MappingDefinition } from '../../domain/mapping.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { SynchJob } from '../../persistence/entities/synch-job.js'
import { SynchRun } from '../../persistence/entities/synch-run.js'
import { run, sql, texts } from '../../persistence/sql.js'
import { knownTables, type KnownTable, type TableKey } from '../../persistence/tables.js'
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
  /** By {@link tableLoaderKey}; null: neither metadata nor the catalog has it. */
  readonly table: DataLoader<string, KnownTable | null>
  /** By connection: the definitions of all its mappings. */
  readonly definitionsOfConnection: DataLoader<string, readonly MappingDefinition[]>
}

export function tableLoaderKey(key: TableKey): string {
  return JSON.stringify(key)
}

export function mappingLoaders(em: EntityManager): MappingLoaders {
  return {
    table: batched(async (keys) => {
      const tables = await knownTables(
        em,
        keys.map((key) => JSON.parse(key) as TableKey),
      )
      return new Map(keys.map((key, index) => [key, tables[index] ?? null]))
    }, null),
    definitionsOfConnection: batched(async (ids) => {
      const found = await em.find(
        Mapping,
        { connectionId: { $in: ids } },
        { orderBy: { position: 'asc' }, disableIdentityMap: true },
      )
      const groups = grouped(found, (mapping) => mapping.connectionId)
      return new Map([...groups].map(([id, rows]) => [id, rows.map((row) => row.definition)]))
    }, []),
    lastRunOfMapping: batched(async (ids) => {
      const latest = await run<{ id: string }>(
        em,
        sql`select latest.id from unnest(${texts(ids)}::uuid[]) as asked(id) cross join lateral (
              select id from synch_run where mapping_id = asked.id and kind <> 'PLAN' order by requested_at desc, id limit 1) as latest`,
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
              select j.id from synch_job j join synch_run r on r.id = j.run_id
              where j.mapping_id = asked.id and j.direction = pass.direction and r.kind <> 'PLAN'
              order by j.start desc, j.id limit 1) as latest`,
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
              from synch_job j cross join lateral (
                select (inserted + modified + deleted + unchanged + skipped + failed + conflicts)::float8 as looked_at) as n
              where mapping_id = asked.id and status = 'COMPLETED' and finish is not null and n.looked_at >= 100
                and not exists (select 1 from synch_run r where r.id = j.run_id and r.kind = 'PLAN')
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
