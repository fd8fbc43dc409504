import type { ApiContext } from '../context.js'
import { run, sql } from '../../persistence/sql.js'
import { assertPageSize } from '../paging/keyset.js'
import { matchingEntries, STILL_RELEVANT, UNSETTLED, type PurgeRequest } from './purge-errors.js'
import type { PurgePreviewType } from './purge-preview.type.js'

/** What a purge would meet, by root cause, most entries first; nothing is deleted. Throws BAD_USER_INPUT, NOT_FOUND. */
export async function purgePreview(
  { em }: ApiContext,
  request: Pick<PurgeRequest, 'days' | 'filter'>,
  first: number,
): Promise<PurgePreviewType> {
  assertPageSize(first)
  const matching = await matchingEntries(em, request)
  const rows = await run<{ group_id: string | null; entries: number; relevant: number }>(
    em,
    sql`with ${UNSETTLED}
        select e.group_id, count(*)::integer as entries, count(*) filter (where ${STILL_RELEVANT})::integer as relevant
        from integration_synch_error e where ${matching} group by e.group_id order by entries desc, e.group_id`,
  )
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0)
  const stillRelevant = sum((row) => row.relevant)
  return {
    deletable: sum((row) => row.entries) - stillRelevant,
    stillRelevant,
    groups: rows.slice(0, first).map((row) => ({
      groupId: row.group_id,
      deletable: row.entries - row.relevant,
      stillRelevant: row.relevant,
    })),
  }
}
