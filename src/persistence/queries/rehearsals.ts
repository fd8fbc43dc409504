import type { EntityManager } from '@mikro-orm/postgresql'
import type { PairBefore } from '../../domain/pair-before.js'
import type { Side, Values } from '../../domain/value.js'
import type { WriteKind } from '../../domain/write.js'
import { run, sql } from '../sql.js'

/** A recorded change, as far as a rehearsal needs it. */
export interface RecordedChange {
  readonly id: string
  readonly side: Side
  readonly kind: WriteKind
  readonly mappingVersion: number | null
  readonly localId: string | null
  readonly integrationId: string | null
  readonly localName: string | null
  readonly integrationName: string | null
  /** The record that it came from. */
  readonly source: Values
  readonly pair: PairBefore | null
  /** ISO 8601. */
  readonly at: string
}

/** Deletes rehearsals older than so many days; their examples hold business data. */
export async function purgeRehearsals(em: EntityManager, days: number): Promise<void> {
  await run(
    em,
    sql`delete from rehearsal
        where status <> 'RUNNING' and requested_at < statement_timestamp() - make_interval(days => ${days})`,
  )
}

/** The latest changes of a mapping up to a moment that came from a record, newest first: a page of them, after those already taken. */
export async function recordedChanges(
  em: EntityManager,
  mappingId: string,
  before: Date,
  offset: number,
  limit: number,
): Promise<readonly RecordedChange[]> {
  const rows = await run<
    Omit<RecordedChange, 'source' | 'pair' | 'at'> & { source: string; pair: string | null; at: number }
  >(
    em,
    sql`select id, side, kind, mapping_version as "mappingVersion", local_id as "localId", integration_id as "integrationId",
               local_name as "localName", integration_name as "integrationName", source::text as source, pair::text as pair,
               (extract(epoch from at) * 1000)::float8 as at
        from record_write
        where mapping_id = ${mappingId} and at <= ${before.toISOString()}::timestamptz and source is not null and decision_row <> 'undone' and kind <> 'DELETE'
        order by at desc, id offset ${offset} limit ${limit}`,
  )
  return rows.map((row) => ({
    ...row,
    source: JSON.parse(row.source) as Values,
    pair: row.pair === null ? null : (JSON.parse(row.pair) as PairBefore),
    at: new Date(row.at).toISOString(),
  }))
}
