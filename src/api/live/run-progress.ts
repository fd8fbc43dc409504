import type { PassDirection } from '../../domain/mapping.js'
import type { RunScope } from '../../domain/run.js'
import { FullSynchLine } from '../../persistence/entities/full-synch.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import type { ApiContext } from '../context.js'
import { lookedAt } from '../full-synch/progress.js'
import type { RunProgressType } from './live.type.js'

/** How far the passes of a run are. */
export async function progressOfRun(
  { em, loaders }: Pick<ApiContext, 'em' | 'loaders'>,
  run: SynchRun,
): Promise<RunProgressType> {
  const jobs = await loaders.jobsOfRun.load(run.id)
  const line = await em.findOne(FullSynchLine, { runId: run.id }, { disableIdentityMap: true })
  const chosen = run.scope ? sizeOf(run.scope) : null
  const now = Date.now()
  return {
    run,
    passes: jobs.map((job) => {
      const done = lookedAt(job)
      const total = chosen ?? countOf(line, job.direction)
      const isOver = Boolean(job.finish)
      const seconds = ((job.finish?.getTime() ?? now) - job.start.getTime()) / 1000
      const rate = done === 0 || seconds < 1 ? null : done / seconds
      return {
        job,
        done,
        total: total === null ? null : Math.max(total, done),
        rate,
        secondsLeft: isOver ? 0 : timeLeft(done, total, rate),
      }
    }),
  }
}

function timeLeft(done: number, total: number | null, rate: number | null): number | null {
  if (total === null || rate === null) return null
  return Math.ceil(Math.max(0, total - done) / rate)
}

/** Records that were counted for a full synchronization, of which the run is a part. */
function countOf(line: FullSynchLine | null, direction: PassDirection): number | null {
  return (direction === 'TO_INTEGRATION_TABLE' ? line?.localCount : line?.integrationCount) ?? null
}

/** Records that a person chose; null: it is not known before they are read. */
function sizeOf(scope: RunScope): number | null {
  switch (scope.kind) {
    case 'forced':
    case 'resolve':
    case 'merge':
    case 'restore':
    case 'delete':
    case 'plan':
    case 'repair':
    case 'uncouple':
      return scope.couplingIds.length
    case 'retry':
      return scope.couplingIds.length + scope.records.length
    case 'couple':
      return scope.pairs.length
    case 'create':
      return scope.ids.length
    default:
      return null
  }
}
