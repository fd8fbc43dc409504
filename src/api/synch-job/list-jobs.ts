import type { EntityManager } from '@mikro-orm/postgresql'
import { SynchJob } from '../../persistence/entities/synch-job.js'
import { sql } from '../../persistence/sql.js'
import { parseId } from '../identifiers.js'
import { containsText, inTimeRange, ofMapping, oneOf, present } from '../paging/conditions.js'
import { entityPage, type Page } from '../paging/connection.type.js'
import { KeyType } from '../paging/cursor.js'
import type { PageRequest, SortOrder } from '../paging/keyset.js'
import type { JobFilter, JobOrder } from './synch-job.input.js'

const ORDERS: Readonly<Record<JobOrder, SortOrder>> = {
  START_DESC: { key: sql`j.start`, keyType: KeyType.timestamp, descending: true },
  START_ASC: { key: sql`j.start`, keyType: KeyType.timestamp, descending: false },
}

export async function listJobs(
  em: EntityManager,
  filter: JobFilter | null | undefined,
  request: PageRequest & { readonly order: JobOrder },
): Promise<Page<SynchJob>> {
  const conditions = present([
    await ofMapping(em, sql`j.mapping_id`, filter ?? {}),
    // A plan's jobs wrote nothing; they stand with their plan.
    filter?.run
      ? null
      : sql`not exists (select 1 from synch_run r where r.id = j.run_id and r.kind = 'PLAN')`,
    filter?.run ? sql`j.run_id = ${parseId(filter.run, 'filter.run')}` : null,
    filter?.direction ? sql`j.direction = ${filter.direction}` : null,
    oneOf(sql`j.status`, filter?.status),
    containsText([sql`j.message`], filter?.text),
    ...inTimeRange(sql`j.start`, filter?.time),
  ])
  return entityPage(em, { entity: SynchJob, alias: 'j', conditions }, ORDERS[request.order], request)
}
