import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import type { Failure } from '../domain/failure.js'
import type { PassDirection } from '../domain/mapping.js'
import { FIRST_PAUSE, LONGEST_PAUSE } from '../domain/patience.js'
import {
  CANCEL_SIGNAL,
  PAUSE_SIGNAL,
  RESUME_SIGNAL,
  type RunMappingInput,
  type RunMappingProgress,
} from './messages.js'

/** Well before Temporal's limit; a page costs about a dozen events. */
const LONGEST_HISTORY = 6_000

const cancelSignal = defineSignal(CANCEL_SIGNAL)
const pauseSignal = defineSignal(PAUSE_SIGNAL)
const resumeSignal = defineSignal(RESUME_SIGNAL)

/** What people have asked of a run that is under way. */
interface Asked {
  cancelled: boolean
  paused: boolean
  /** Resumed during this execution: what the run's row said before no longer counts. */
  resumed: boolean
}

/** Bookkeeping touches our own database only: it is worth waiting for, however long. */
const bookkeeping = proxyActivities<Pick<Activities, 'startRun' | 'completePass' | 'finishRun'>>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: FIRST_PAUSE, backoffCoefficient: 2, maximumInterval: LONGEST_PAUSE },
})

type Steps = Pick<
  Activities,
  'settleIntents' | 'startPass' | 'fetchChanges' | 'compareTimestamps' | 'writeChanges' | 'recordOutcomes'
>

/** Steps that talk to the two systems; retried for as long as the run is patient. A dead worker is noticed by its heartbeat. */
function stepsWith(attempts: number): Steps {
  return proxyActivities<Steps>({
    startToCloseTimeout: '30 minutes',
    heartbeatTimeout: '15 seconds',
    retry: {
      initialInterval: FIRST_PAUSE,
      backoffCoefficient: 2,
      maximumInterval: LONGEST_PAUSE,
      maximumAttempts: attempts,
    },
  })
}

/**
 * One run of a mapping: its passes one after the other, To first; in each, per page, fetchChanges -> compareTimestamps ->
 * writeChanges -> recordOutcomes. The next page is read while one is written; pages are decided in order. Rows stay in
 * PostgreSQL: only ids and counts pass through here. Cancelling stops after the page at hand and loses nothing.
 */
export async function runMapping(input: RunMappingInput): Promise<void> {
  const asked: Asked = { cancelled: false, paused: false, resumed: false }
  setHandler(cancelSignal, () => {
    asked.cancelled = true
  })
  setHandler(pauseSignal, () => {
    asked.paused = true
  })
  setHandler(resumeSignal, () => {
    asked.paused = false
    asked.resumed = true
  })
  // A cancellation from Temporal's own tools counts as the signal; the page at hand is finished all the same.
  CancellationScope.current().cancelRequested.catch(() => {
    asked.cancelled = true
  })
  await CancellationScope.nonCancellable(() => carryOut(input, asked))
}

async function carryOut(input: RunMappingInput, asked: Asked): Promise<void> {
  const isCancelled = (): boolean => asked.cancelled
  const { workflowId, runId } = workflowInfo()
  const plan = await bookkeeping.startRun({
    runId: input.runId,
    mappingId: input.mappingId,
    workflowId,
    workflowRunId: runId,
  })
  if (plan === null) return
  if (plan.paused && !asked.resumed) asked.paused = true
  const steps = stepsWith(plan.attempts)
  let direction: PassDirection | null = plan.passes[0] ?? null
  let failure: Failure | null = null
  try {
    if (input.resume === undefined) await steps.settleIntents({ runId: plan.runId })
    for (let pass = input.resume?.pass ?? 0; pass < plan.passes.length && !isCancelled(); pass += 1) {
      direction = plan.passes[pass] ?? null
      if (direction === null) break
      const resumed = input.resume?.pass === pass ? input.resume : null
      const jobId = resumed?.jobId ?? (await steps.startPass({ runId: plan.runId, direction })).jobId
      const next = await runPass(steps, jobId, resumed?.page ?? 1, asked)
      if (next !== null && !isCancelled()) {
        const resume: RunMappingProgress = { pass, jobId, page: next }
        await continueAsNew<typeof runMapping>({ runId: plan.runId, mappingId: null, resume })
      }
      if (!isCancelled()) await bookkeeping.completePass({ jobId })
    }
    await settleRest(steps, plan.runId, isCancelled)
  } catch (error) {
    const found = failureOf(error)
    if (found === null) throw error
    failure = found
  }
  const { nextRunId } = await bookkeeping.finishRun({
    runId: plan.runId,
    status: failure !== null ? 'FAILED' : isCancelled() ? 'CANCELLED' : 'COMPLETED',
    failure,
    direction,
  })
  if (nextRunId !== null) await continueAsNew<typeof runMapping>({ runId: nextRunId, mappingId: null })
}

/** Processes the pages of a pass. Returns the page to go on with in a new execution, or null when the pass is through. */
async function runPass(steps: Steps, jobId: string, first: number, asked: Asked): Promise<number | null> {
  await untilResumed(asked)
  let reading = steps.fetchChanges({ jobId, number: first })
  for (let number = first; ; number += 1) {
    const page = await reading
    if (page.pageId === null) return null
    const goesOn = !page.last && !asked.cancelled
    const bounded = workflowInfo().historyLength < LONGEST_HISTORY
    if (goesOn && bounded) {
      reading = steps.fetchChanges({ jobId, number: number + 1 })
      // Awaited at the top of the loop; a failure of this page must not leave it unhandled.
      reading.catch(() => undefined)
    }
    await untilResumed(asked)
    await steps.compareTimestamps({ pageId: page.pageId })
    await steps.writeChanges({ pageId: page.pageId })
    await steps.recordOutcomes({ pageId: page.pageId })
    if (!goesOn) return null
    if (!bounded) return number + 1
  }
}

/** A paused run waits between two pages: nothing is claimed, no request is under way. */
async function untilResumed(asked: Asked): Promise<void> {
  if (asked.paused) await condition(() => !asked.paused || asked.cancelled)
}

/** Creations whose first request may still be running are waited for and settled before the run ends. */
async function settleRest(steps: Steps, runId: string, isCancelled: () => boolean): Promise<void> {
  for (;;) {
    const { comeAgainAt } = await steps.settleIntents({ runId })
    if (comeAgainAt === null || isCancelled()) return
    await condition(isCancelled, Math.max(1_000, comeAgainAt - Date.now() + 1_000))
    if (isCancelled()) return
  }
}

/** The failure that an activity gave up with; null for anything that is not an activity's failure. */
function failureOf(error: unknown): Failure | null {
  if (isCancellation(error)) return null
  if (!(error instanceof ActivityFailure)) return null
  const cause = error.cause
  if (cause instanceof ApplicationFailure) {
    const [detail] = cause.details ?? []
    if (detail !== undefined) return detail as Failure
  }
  return {
    errorClass: 'UNEXPECTED',
    message: `The step ${error.activityType} failed: ${cause?.message ?? error.message}`,
    cause: 'Accord met a situation that it does not know.',
    remedy: 'Retry the run. If it fails again, report it with the text above and the log of the worker.',
  }
}
