import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { CouplingRecord } from '../../persistence/entities/coupling.js'
import { sql, texts } from '../../persistence/sql.js'
import { parseId } from '../identifiers.js'
import { spellings } from '../record/record-ids.js'
import { inTimeRange, ofMapping, oneOf, present } from '../paging/conditions.js'
import { entityPage, type Page } from '../paging/connection.type.js'
import { KeyType } from '../paging/cursor.js'
import type { PageRequest, SortOrder } from '../paging/keyset.js'
import { couplingText } from './coupling-text.js'
import type { CouplingFilter, CouplingOrder, CouplingStatus } from './coupling.input.js'

const LOCAL_NAME = sql`lower(coalesce(c.local_name, '')) collate "C"`
const LAST_SYNCHRONIZED = sql`coalesce(c.last_synchronized_at, 'epoch'::timestamptz)`

const ORDERS: Readonly<Record<CouplingOrder, SortOrder>> = {
  ID: { key: sql`c.id`, keyType: KeyType.none, descending: false },
  LOCAL_NAME_ASC: { key: LOCAL_NAME, keyType: KeyType.text, descending: false },
  LOCAL_NAME_DESC: { key: LOCAL_NAME, keyType: KeyType.text, descending: true },
  LAST_SYNCHRONIZED_DESC: { key: LAST_SYNCHRONIZED, keyType: KeyType.timestamp, descending: true },
  LAST_SYNCHRONIZED_ASC: { key: LAST_SYNCHRONIZED, keyType: KeyType.timestamp, descending: false },
}

/** `only`: properties that are read of each; null: all. */
export async function listCouplings(
  em: EntityManager,
  filter: CouplingFilter | null | undefined,
  request: PageRequest & { readonly order: CouplingOrder },
  only: readonly string[] | null = null,
): Promise<Page<CouplingRecord>> {
  const conditions = present([
    await ofMapping(em, sql`c.mapping_id`, filter ?? {}),
    filter?.run
      ? sql`c.last_job_id in (select id from synch_job where run_id = ${parseId(filter.run, 'filter.run')})`
      : null,
    statusCondition(filter?.status),
    filter?.errorClass
      ? sql`exists (select 1 from record_state s where s.coupling_id = c.id and ${oneOf(sql`s.reason`, filter.errorClass) ?? sql`true`})`
      : null,
    typeof filter?.skipped === 'boolean' ? (filter.skipped ? SKIPPED : sql`not ${SKIPPED}`) : null,
    filter?.localId ? sql`c.local_id = any(${texts(spellings(filter.localId))})` : null,
    filter?.integrationId ? sql`c.integration_id = any(${texts(spellings(filter.integrationId))})` : null,
    await couplingText(em, filter?.text),
    ...inTimeRange(sql`c.last_synchronized_at`, filter?.time),
  ])
  return entityPage(
    em,
    { entity: CouplingRecord, alias: 'c', conditions, only },
    ORDERS[request.order],
    request,
  )
}

const SKIPPED = sql`exists (select 1 from record_state s where s.coupling_id = c.id and s.state = 'SKIPPED')`

function statusCondition(statuses: readonly CouplingStatus[] | null | undefined): RawBuilder<unknown> | null {
  if (statuses === null || statuses === undefined) return null
  return sql`coalesce((select s.state from record_state s where s.coupling_id = c.id), 'SETTLED') = any(${texts(statuses)})`
}
