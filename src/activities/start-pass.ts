import { randomUUID } from 'node:crypto'
import type { UnavailableField } from '../domain/catalog/available.js'
import type { PassDirection } from '../domain/mapping.js'
import { sourceOf } from '../domain/settle.js'
import { otherSide, Side } from '../domain/value.js'
import { clockFall, readFrom } from '../domain/watermark.js'
import { SynchJob } from '../persistence/entities/synch-job.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { NO_COUNTS } from '../persistence/queries/jobs.js'
import type { ActivityDependencies } from './dependencies.js'
import { loadMappingOfRun } from './mapping-context.js'

export interface StartPassInput {
  readonly runId: string
  readonly direction: PassDirection
}

/**
 * Opens the job of a pass: reads the source's clock before the first page (and the other one where the two are compared), and notes where the pass begins to read. Safe to
 * repeat: the job of a run and direction is made once, and its clock stands from then on.
 */
export async function startPass(
  dependencies: ActivityDependencies,
  input: StartPassInput,
): Promise<{ readonly jobId: string }> {
  const em = dependencies.database.em.fork()
  const known = await em.findOne(SynchJob, { runId: input.runId, direction: input.direction })
  if (known !== null) return { jobId: known.id }
  const run = await em.findOneOrFail(SynchRun, { id: input.runId })
  const context = await loadMappingOfRun(dependencies, run)
  const side = sourceOf(input.direction)
  // Newest wins needs to know how far the two clocks are apart, also for chosen records.
  const compares = context.definition.updateConflictPolicy === 'NEWEST_WINS'
  const [measured, otherClock] = await Promise.all([
    run.scope && !compares ? null : context.connectors[side].readClock(),
    compares ? context.connectors[otherSide(side)].readClock() : null,
  ])
  // Neither a run over chosen records nor match-based coupling moves the watermark.
  const clock = run.scope || run.mode === 'COUPLE' ? null : measured
  // Loaded before the clock was read; what a person sets from here on counts from the next pass.
  const { mapping } = context
  const isLocal = side === Side.local
  const before = (isLocal ? mapping.toWatermark : mapping.fromWatermark) ?? null
  const offset = measured === null ? null : measured.at - measured.readAt
  const fall =
    offset === null
      ? 0
      : clockFall((isLocal ? mapping.toClockOffset : mapping.fromClockOffset) ?? null, offset)
  const start = run.mode === 'MODIFIED' ? readFrom(before?.getTime() ?? null, fall) : null
  const setByHand = run.mode === 'MODIFIED' ? mapping.watermarkSetOf(side) : null
  const job = em.create(SynchJob, {
    id: randomUUID(),
    runId: run.id,
    mappingId: run.mappingId,
    direction: input.direction,
    status: 'RUNNING',
    ...NO_COUNTS,
    start: new Date(),
    clockAt: clock === null ? null : new Date(clock.at),
    clockOffset: offset === null ? null : Math.round(offset),
    clockFall: fall,
    tokenExpired: false,
    otherClockOffset: otherClock === null ? null : Math.round(otherClock.at - otherClock.readAt),
    watermarkRevision: isLocal ? mapping.toWatermarkRevision : mapping.fromWatermarkRevision,
    readFrom: start === null ? null : new Date(start),
    skipUntil: setByHand === 'FORWARD' ? before : null,
    message: leftOut(context.unavailable),
  })
  await em.persist(job).flush()
  return { jobId: job.id }
}

/** Said once with every job, so that nobody looks for a value that cannot come. */
function leftOut(unavailable: readonly UnavailableField[]): string | null {
  const [first] = unavailable
  if (first === undefined) return null
  const names = unavailable.map((field) => field.fieldMapping).join(', ')
  return `Not carried, as a table lacks the field: ${names}. ${first.reason}`
}
