import type { EntityManager } from '@mikro-orm/postgresql'
import type DataLoader from 'dataloader'
import { RecordWrite } from '../../persistence/entities/record-write.js'
import { run, sql, texts } from '../../persistence/sql.js'
import { batched, findByIds } from '../loaders.js'

/** What is shown of writes besides their own row. Keys are ids of writes. */
export interface HistoryLoaders {
  readonly recordWrite: DataLoader<string, RecordWrite | null>
  /** The latest run that undid it. */
  readonly undoOfWrite: DataLoader<string, string | null>
}

export function historyLoaders(em: EntityManager): HistoryLoaders {
  return {
    recordWrite: batched(async (ids) => {
      const rows = await findByIds(em, RecordWrite, ids)
      return new Map(rows.map((row) => [row.id, row]))
    }, null),
    undoOfWrite: batched(async (ids) => {
      const rows = await run<{ write_id: string; run_id: string }>(
        em,
        sql`select distinct on (u.write_id) u.write_id, u.run_id from undo_item u join synch_run r on r.id = u.run_id
            where u.write_id = any(${texts(ids)}::uuid[]) and u.outcome = 'UNDONE'
            order by u.write_id, r.requested_at desc`,
      )
      return new Map(rows.map((row) => [row.write_id, row.run_id]))
    }, null),
  }
}
