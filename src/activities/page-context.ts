import type { Clocks } from '../domain/decide.js'
import { RunKind } from '../domain/run.js'
import { sourceOf } from '../domain/settle.js'
import { Side } from '../domain/value.js'
import { CLOCK_ERROR } from '../domain/watermark.js'
import { SynchJob } from '../persistence/entities/synch-job.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { pageById, type StoredPage } from '../persistence/queries/pages.js'
import type { DecideRowsInput } from './decide-rows.js'
import type { ActivityDependencies } from './dependencies.js'
import { loadMappingOfRun, type MappingContext } from './mapping-context.js'

/** A page with its job, run and mapping. */
export interface PageContext {
  readonly page: StoredPage
  readonly job: SynchJob
  readonly run: SynchRun
  readonly context: MappingContext
  readonly decideInput: Omit<DecideRowsInput, 'rows' | 'claimed'>
}

/** The clocks as the job measured them. */
function clocksOf(job: SynchJob): Clocks {
  const [source, other] = [job.clockOffset ?? null, job.otherClockOffset ?? null]
  return {
    offsets:
      sourceOf(job.direction) === Side.local
        ? { [Side.local]: source, [Side.integration]: other }
        : { [Side.local]: other, [Side.integration]: source },
    error: CLOCK_ERROR,
  }
}

export async function loadPage(dependencies: ActivityDependencies, pageId: string): Promise<PageContext> {
  const em = dependencies.database.em.fork()
  const page = await pageById(em, pageId)
  const job = await em.findOneOrFail(SynchJob, { id: page.jobId })
  const run = await em.findOneOrFail(SynchRun, { id: job.runId })
  const context = await loadMappingOfRun(dependencies, run)
  const watermark =
    sourceOf(job.direction) === Side.local ? context.mapping.toWatermark : context.mapping.fromWatermark
  return {
    page,
    job,
    run,
    context,
    decideInput: {
      pass: job.direction,
      mode: run.mode,
      scope: run.scope ?? null,
      coupling: run.coupling ?? context.definition.coupling,
      jobId: job.id,
      runId: run.id,
      pageId,
      dry: run.kind === RunKind.plan,
      fetchedAt: page.fetchedAt,
      watermark: watermark?.getTime() ?? null,
      clocks: clocksOf(job),
      liftsSkips: dependencies.settings.liftsSkips,
    },
  }
}
