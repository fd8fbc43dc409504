import type { EntityManager } from '@mikro-orm/postgresql'
import type { Side } from '../../domain/value.js'
import type { RawBuilder } from 'kysely'
import { run, sql, storable, texts } from '../sql.js'

/** A record that a search has found, with the mapping that knows it. */
export interface FoundRecord {
  readonly connectionId: string
  readonly mappingId: string
  readonly side: Side
  readonly table: string
  readonly id: string
  readonly name: string | null
}

/** How many of each kind of find are ordered among each other: a word of one letter fits half of all records. */
const CANDIDATES = 200

/**
 * Records by number, id, beginning of a name, or words of their names, each by its beginning (of one letter: whole): coupled ones (told as
 * the local record), and uncoupled ones on which a run has failed. Numbers first, then names that begin so; words are looked for where
 * that gives too few. `mappingIds` null: of all.
 */
export async function searchRecords(
  em: EntityManager,
  search: { readonly text: string; readonly mappingIds: readonly string[] | null; readonly limit: number },
): Promise<readonly FoundRecord[]> {
  const text = storable(search.text.trim())
  const prefix = `${text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
  const ofMappings =
    search.mappingIds === null ? sql`true` : sql`f.mapping_id = any(${texts(search.mappingIds)}::uuid[])`
  const ids = texts([...new Set([text, text.toLowerCase()])])
  const words = sql`(select string_agg(quote_literal(lexeme) || case when length(lexeme) > 1 then ':*' else '' end, ' & ')::tsquery
    from unnest(search_words(${text}::text)))`
  const limited = (condition: RawBuilder<unknown>, limit: RawBuilder<unknown>) =>
    sql`select f.id from coupling f where ${condition} and ${ofMappings} limit ${limit}`
  const most = sql`${CANDIDATES}::integer`
  const enough = sql`case when (select count(distinct id) from begun) >= ${search.limit} then 0 else ${most} end`
  return run<FoundRecord>(
    em,
    sql`with begun(id, rank) as materialized (
          select id, 0 from (${limited(sql`lower(f.local_number) like ${prefix}`, most)}) as numbered
          union all
          select f.id, 0 from integration_table_mapping m join coupling f on f.connection_id = m.connection_id
            and f.local_table = m.definition->>'localTable' and f.local_id = any(${ids}) where ${ofMappings}
          union all
          select f.id, 0 from integration_table_mapping m join coupling f on f.connection_id = m.connection_id
            and f.integration_table = m.definition->>'integrationTable' and f.integration_id = any(${ids}) where ${ofMappings}
          union all
          select id, 1 from (${limited(sql`lower(coalesce(f.local_name, '')) collate "C" like ${prefix}`, most)}) as named
          union all
          select id, 2 from (${limited(sql`lower(f.integration_name) like ${prefix}`, most)}) as named),
        worded(id, rank) as (
          select id, 3 from (${limited(
            sql`search_words(coalesce(f.local_name, '') || ' ' || coalesce(f.integration_name, '') || ' ' ||
              coalesce(f.local_number, '')) @@ ${words}`,
            enough,
          )}) as worded),
        best as (select id, min(rank) as rank from (select * from begun union all select * from worded) as found group by id),
        coupled as (
          select c.connection_id as "connectionId", c.mapping_id as "mappingId", 'LOCAL' as side, c.local_table as "table",
            c.local_id as id, c.local_name as name, best.rank
          from best join coupling c on c.id = best.id
          order by best.rank, length(coalesce(c.local_name, '')), c.local_name, c.id limit ${search.limit}),
        failing as (
          select distinct on (f.mapping_id, f.source_side, f.source_id) m.connection_id as "connectionId",
            f.mapping_id as "mappingId", f.source_side as side,
            case f.source_side when 'LOCAL' then m.definition->>'localTable' else m.definition->>'integrationTable' end as "table",
            f.source_id as id, f.source_name as name, 4 as rank
          from (select mapping_id, source_side, source_id, source_name from integration_synch_error f
            where f.coupling_id is null and f.resolved_at is null and f.source_id is not null
              and search_words(coalesce(f.source_name, '')) @@ ${words} and ${ofMappings} limit ${most}) f
          join integration_table_mapping m on m.id = f.mapping_id)
        select "connectionId", "mappingId", side, "table", id, name
        from (select * from coupled union all select * from failing) as found
        order by rank, length(coalesce(name, '')), name, id limit ${search.limit}`,
  )
}
