import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { passesOf, RunKind, RunStatus } from '../domain/run.js'
import { Mapping } from './entities/mapping.js'
import { SynchJob } from './entities/synch-job.js'
import { SynchRun } from './entities/synch-run.js'
import { lockErrorGroups, resolveWhere } from './queries/error-groups.js'
import { lockCommitments } from './queries/intents.js'
import { NO_COUNTS } from './queries/jobs.js'
import { run, sql, texts } from './sql.js'

/** What {@link deleteCouplings} did. */
export interface Uncoupled {
  readonly removed: number
  /** Left as they are: a write of theirs is under way. */
  readonly busy: number
  /** The run that stands in the log for it; null: nothing was removed. */
  readonly runId: string | null
}

/**
 * Delete Couplings: those of a mapping by id, or all of them (`ids` null). The records, the history and the log stay; states and
 * open errors of the couplings go or are resolved. Couplings whose write is under way are left. As many statements for all as for one.
 * Must be called inside a transaction.
 */
export async function deleteCouplings(
  em: EntityManager,
  mappingId: string,
  ids: readonly string[] | null,
  requestedBy: string,
): Promise<Uncoupled> {
  // Whoever commits to a write waits here, so that what is read below stays true until the end.
  const { connectionId, definition } = await em.findOneOrFail(Mapping, { id: mappingId })
  const { localTable, integrationTable } = definition
  await lockCommitments(em, { id: mappingId, connectionId, localTable, integrationTable })
  const chosen = ids === null ? sql`true` : sql`c.id = any(${texts(ids)}::uuid[])`
  const inFlight = sql`exists (select from intent i where i.coupling_id = c.id)`
  const [busy] = await run<{ count: number }>(
    em,
    sql`select count(*)::integer as count from coupling c where c.mapping_id = ${mappingId} and ${chosen} and ${inFlight}`,
  )
  const [removed] = await run<{ count: number }>(
    em,
    sql`with removed as (
          delete from coupling c where c.mapping_id = ${mappingId} and ${chosen} and not ${inFlight} returning c.id)
        select count(*)::integer as count from removed`,
  )
  const count = removed?.count ?? 0
  if (count === 0) return { removed: 0, busy: busy?.count ?? 0, runId: null }
  await lockErrorGroups(em, [mappingId])
  await resolveWhere(
    em,
    sql`e.mapping_id = ${mappingId} and e.coupling_id is not null
      and not exists (select from coupling c where c.id = e.coupling_id)`,
    null,
  )
  await run(
    em,
    sql`update integration_table_mapping set couplings_removed_at = clock_timestamp() where id = ${mappingId}`,
  )
  return { removed: count, busy: busy?.count ?? 0, runId: await log(em, mappingId, count, requestedBy) }
}

/** The log row of an uncoupling: a run that is over, as no system is asked for it. */
async function log(
  em: EntityManager,
  mappingId: string,
  uncoupled: number,
  requestedBy: string,
): Promise<string> {
  const mapping = await em.findOneOrFail(Mapping, { id: mappingId })
  const now = new Date()
  const runId = randomUUID()
  const made = em.create(SynchRun, {
    id: runId,
    mappingId,
    kind: RunKind.records,
    mode: 'MODIFIED',
    scope: { kind: 'uncouple', couplingIds: [] },
    status: RunStatus.completed,
    requestedBy,
    requestedAt: now,
    startedAt: now,
    finishedAt: now,
    workflowId: '',
    includeUncoupled: false,
    mappingVersion: mapping.version,
  })
  await em.persist(made).flush()
  const job = em.create(SynchJob, {
    id: randomUUID(),
    runId,
    mappingId,
    direction: passesOf(mapping.direction, null)[0] ?? 'TO_INTEGRATION_TABLE',
    status: RunStatus.completed,
    ...NO_COUNTS,
    uncoupled,
    start: now,
    finish: now,
    clockFall: 0,
    watermarkRevision: 0,
    tokenExpired: false,
  })
  await em.persist(job).flush()
  return runId
}
