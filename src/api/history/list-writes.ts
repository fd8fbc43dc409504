import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { RecordWrite } from '../../persistence/entities/record-write.js'
import { sql, storable, texts } from '../../persistence/sql.js'
import { parseId } from '../identifiers.js'
import { spellings } from '../record/record-ids.js'
import { containsText, inTimeRange, ofMapping, oneOf, present } from '../paging/conditions.js'
import { entityPage, type Page } from '../paging/connection.type.js'
import { KeyType } from '../paging/cursor.js'
import type { PageRequest, SortOrder } from '../paging/keyset.js'
import type { RecordWriteFilter, RecordWriteOrder } from './record-write.input.js'

const ORDERS: Readonly<Record<RecordWriteOrder, SortOrder>> = {
  TIME_DESC: { key: sql`w.at`, keyType: KeyType.timestamp, descending: true },
  TIME_ASC: { key: sql`w.at`, keyType: KeyType.timestamp, descending: false },
}

export type WritesRequest = PageRequest & { readonly order: RecordWriteOrder }

/** Throws BAD_USER_INPUT, and NOT_FOUND for a mapping that does not exist. */
export async function listWrites(
  em: EntityManager,
  filter: RecordWriteFilter | null | undefined,
  request: WritesRequest,
): Promise<Page<RecordWrite>> {
  const recordIds = filter?.recordId ? texts(spellings(filter.recordId)) : null
  return pageOf(em, request, [
    await ofMapping(em, sql`w.mapping_id`, filter ?? {}),
    filter?.coupling ? sql`w.coupling_id = ${parseId(filter.coupling, 'filter.coupling')}` : null,
    filter?.run ? sql`w.run_id = ${parseId(filter.run, 'filter.run')}` : null,
    filter?.side ? sql`w.side = ${filter.side}` : null,
    recordIds === null ? null : sql`(w.local_id = any(${recordIds}) or w.integration_id = any(${recordIds}))`,
    filter?.field ? sql`w.fields @> ${texts([storable(filter.field)])}` : null,
    oneOf(sql`w.kind`, filter?.kind),
    typeof filter?.lost === 'boolean' ? (filter.lost ? sql`w.lost is not null` : sql`w.lost is null`) : null,
    containsText(
      [sql`w.local_name`, sql`w.integration_name`, sql`w.local_id`, sql`w.integration_id`],
      filter?.text,
    ),
    ...inTimeRange(sql`w.at`, filter?.time),
  ])
}

/** The writes to both records of a pair, also of earlier couplings of the same two. */
export function writesOfPair(
  em: EntityManager,
  pair: { readonly mappingId: string; readonly localId: string; readonly integrationId: string },
  request: WritesRequest,
): Promise<Page<RecordWrite>> {
  return pageOf(em, request, [
    sql`w.mapping_id = ${pair.mappingId}`,
    sql`w.local_id = ${pair.localId}`,
    sql`w.integration_id = ${pair.integrationId}`,
  ])
}

export function writesOfRun(
  em: EntityManager,
  runId: string,
  request: WritesRequest,
): Promise<Page<RecordWrite>> {
  return pageOf(em, request, [sql`w.run_id = ${runId}`])
}

function pageOf(
  em: EntityManager,
  request: WritesRequest,
  conditions: readonly (RawBuilder<unknown> | null)[],
): Promise<Page<RecordWrite>> {
  const listing = { entity: RecordWrite, alias: 'w', conditions: present(conditions) }
  return entityPage(em, listing, ORDERS[request.order], request)
}
