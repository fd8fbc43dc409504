import { LockMode, type EntityManager } from '@mikro-orm/postgresql'
import type { Failure } from '../domain/failure.js'
import type { PassDirection } from '../domain/mapping.js'
import { isFinished, isWhole, RunKind, RunStatus, WHOLE_RUNS } from '../domain/run.js'
import { sleepAfter } from '../domain/schedule.js'
import { Connection } from '../persistence/entities/connection.js'
import { Mapping } from '../persistence/entities/mapping.js'
import { SynchJob } from '../persistence/entities/synch-job.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { releaseClaimsOfRun } from '../persistence/queries/claims.js'
import { forgetSwept } from '../persistence/queries/deletions.js'
import { lockErrorGroups } from '../persistence/queries/error-groups.js'
import { recordErrors, resolveErrors, RUN_KEY } from '../persistence/queries/errors.js'
import { isHeldByFullSynch } from '../persistence/queries/full-synch.js'
import { requestRun } from '../persistence/runs.js'
import { databaseClock, run as execute, sql } from '../persistence/sql.js'
import { couplingMessage } from './coupling-message.js'
import type { ActivityDependencies } from './dependencies.js'

export interface FinishRunInput {
  readonly runId: string
  readonly status: typeof RunStatus.completed | typeof RunStatus.failed | typeof RunStatus.cancelled
  /** Why it failed; recorded as one error of the run. */
  readonly failure: Failure | null
  readonly direction: PassDirection | null
}

/**
 * Ends a run: its jobs, its claims, its message, and one error where it failed as a whole. Returns the run that was queued
 * behind it. Safe to repeat: a run ends once.
 */
export async function finishRun(
  dependencies: ActivityDependencies,
  input: FinishRunInput,
): Promise<{ readonly nextRunId: string | null }> {
  return dependencies.database.em.fork().transactional(async (em) => {
    const found = await em.findOneOrFail(SynchRun, { id: input.runId })
    const isFirst = !isFinished(found.status)
    // First the pages: an attempt that was given up may be recording one, and then counts it in its job.
    await execute(
      em,
      sql`delete from synch_page p using synch_job j where p.job_id = j.id and j.run_id = ${found.id}`,
    )
    if (isFirst) {
      await lockErrorGroups(em, [found.mappingId])
      found.status = input.status
      found.finishedAt = new Date()
      found.message =
        input.failure === null
          ? await couplingMessage(em, found)
          : `${input.failure.message} ${input.failure.remedy}`
    }
    // Also for a run that somebody else has ended meanwhile: nothing of it is left under way.
    const jobs = await em.find(SynchJob, { runId: found.id })
    for (const job of jobs.filter((candidate) => candidate.status === RunStatus.running)) {
      job.status = found.status
      job.finish = new Date()
      job.message ??= found.message ?? null
    }
    await em.flush()
    await releaseClaimsOfRun(em, found.id)
    // Those of a page that never came to its end, and whose intents others have settled.
    await execute(
      em,
      sql`delete from intent_call c where not exists (select from intent i where i.page_id = c.page_id)
            and not exists (select from synch_page p where p.id = c.page_id)`,
    )
    for (const job of jobs) await forgetSwept(em, job.id)
    if (isFirst) {
      if (input.failure !== null) {
        await recordErrors(
          em,
          {
            mappingId: found.mappingId,
            runId: found.id,
            jobId: jobs.at(-1)?.id ?? null,
            direction: input.direction ?? jobs.at(-1)?.direction ?? 'TO_INTEGRATION_TABLE',
          },
          [runError(input.failure)],
        )
      } else if (isWhole(found.kind) && input.status === RunStatus.completed) {
        await resolveErrors(em, found.mappingId, [RUN_KEY])
      }
    }
    if (!isWhole(found.kind)) return { nextRunId: null }
    if (isFirst && input.status === RunStatus.completed) await fallAsleepOrWake(em, found.mappingId, jobs)
    // An earlier attempt has handed over already.
    const handedOver = await em.findOne(SynchRun, {
      mappingId: found.mappingId,
      status: RunStatus.running,
      kind: { $in: WHOLE_RUNS },
      workflowId: found.workflowId,
      startedAt: null,
    })
    if (handedOver !== null) return { nextRunId: handedOver.id }
    const next = (await queuedRun(em, found)) ?? (await runAfterHint(dependencies, em, found))
    if (next === null) return { nextRunId: null }
    next.status = RunStatus.running
    // It goes on in a new execution of this very workflow; nobody may take it for interrupted meanwhile.
    next.workflowId = found.workflowId
    await em.flush()
    return { nextRunId: next.id }
  })
}

/** The run queued behind this one. Locked: a person may be cancelling it. */
async function queuedRun(em: EntityManager, found: SynchRun): Promise<SynchRun | null> {
  return em.findOne(
    SynchRun,
    { mappingId: found.mappingId, status: RunStatus.queued, kind: { $in: WHOLE_RUNS } },
    { orderBy: { requestedAt: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE },
  )
}

/** A change was hinted at while this run was under way, and it may have read past it: one more run. */
async function runAfterHint(
  dependencies: ActivityDependencies,
  em: EntityManager,
  found: SynchRun,
): Promise<SynchRun | null> {
  if (!dependencies.settings.schedules || found.status !== RunStatus.completed) return null
  const mapping = await em.findOneOrFail(Mapping, { id: found.mappingId })
  const connection = await em.findOneOrFail(Connection, { id: mapping.connectionId })
  const hinted = mapping.hintedAt?.getTime() ?? 0
  if (mapping.pausedAt || connection.pausedAt || hinted <= (found.startedAt?.getTime() ?? 0)) return null
  if (await isHeldByFullSynch(em, mapping.id)) return null
  const { run } = await requestRun(em, {
    mappingId: mapping.id,
    kind: RunKind.scheduled,
    mode: 'MODIFIED',
    direction: null,
    requestedBy: 'hint',
  })
  return run
}

/** Business Central's inactivity timeout: see {@link sleepAfter}. */
async function fallAsleepOrWake(
  em: EntityManager,
  mappingId: string,
  jobs: readonly SynchJob[],
): Promise<void> {
  const mapping = await em.findOneOrFail(Mapping, { id: mappingId })
  const [pending] = await execute<{ count: string }>(
    em,
    sql`select count(*)::text as count from record_state where mapping_id = ${mappingId} and state = 'PENDING'`,
  )
  const wroteOrFailed = jobs.reduce(
    (sum, job) => sum + job.inserted + job.modified + job.deleted + job.failed + job.conflicts,
    0,
  )
  const until = sleepAfter(
    { wroteOrFailed, pending: Number(pending?.count ?? 0) },
    mapping.definition.inactivityTimeoutMinutes,
    await databaseClock(em),
  )
  mapping.sleepsUntil = until === null ? null : new Date(until)
  await em.flush()
}

/** A failure of a whole pass, of no record in particular. */
export function runError(failure: Failure) {
  return {
    recordKey: RUN_KEY,
    couplingId: null,
    failure,
    table: '',
    sourceSide: null,
    sourceId: null,
    sourceName: null,
    destinationId: null,
    destinationName: null,
    detail: null,
  }
}
