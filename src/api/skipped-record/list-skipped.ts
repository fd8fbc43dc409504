import type { EntityManager } from '@mikro-orm/postgresql'
import { RecordState } from '../../persistence/entities/record-state.js'
import { json, run, sql, storable } from '../../persistence/sql.js'
import { apiError, ErrorCode } from '../errors.js'
import { parseId } from '../identifiers.js'
import { containsText, inTimeRange, ofMapping, oneOf, present } from '../paging/conditions.js'
import { entityPage, type Page } from '../paging/connection.type.js'
import { KeyType } from '../paging/cursor.js'
import { allOf, type PageRequest, type SortOrder } from '../paging/keyset.js'
import type { SkippedRecordFilter, SkippedRecordOrder } from './skipped-record.input.js'

const ORDERS: Readonly<Record<SkippedRecordOrder, SortOrder>> = {
  TIME_DESC: { key: sql`s.changed_at`, keyType: KeyType.timestamp, descending: true },
  TIME_ASC: { key: sql`s.changed_at`, keyType: KeyType.timestamp, descending: false },
}

/** Skipped synch. records `s`, with their coupling `c` and their error `e`. */
export const SKIPPED_RECORDS = sql`record_state s left join coupling c on c.id = s.coupling_id
  left join integration_synch_error e on e.id = s.error_id`

export async function listSkipped(
  em: EntityManager,
  filter: SkippedRecordFilter | null | undefined,
  request: PageRequest & { readonly order: SkippedRecordOrder },
): Promise<Page<RecordState>> {
  const conditions = await skippedConditions(em, filter)
  const listing = { entity: RecordState, alias: 's', from: SKIPPED_RECORDS, conditions }
  return entityPage(em, listing, ORDERS[request.order], request)
}

/** Ids of the skipped synch. records that a filter lets in, those skipped first before the others; at most `limit`. */
export async function skippedIds(
  em: EntityManager,
  filter: SkippedRecordFilter,
  limit: number,
): Promise<readonly string[]> {
  const conditions = await skippedConditions(em, filter)
  const rows = await run<{ id: string }>(
    em,
    sql`select s.id from ${SKIPPED_RECORDS} where ${allOf(conditions)} order by s.changed_at, s.id limit ${limit}`,
  )
  return rows.map((row) => row.id)
}

/** Conditions on {@link SKIPPED_RECORDS}. Throws BAD_USER_INPUT, NOT_FOUND. */
export async function skippedConditions(em: EntityManager, filter: SkippedRecordFilter | null | undefined) {
  return present([
    sql`s.state = 'SKIPPED'`,
    await ofMapping(em, sql`s.mapping_id`, filter ?? {}),
    filter?.run ? sql`e.run_id = ${parseId(filter.run, 'filter.run')}` : null,
    filter?.coupling ? sql`s.coupling_id = ${parseId(filter.coupling, 'filter.coupling')}` : null,
    oneOf(sql`s.reason`, filter?.errorClass),
    filter?.fieldsInConflict
      ? sql`s.clashing = ${storable(json([...new Set(filter.fieldsInConflict)].sort()))}`
      : null,
    ...(filter?.alikeTo ? await alike(em, parseId(filter.alikeTo, 'filter.alikeTo')) : []),
    filter?.fingerprint ? sql`e.fingerprint = ${storable(filter.fingerprint)}` : null,
    containsText(
      [
        sql`e.message`,
        sql`e.source_name`,
        sql`s.record_id`,
        sql`c.local_name`,
        sql`c.integration_name`,
        sql`c.local_id`,
        sql`c.integration_id`,
      ],
      filter?.text,
    ),
    ...inTimeRange(sql`s.changed_at`, filter?.time),
  ])
}

/** What a record has in common with those that are decided alike. Throws NOT_FOUND. */
async function alike(em: EntityManager, id: string) {
  const [one] = await run<{
    mapping_id: string
    reason: string
    clashing: string | null
    fingerprint: string | null
  }>(
    em,
    sql`select s.mapping_id, s.reason, s.clashing, e.fingerprint from ${SKIPPED_RECORDS} where s.id = ${id} and s.state = 'SKIPPED'`,
  )
  if (one === undefined) {
    throw apiError(
      ErrorCode.notFound,
      `There is no skipped synch. record ${id}; it may have been settled meanwhile.`,
    )
  }
  return [
    sql`s.mapping_id = ${one.mapping_id}`,
    sql`s.reason = ${one.reason}`,
    sql`s.clashing is not distinct from ${one.clashing}::text`,
    // An entry of the log that was purged says nothing of the others.
    one.fingerprint === null ? sql`true` : sql`e.fingerprint = ${one.fingerprint}`,
  ]
}
