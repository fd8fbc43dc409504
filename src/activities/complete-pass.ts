import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { RunKind } from '../domain/run.js'
import { sourceOf } from '../domain/settle.js'
import { Side } from '../domain/value.js'
import { nextWatermark } from '../domain/watermark.js'
import { Mapping } from '../persistence/entities/mapping.js'
import { SynchJob } from '../persistence/entities/synch-job.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { forgetHandledBefore } from '../persistence/queries/handled-versions.js'
import { lockMapping } from '../persistence/queries/mapping-locks.js'
import { requestMissing } from '../persistence/dependencies.js'
import type { ActivityDependencies } from './dependencies.js'
import type { RequestedRuns } from './record-outcomes.js'

export interface CompletePassInput {
  readonly jobId: string
}

/**
 * Completes a pass: the watermark moves to the source's clock at the start less the commit delay, even when nothing was
 * read or records failed (they are pending), unless a person set it meanwhile. Safe to repeat: a job completes once, in the
 * transaction that moves the watermark.
 */
export async function completePass(
  dependencies: ActivityDependencies,
  input: CompletePassInput,
): Promise<RequestedRuns> {
  return dependencies.database.em.fork().transactional(async (em) => {
    const job = await em.findOneOrFail(
      SynchJob,
      { id: input.jobId },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    )
    if (job.status !== 'RUNNING') return { requested: [] }
    job.status = 'COMPLETED'
    job.finish = new Date()
    const run = await em.findOneOrFail(SynchRun, { id: job.runId })
    if (run.kind === RunKind.plan) return { requested: [] }
    await moveWatermark(dependencies, em, job, run)
    return { requested: await askForMissing(em, job) }
  })
}

/** What the records of the mapping wait for is asked for first, in the mappings that they depend on. */
async function askForMissing(em: EntityManager, job: SynchJob): Promise<readonly string[]> {
  const mapping = await em.findOneOrFail(Mapping, { id: job.mappingId })
  return requestMissing(em, mapping, mapping.inForce())
}

async function moveWatermark(
  dependencies: ActivityDependencies,
  em: EntityManager,
  job: SynchJob,
  run: SynchRun,
): Promise<void> {
  if (run.scope || !job.clockAt) return
  await lockMapping(em, job.mappingId)
  const mapping = await em.findOneOrFail(Mapping, { id: job.mappingId }, { refresh: true })
  const side = sourceOf(job.direction)
  const isLocal = side === Side.local
  const revision = isLocal ? mapping.toWatermarkRevision : mapping.fromWatermarkRevision
  if (revision !== job.watermarkRevision) return
  const { commitDelay } = dependencies.settings
  const clock = job.clockAt.getTime()
  const before = (isLocal ? mapping.toWatermark : mapping.fromWatermark)?.getTime() ?? null
  const next = new Date(nextWatermark(before, clock, commitDelay, job.clockFall))
  if (isLocal) {
    mapping.toWatermark = next
    mapping.toClockOffset = job.clockOffset ?? null
    mapping.toWatermarkSet = null
    if (job.tokenAfter) {
      mapping.toToken = job.tokenAfter
      mapping.toTokenFields = job.tokenFields ?? null
    }
  } else {
    mapping.fromWatermark = next
    mapping.fromClockOffset = job.clockOffset ?? null
    mapping.fromWatermarkSet = null
    if (job.tokenAfter) {
      mapping.fromToken = job.tokenAfter
      mapping.fromTokenFields = job.tokenFields ?? null
    }
  }
  await em.flush()
  await forgetHandledBefore(em, mapping.id, side, next)
}
