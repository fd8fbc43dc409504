import {
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import type { Failure } from '../domain/failure.js'
import type { PassDirection } from '../domain/mapping.js'
import { FIRST_PAUSE, LONGEST_PAUSE, LONGEST_STEP, WORKER_TIMEOUT } from '../domain/patience.js'
import {
  CANCEL_SIGNAL,
  PAUSE_SIGNAL,
  RESUME_SIGNAL,
  type RunMappingInput,
  type RunMappingProgress,
} from './messages.js'
import { failureOf } from './failure-of.js'
import { startRunApart } from './start-run.js'

/** Well before Temporal's limit; a page costs about a dozen events. */
const LONGEST_HISTORY = 6_000

/** The run that is meant: an execution may hand over to the run queued behind it while a signal is on its way. */
const cancelSignal = defineSignal<[runId?: string]>(CANCEL_SIGNAL)
const pauseSignal = defineSignal(PAUSE_SIGNAL)
const resumeSignal = defineSignal(RESUME_SIGNAL)

/** What people have asked of a run that is under way. */
interface Asked {
  /** Of this execution: by its own id, or by Temporal's own tools, which mean whatever is under way. */
  cancelled: boolean
  readonly cancelledRuns: Set<string>
  paused: boolean
  /** The run that is carried out, once that is known. */
  runId?: string
  /** Resumed during this execution: what the run's row said before no longer counts. */
  resumed: boolean
}

/** Bookkeeping touches our own database only: it is worth waiting for, however long. */
const bookkeeping = proxyActivities<Pick<Activities, 'completePass' | 'finishPlan' | 'finishRun'>>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: FIRST_PAUSE, backoffCoefficient: 2, maximumInterval: LONGEST_PAUSE },
})

/** Looks for changes in both systems before a mapping that sleeps wakes, and may have to wait for its turn there. */
const { startRun } = proxyActivities<Pick<Activities, 'startRun'>>({
  startToCloseTimeout: LONGEST_STEP,
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: FIRST_PAUSE, backoffCoefficient: 2, maximumInterval: LONGEST_PAUSE },
})

type Steps = Pick<
  Activities,
  | 'settleIntents'
  | 'startPass'
  | 'fetchChanges'
  | 'compareTimestamps'
  | 'writeChanges'
  | 'recordOutcomes'
  | 'recordPlan'
  | 'findDeletions'
>

