import type { EntityManager } from '@mikro-orm/postgresql'
import { run, sql } from '../sql.js'

/** Mappings that are told apart in figures; those past it are added up. */
const MOST_MAPPINGS = 200

/** What stands for all mappings past {@link MOST_MAPPINGS}. */
const OTHERS = 'others'

/** One figure of a mapping; `label`: what it is told apart by within the mapping. */
export interface MappingFigure {
  readonly connection: string
  readonly mapping: string
  readonly figure:
    | 'rows'
    | 'runs'
    | 'running'
    | 'errors'
    | 'openErrors'
    | 'skipped'
    | 'pending'
    | 'couplings'
    | 'lag'
    | 'deletionReviews'
  readonly label: string
  readonly value: number
}

/** All figures of all mappings, by the database alone, so that every process tells the same. Lag: seconds since the start of the last run that completed. */
export async function mappingFigures(em: EntityManager): Promise<readonly MappingFigure[]> {
  return run<MappingFigure>(
    em,
    sql`
      with named as (
        select m.id, c.name as connection, m.name as mapping, row_number() over (order by c.name, m.position, m.id) as place
        from integration_table_mapping m join connection c on c.id = m.connection_id),
      told as (
        select id, case when place <= ${MOST_MAPPINGS} then connection else ${OTHERS} end as connection,
          case when place <= ${MOST_MAPPINGS} then mapping else ${OTHERS} end as mapping from named),
      figures as (
        select mapping_id, name as figure, label, sum(total)::float8 as value from throughput group by 1, 2, 3
        union all
        select mapping_id, 'running', '', count(*) from synch_run where status = 'RUNNING' group by 1
        union all
        select mapping_id, 'errors', error_class, sum(occurrences) from error_statistics group by 1, 3
        union all
        select mapping_id, 'openErrors', error_class, count(*) from integration_synch_error where resolved_at is null group by 1, 3
        union all
        select mapping_id, lower(state), '', count(*) from record_state group by 1, 2
        union all
        select mapping_id, 'couplings', '', count(*) from coupling group by 1
        union all
        select mapping_id, 'deletionReviews', '', count(*) from deletion_review where status = 'OPEN' group by 1
        union all
        select m.id, 'lag', '', extract(epoch from clock_timestamp() - last.started_at)
        from integration_table_mapping m, lateral (
          select r.started_at from synch_run r
          where r.mapping_id = m.id and r.status = 'COMPLETED' and r.kind in ('SCHEDULED', 'MANUAL') and r.started_at is not null
          order by r.requested_at desc limit 1) as last)
      select connection, mapping, figure, label,
        (case when figure = 'lag' then max(value) else sum(value) end)::float8 as value
      from figures join told on told.id = figures.mapping_id
      group by connection, mapping, figure, label order by connection, mapping, figure, label`,
  )
}

/** Connections to the database by what they do: `active`, `idle`, `idle in transaction`. */
export async function databaseConnections(
  em: EntityManager,
): Promise<readonly { readonly state: string; readonly count: number }[]> {
  return run(
    em,
    sql<{ state: string; count: number }>`
      select state, count(*)::integer as count from pg_stat_activity
      where datname = current_database() and state is not null group by state order by state`,
  )
}

/** Adds up what was appended since: one row a mapping, figure and label stays. */
export async function compactThroughput(em: EntityManager): Promise<void> {
  await run(
    em,
    sql`
      with several as (
        select mapping_id, name, label from throughput group by 1, 2, 3 having count(*) > 1),
      gone as (
        delete from throughput t using several s
        where t.mapping_id = s.mapping_id and t.name = s.name and t.label = s.label
        returning t.mapping_id, t.name, t.label, t.total)
      insert into throughput (mapping_id, name, label, total)
      select mapping_id, name, label, sum(total) from gone group by 1, 2, 3`,
  )
}
