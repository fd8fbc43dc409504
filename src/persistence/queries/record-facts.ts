import type { EntityManager } from '@mikro-orm/postgresql'
import type { Side } from '../../domain/value.js'
import type { SystemKind } from '../../domain/schema.js'
import { RUN_KEY } from './errors.js'
import { run, sql, texts } from '../sql.js'

/** A record of a connection's system. */
export interface RecordKey {
  readonly connectionId: string
  readonly side: Side
  readonly table: string
  readonly id: string
}

/** A mapping that takes part in a table, and on which side. */
export interface TableMapping {
  readonly mappingId: string
  readonly connectionId: string
  readonly side: Side
  readonly table: string
}

/** The mappings that take part in a table of that kind of system, on the side asked for (null: any), by position. */
export function mappingsOfTable(
  em: EntityManager,
  at: {
    readonly kind: SystemKind | null
    readonly side: Side | null
    readonly table: string
    readonly connection: string | null
  },
): Promise<readonly TableMapping[]> {
  return run<TableMapping>(
    em,
    sql`select m.id as "mappingId", m.connection_id as "connectionId", s.side, ${at.table} as "table"
        from integration_table_mapping m join connection c on c.id = m.connection_id
        cross join (values ('LOCAL'), ('INTEGRATION')) as s(side)
        where (case s.side when 'LOCAL' then m.definition->>'localTable' else m.definition->>'integrationTable' end) = ${at.table}
          and (${at.side}::text is null or s.side = ${at.side})
          and (${at.kind}::text is null
            or (case s.side when 'LOCAL' then c.local_system->>'kind' else c.integration_system->>'kind' end) = ${at.kind})
          and (${at.connection}::text is null or c.name = ${at.connection})
        order by c.name, m.position, m.name, s.side desc`,
  )
}

/** The versions of these records that scheduled passes have handled last. */
export function handledOfKeys(
  em: EntityManager,
  records: readonly { readonly mappingId: string; readonly side: Side; readonly id: string }[],
): Promise<
  readonly {
    readonly mappingId: string
    readonly side: Side
    readonly id: string
    readonly version: string
    /** Epoch milliseconds. */
    readonly stamp: number
  }[]
> {
  return run(
    em,
    sql`select h.mapping_id as "mappingId", h.side, h.record_id as id, h.version,
          (extract(epoch from h.stamp) * 1000)::float8 as stamp
        from unnest(${texts(records.map((record) => record.mappingId))}, ${texts(records.map((record) => record.side))},
            ${texts(records.map((record) => record.id))}) as a(mapping_id, side, id)
          join handled_version h on h.mapping_id = a.mapping_id::uuid and h.side = a.side and h.record_id = a.id`,
  )
}

/** What keeps the runs of mappings from coming to their records, and what they did last. */
export interface RunFacts {
  readonly mappingId: string
  /** The last run over the whole mapping. */
  readonly runId: string | null
  readonly status: string | null
  /** Epoch milliseconds. */
  readonly finishedAt: number | null
  /** The failure of runs that stands. */
  readonly errorId: string | null
  /** The open review of deletions. */
  readonly reviewId: string | null
}

export function runFacts(em: EntityManager, mappingIds: readonly string[]): Promise<readonly RunFacts[]> {
  return run<RunFacts>(
    em,
    sql`select m.id as "mappingId", r.id as "runId", r.status, (extract(epoch from r.finished_at) * 1000)::float8 as "finishedAt", e.id as "errorId",
          v.id as "reviewId"
        from integration_table_mapping m
        left join lateral (select id, status, finished_at from synch_run
          where mapping_id = m.id and kind in ('SCHEDULED', 'MANUAL') order by requested_at desc limit 1) r on true
        left join lateral (select id from integration_synch_error
          where mapping_id = m.id and record_key = ${RUN_KEY} and resolved_at is null order by last_seen desc limit 1) e on true
        left join deletion_review v on v.mapping_id = m.id and v.status = 'OPEN'
        where m.id = any(${texts(mappingIds)}::uuid[])`,
  )
}
