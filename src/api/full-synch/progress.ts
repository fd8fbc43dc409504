import type { Direction } from '../../domain/mapping.js'
import { directionsOf } from '../../domain/mapping.js'
import type { FullSynchLine } from '../../persistence/entities/full-synch.js'
import type { SynchJob } from '../../persistence/entities/synch-job.js'
import type { FullSynchProgressType } from './full-synch.type.js'

/** How far a line is, from the counters of its jobs. `now`: epoch milliseconds. */
export function progressOf(
  line: FullSynchLine,
  jobs: readonly SynchJob[],
  direction: Direction,
  now: number,
): FullSynchProgressType {
  const done = jobs.reduce((sum, job) => sum + lookedAt(job), 0)
  const counts = directionsOf(direction).map((pass) =>
    pass === 'TO_INTEGRATION_TABLE' ? line.localCount : line.integrationCount,
  )
  const total = counts.some((count) => count === null || count === undefined)
    ? null
    : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)
  const seconds = jobs.reduce(
    (sum, job) => sum + ((job.finish?.getTime() ?? now) - job.start.getTime()) / 1000,
    0,
  )
  // Counted before the run: what was made since, or is looked at by both passes, is on top.
  return {
    done,
    total: total === null ? null : Math.max(total, done),
    rate: done === 0 || seconds < 1 ? null : done / seconds,
  }
}

/** Every record that a job looked at has one counter; Retried is an "of which". */
export function lookedAt(job: SynchJob): number {
  const ignored = Object.values(job.ignored).reduce((sum, count) => sum + count, 0)
  return (
    job.inserted +
    job.modified +
    job.deleted +
    job.unchanged +
    job.skipped +
    job.failed +
    job.conflicts +
    ignored
  )
}
