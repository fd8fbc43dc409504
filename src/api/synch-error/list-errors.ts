import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { SynchError } from '../../persistence/entities/synch-error.js'
import { sql, storable } from '../../persistence/sql.js'
import { parseId } from '../identifiers.js'
import { inTimeRange, ofMapping, oneOf, present } from '../paging/conditions.js'
import { entityPage, type Page } from '../paging/connection.type.js'
import { KeyType } from '../paging/cursor.js'
import type { PageRequest, SortOrder } from '../paging/keyset.js'
import { errorText } from './error-text.js'
import type { SynchErrorFilter, SynchErrorOrder } from './synch-error.input.js'

const ORDERS: Readonly<Record<SynchErrorOrder, SortOrder>> = {
  TIME_DESC: { key: sql`e.last_seen`, keyType: KeyType.timestamp, descending: true },
  TIME_ASC: { key: sql`e.last_seen`, keyType: KeyType.timestamp, descending: false },
  FIRST_SEEN_DESC: { key: sql`e.first_seen`, keyType: KeyType.timestamp, descending: true },
  FIRST_SEEN_ASC: { key: sql`e.first_seen`, keyType: KeyType.timestamp, descending: false },
  OCCURRENCES_DESC: { key: sql`e.occurrences`, keyType: KeyType.integer, descending: true },
}

/** Conditions on `integration_synch_error e`. Throws BAD_USER_INPUT, NOT_FOUND. */
export async function errorConditions(
  em: EntityManager,
  filter: SynchErrorFilter | null | undefined,
): Promise<readonly RawBuilder<unknown>[]> {
  if (filter === null || filter === undefined) return []
  return present([
    await ofMapping(em, sql`e.mapping_id`, filter),
    filter.run ? sql`e.run_id = ${parseId(filter.run, 'filter.run')}` : null,
    filter.job ? sql`e.job_id = ${parseId(filter.job, 'filter.job')}` : null,
    filter.coupling ? sql`e.coupling_id = ${parseId(filter.coupling, 'filter.coupling')}` : null,
    filter.group ? sql`e.group_id = ${parseId(filter.group, 'filter.group')}` : null,
    filter.assignee ? sql`e.assignee = ${storable(filter.assignee)}` : null,
    oneOf(sql`e.error_class`, filter.errorClass),
    filter.resolvableBy ? sql`e.resolvable_by = ${filter.resolvableBy}` : null,
    filter.direction ? sql`e.direction = ${filter.direction}` : null,
    filter.status
      ? filter.status === 'OPEN'
        ? sql`e.resolved_at is null`
        : sql`e.resolved_at is not null`
      : null,
    await errorText(em, filter.text),
    ...inTimeRange(sql`e.last_seen`, filter.time),
  ])
}

/** `only`: properties that are read of each; null: all. */
export async function listErrors(
  em: EntityManager,
  filter: SynchErrorFilter | null | undefined,
  request: PageRequest & { readonly order: SynchErrorOrder },
  only: readonly string[] | null = null,
): Promise<Page<SynchError>> {
  const conditions = await errorConditions(em, filter)
  return entityPage(em, { entity: SynchError, alias: 'e', conditions, only }, ORDERS[request.order], request)
}
