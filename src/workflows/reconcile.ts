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
import { FIRST_PAUSE, LONGEST_PAUSE, LONGEST_STEP, WORKER_TIMEOUT } from '../domain/patience.js'
import { WAKE_RECONCILIATION_SIGNAL, type ReconcileMappingInput } from './messages.js'
import { failureOf } from './failure-of.js'

/** Well before Temporal's limit; a step costs about six events. */
const LONGEST_HISTORY = 6_000

const retry = { initialInterval: FIRST_PAUSE, backoffCoefficient: 2, maximumInterval: LONGEST_PAUSE }

const wakeSignal = defineSignal(WAKE_RECONCILIATION_SIGNAL)

/** Touches our own database only: worth waiting for, however long. */
const bookkeeping = proxyActivities<Pick<Activities, 'startReconciliation' | 'finishReconciliation'>>({
  startToCloseTimeout: '5 minutes',
  retry,
})

type Steps = Pick<Activities, 'scanRecords' | 'examinePairs'>
type Step = Awaited<ReturnType<Activities['scanRecords']>>

interface Asked {
  cancelled: boolean
  /** How often it was told to look at its row again. */
  woken: number
}

/** What became of one part: through, called off, or broken off because the history has grown long. */
type Reached = 'DONE' | 'OVER' | 'BOUNDED'

/**
 * A reconciliation: both tables once, side by side, in pages; then what they did not show to be equal, by id. Where it stands is in
 * PostgreSQL, so it goes on from there in a new execution, or when Temporal's data is gone. It writes nothing outside.
 */
export async function reconcileMapping(input: ReconcileMappingInput): Promise<void> {
  const asked: Asked = { cancelled: false, woken: 0 }
  setHandler(wakeSignal, () => {
    asked.woken += 1
  })
  CancellationScope.current().cancelRequested.catch(() => {
    asked.cancelled = true
  })
  await CancellationScope.nonCancellable(() => carryOut(input, asked))
}

async function carryOut(input: ReconcileMappingInput, asked: Asked): Promise<void> {
  const { workflowId, runId } = workflowInfo()
  const plan = await bookkeeping.startReconciliation({ ...input, workflowId, workflowRunId: runId })
  if (plan === null) return
  const { reconciliationId } = plan
  const steps = proxyActivities<Steps>({
    startToCloseTimeout: LONGEST_STEP,
    heartbeatTimeout: plan.workerTimeout ?? WORKER_TIMEOUT,
    retry: { ...retry, maximumAttempts: plan.attempts },
  })
  let failure: Failure | null = null
  try {
    const scanned = await Promise.all(
      (['LOCAL', 'INTEGRATION'] as const).map((side) =>
        repeat(() => steps.scanRecords({ reconciliationId, side }), asked),
      ),
    )
    const reached = scanned.find((part) => part !== 'DONE')
    const end = reached ?? (await repeat(() => steps.examinePairs({ reconciliationId }), asked))
    if (end === 'BOUNDED') await continueAsNew<typeof reconcileMapping>({ reconciliationId, mappingId: null })
  } catch (error) {
    const found = failureOf(error)
    if (found === null) throw error
    failure = found
  }
  const status = failure !== null ? 'FAILED' : asked.cancelled ? 'CANCELLED' : 'COMPLETED'
  await bookkeeping.finishReconciliation({ reconciliationId, status, failure })
}

/** One step after the other until there is none left; while a person holds it, it waits between two. */
async function repeat(step: () => Promise<Step>, asked: Asked): Promise<Reached> {
  while (!asked.cancelled) {
    if (workflowInfo().historyLength > LONGEST_HISTORY) return 'BOUNDED'
    const before = asked.woken
    const reached = await step()
    if (reached === 'DONE' || reached === 'OVER') return reached
    if (reached === 'PAUSED') await condition(() => asked.woken > before || asked.cancelled)
  }
  return 'OVER'
}
