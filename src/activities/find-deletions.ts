import { directionsOf, sourceOf } from '../domain/mapping.js'
import { Side } from '../domain/value.js'
import { Mapping } from '../persistence/entities/mapping.js'
import { SynchJob } from '../persistence/entities/synch-job.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { countDeletions, countForReview, putIntoReview } from '../persistence/queries/deletions.js'
import { addCounts, NO_COUNTS } from '../persistence/queries/jobs.js'
import { databaseClock } from '../persistence/sql.js'
import type { ActivityDependencies } from './dependencies.js'
import { withHeartbeat } from './failures.js'
import { loadMappingOfRun, type MappingContext } from './mapping-context.js'
import { sweepRecords } from './sweep-records.js'

const HOUR = 3_600_000

export interface FindDeletionsInput {
  readonly jobId: string
}

/**
 * The end of a pass, when all its pages are recorded: searches for deletions that no feed reports, where it is time to, and counts
 * what was found. Too many at once wait for a person; `found`: how many are to be decided now. Safe to repeat: a deletion is noted
 * once, and what was put into a review is counted in the same transaction.
 */
export async function findDeletions(
  dependencies: ActivityDependencies,
  input: FindDeletionsInput,
): Promise<{ readonly found: number }> {
  const em = dependencies.database.em.fork()
  const job = await em.findOneOrFail(SynchJob, { id: input.jobId })
  const run = await em.findOneOrFail(SynchRun, { id: job.runId })
  // Of records that a person chose, deletions are decided at once; a coupling run leaves coupled records alone.
  if ((run.scope && run.scope.kind !== 'deletions') || run.mode === 'COUPLE') return { found: 0 }
  const context = await loadMappingOfRun(dependencies, run)
  return withHeartbeat(async (beat) => {
    const startedAt = await databaseClock(em)
    const plan = await planSweep(context, job, run, startedAt)
    for (const side of plan.sides) await sweepRecords(context, job.id, side, beat)
    if (plan.setsTime)
      await em.nativeUpdate(Mapping, { id: job.mappingId }, { deletionsFoundAt: new Date(startedAt) })
    if ((await countDeletions(em, job.mappingId)) === 0) return { found: 0 }
    await review(context, job)
    return { found: await countDeletions(em, job.mappingId) }
  })
}

interface SweepPlan {
  readonly sides: readonly Side[]
  /** From now on the hours to the next search are counted. */
  readonly setsTime: boolean
}

/** Which sides are searched: those whose deletions no feed of the mapping reports, when the time has come; all when asked. */
async function planSweep(
  context: MappingContext,
  job: SynchJob,
  run: SynchRun,
  now: number,
): Promise<SweepPlan> {
  const all = [Side.local, Side.integration]
  if (run.scope?.kind === 'deletions') return { sides: run.scope.sweep ? all : [], setsTime: run.scope.sweep }
  const { definition, mapping } = context
  const source = sourceOf(job.direction)
  const missed = job.tokenExpired ? [source] : []
  const hours = definition.findDeletedHours
  if (hours === null) return { sides: missed, setsTime: false }
  const last = mapping.deletionsFoundAt?.getTime() ?? null
  // A mapping begins with nothing coupled: its first search is due as long after its first run as every other one.
  if (last === null) return { sides: missed, setsTime: true }
  if (now < last + hours * HOUR) return { sides: missed, setsTime: false }
  const reported = directionsOf(definition.direction)
    .map(sourceOf)
    .filter((side) => context.connectors[side].changeFeed(context.tables[side]) === 'token')
  return {
    sides: all.filter((side) => !reported.includes(side) || missed.includes(side)),
    setsTime: true,
  }
}

/** More deletions at once than the mapping lets pass wait for a person, and so do those found while others wait. */
async function review(context: MappingContext, job: SynchJob): Promise<void> {
  const { percent, minimum } = context.definition.deletionReview
  await context.em.fork().transactional(async (em) => {
    const counts = await countForReview(em, job.mappingId)
    const isTooMany = counts.found >= minimum && counts.found * 100 > counts.couplings * percent
    if (counts.found === 0 || (!isTooMany && counts.openReview === null)) return
    const put = await putIntoReview(em, job.mappingId, job.runId, counts)
    await addCounts(em, job.id, { ...NO_COUNTS, ignored: { DELETION_REVIEW: put } })
  })
}