/** Steps that talk to the two systems; retried for as long as the run is patient. A dead worker is noticed by its heartbeat. */
function stepsWith(attempts: number, workerTimeout: number): Steps {
  return proxyActivities<Steps>({
    startToCloseTimeout: LONGEST_STEP,
    heartbeatTimeout: workerTimeout,
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
 * writeChanges -> recordOutcomes; at the end of
 * each the deletions it has found. The next page is read while one is written; pages are decided in order. Rows stay in PostgreSQL:
 * only ids and counts pass through here. Cancelling stops after the page at hand and loses nothing.
 */
export async function runMapping(input: RunMappingInput): Promise<void> {
  const asked: Asked = { cancelled: false, cancelledRuns: new Set(), paused: false, resumed: false }
  setHandler(cancelSignal, (runId) => {
    // Without a name whatever is under way is meant, as from Temporal's own tools.
    if (runId === undefined || runId === asked.runId) asked.cancelled = true
    else asked.cancelledRuns.add(runId)
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
  const plan = await startRun({
    runId: input.runId,
    mappingId: input.mappingId,
    workflowId,
    workflowRunId: runId,
  })
  if (plan === null) return
  asked.runId = plan.runId
  if (plan.cancelled || asked.cancelledRuns.has(plan.runId)) asked.cancelled = true
  if (plan.paused && !asked.resumed) asked.paused = true
  const steps = stepsWith(plan.attempts, plan.workerTimeout ?? WORKER_TIMEOUT)
  let direction: PassDirection | null = plan.passes[0] ?? null
  let failure: Failure | null = null
  try {
    if (input.resume === undefined && !plan.dry)
      await startAll((await steps.settleIntents({ runId: plan.runId })).requested)
    for (let pass = input.resume?.pass ?? 0; pass < plan.passes.length && !isCancelled(); pass += 1) {
      direction = plan.passes[pass] ?? null
      if (direction === null) break
      const resumed = input.resume?.pass === pass ? input.resume : null
      const jobId = resumed?.jobId ?? (await steps.startPass({ runId: plan.runId, direction })).jobId
      const next = await runPass(steps, { pass, jobId, page: 1, ...resumed }, plan.dry, asked)
      if (next !== null && !isCancelled())
        await continueAsNew<typeof runMapping>({ runId: plan.runId, mappingId: null, resume: next })
      if (!isCancelled()) await startAll((await bookkeeping.completePass({ jobId })).requested)
    }
    if (!plan.dry) await settleRest(steps, plan.runId, isCancelled)
    else if (!isCancelled()) await bookkeeping.finishPlan({ runId: plan.runId })
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

/**
 * Processes the pages of a pass; then, when all of them are recorded, the deletions it has found. Returns where to go on in a new
 * execution, or null when the pass is through.
 */
async function runPass(
  steps: Steps,
  from: RunMappingProgress,
  dry: boolean,
  asked: Asked,
): Promise<RunMappingProgress | null> {
  let page = from.page
  if (from.deletions !== true) {
    const reached = await runPages(steps, from, dry, asked)
    if (reached.bounded) return { ...from, page: reached.page }
    if (asked.cancelled || dry) return null
    page = reached.page
    if ((await steps.findDeletions({ jobId: from.jobId })).found === 0) return null
  }
  const reached = await runPages(steps, { ...from, page, deletions: true }, dry, asked)
  return reached.bounded ? { ...from, page: reached.page, deletions: true } : null
}

/** `bounded`: the history has grown long, so that a new execution goes on with this page. */
interface Reached {
  readonly page: number
  readonly bounded: boolean
}

async function runPages(
  steps: Steps,
  { jobId, page: first, deletions = false }: RunMappingProgress,
  dry: boolean,
  asked: Asked,
): Promise<Reached> {
  await untilResumed(asked)
  let reading = steps.fetchChanges({ jobId, number: first, deletions })
  for (let number = first; ; number += 1) {
    const page = await reading
    if (page.pageId === null) return { page: number, bounded: false }
    const goesOn = !page.last && !asked.cancelled
    const isShort = workflowInfo().historyLength < LONGEST_HISTORY
    if (goesOn && isShort) {
      reading = steps.fetchChanges({ jobId, number: number + 1, deletions })
      // Awaited at the top of the loop; a failure of this page must not leave it unhandled.
      reading.catch(() => undefined)
    }
    await untilResumed(asked)
    // Of a page that brought only what is known nothing is left to do.
    if (page.rows > 0) await carryOutPage(steps, page.pageId, dry)
    if (!goesOn) return { page: number + 1, bounded: false }
    if (!isShort) return { page: number + 1, bounded: true }
  }
}

async function carryOutPage(steps: Steps, pageId: string, dry: boolean): Promise<void> {
  await steps.compareTimestamps({ pageId })
  if (dry) {
    await steps.recordPlan({ pageId })
    return
  }
  await steps.writeChanges({ pageId })
  await startAll((await steps.recordOutcomes({ pageId })).requested)
}

/** Runs over records whose wait is over, or that others wait for: they go their own way. */
async function startAll(runIds: readonly string[]): Promise<void> {
  for (const runId of runIds) await startRunApart(runId)
}

/** A paused run waits between two pages: nothing is claimed, no request is under way. */
async function untilResumed(asked: Asked): Promise<void> {
  if (asked.paused) await condition(() => !asked.paused || asked.cancelled)
}

/** Creations whose first request may still be running are waited for and settled before the run ends. */
async function settleRest(steps: Steps, runId: string, isCancelled: () => boolean): Promise<void> {
  for (;;) {
    const { comeAgainAt, requested } = await steps.settleIntents({ runId })
    await startAll(requested)
    if (comeAgainAt === null || isCancelled()) return
    await condition(isCancelled, Math.max(1_000, comeAgainAt - Date.now() + 1_000))
    if (isCancelled()) return
  }
}
