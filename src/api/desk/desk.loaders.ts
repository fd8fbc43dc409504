import type { EntityManager } from '@mikro-orm/postgresql'
import DataLoader from 'dataloader'
import type { Side } from '../../domain/value.js'
import { RecordWrite } from '../../persistence/entities/record-write.js'
import { run, sql, texts } from '../../persistence/sql.js'
import { batched, findByIds } from '../loaders.js'

/** A record of one of a connection's tables. */
export interface NamedRecordKey {
  readonly connectionId: string
  readonly side: Side
  readonly table: string
  readonly id: string
}

/** What is shown of skipped records besides their own rows. */
export interface DeskLoaders {
  /** By {@link namedRecordKey}: the name that its coupling tells. */
  readonly recordName: DataLoader<string, string | null>
  /** By coupling and side, joined by a colon: the last write to that record. */
  readonly lastWrite: DataLoader<string, RecordWrite | null>
}

export function namedRecordKey(key: NamedRecordKey): string {
  return JSON.stringify(key)
}

export function deskLoaders(em: EntityManager): DeskLoaders {
  return {
    recordName: batched(async (keys) => {
      const asked = keys.map((key) => JSON.parse(key) as NamedRecordKey)
      const rows = await run<{ place: number; name: string | null }>(
        em,
        sql`with asked as (select connection_id::uuid, side, name, id, place::integer from unnest(
                ${texts(asked.map((key) => key.connectionId))}, ${texts(asked.map((key) => key.side))},
                ${texts(asked.map((key) => key.table))}, ${texts(asked.map((key) => key.id))})
              with ordinality as k(connection_id, side, name, id, place))
            select a.place - 1 as place, c.local_name as name from asked a join coupling c
              on c.connection_id = a.connection_id and c.local_table = a.name and c.local_id = a.id where a.side = 'LOCAL'
            union all
            select a.place - 1 as place, c.integration_name as name from asked a join coupling c
              on c.connection_id = a.connection_id and c.integration_table = a.name and c.integration_id = a.id
              where a.side = 'INTEGRATION'`,
      )
      return new Map(rows.map((row) => [keys[row.place] ?? '', row.name]))
    }, null),
    lastWrite: batched(async (keys) => {
      const asked = keys.map((key) => key.split(':') as [string, string])
      const rows = await run<{ id: string; place: number }>(
        em,
        sql`select w.id, a.place::integer - 1 as place
            from unnest(${texts(asked.map(([id]) => id))}::uuid[], ${texts(asked.map(([, side]) => side))})
              with ordinality as a(id, side, place)
            join coupling c on c.id = a.id
            cross join lateral (
              select w.id from record_write w
              where w.mapping_id = c.mapping_id and w.side = a.side and w.local_id = c.local_id and w.integration_id = c.integration_id
              order by w.at desc limit 1) w`,
      )
      const writes = await findByIds(
        em,
        RecordWrite,
        rows.map((row) => row.id),
      )
      const byId = new Map(writes.map((write) => [write.id, write]))
      return new Map(
        rows.flatMap((row) => {
          const write = byId.get(row.id)
          return write === undefined ? [] : [[keys[row.place] ?? '', write] as const]
        }),
      )
    }, null),
  }
}
