import type { EntityManager } from '@mikro-orm/postgresql'
import type { Failure } from '../domain/failure.js'
import type { PassDirection } from '../domain/mapping.js'
import { isFinished, isWhole, RunStatus, WHOLE_RUNS } from '../domain/run.js'
import { sleepAfter } from '../domain/schedule.js'
import { Mapping } from '../persistence/entities/mapping.js'
import { SynchJob } from '../persistence/entities/synch-job.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { releaseClaimsOfRun } from '../persistence/queries/claims.js'
import { forgetSwept } from '../persistence/queries/deletions.js'
import { recordErrors, resolveErrors, RUN_KEY } from '../persistence/queries/errors.js'
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
    if (isFirst) {
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
    await execute(
      em,
      sql`delete from synch_page p using synch_job j where p.job_id = j.id and j.run_id = ${found.id}`,
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
    const queued = await em.findOne(
      SynchRun,
      {
        mappingId: found.mappingId,
        status: RunStatus.queued,
        kind: { $in: WHOLE_RUNS },
      },
      { orderBy: { requestedAt: 'asc' } },
    )
    if (queued === null) return { nextRunId: null }
    queued.status = RunStatus.running
    // It goes on in a new execution of this very workflow; nobody may take it for interrupted meanwhile.
    queued.workflowId = found.workflowId
    await em.flush()
    return { nextRunId: queued.id }
  })
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
