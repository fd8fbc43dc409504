import {
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  proxyActivities,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import { FIRST_PAUSE, LONGEST_PAUSE, LONGEST_STEP } from '../domain/patience.js'
import { workflowIdOf } from '../domain/run.js'
import { CANCEL_SIGNAL, type BulkActionWorkflowInput } from './messages.js'
import { startRunApart } from './start-run.js'

/** Well before Temporal's limit; a page costs about twenty events. */
const LONGEST_HISTORY = 6_000

const retry = { initialInterval: FIRST_PAUSE, backoffCoefficient: 2, maximumInterval: LONGEST_PAUSE }

/** Touches our own database only: worth waiting for, however long. */
const { advanceBulkAction } = proxyActivities<Pick<Activities, 'advanceBulkAction'>>({
  startToCloseTimeout: '5 minutes',
  retry,
})

/** As long as the runs take; that its worker died is noticed by its heartbeat. */
const { followBulkAction } = proxyActivities<Pick<Activities, 'followBulkAction'>>({
  startToCloseTimeout: LONGEST_STEP,
  heartbeatTimeout: '15 seconds',
  retry,
})

/**
 * An action over many errors, page by page: what needs a system is done by ordinary runs over chosen records. How far it is stands in
 * PostgreSQL, so it can be started anew at any time. Called off, by its row or by Temporal's own tools, it calls off those runs, waits until
 * they have ended after the page at hand, and tells what became of it until then.
 */
export async function bulkAction({ actionId }: BulkActionWorkflowInput): Promise<void> {
  const asked = { cancelled: false }
  CancellationScope.current().cancelRequested.catch(() => {
    asked.cancelled = true
  })
  await CancellationScope.nonCancellable(() => carryOut(actionId, asked))
}

async function carryOut(actionId: string, asked: { readonly cancelled: boolean }): Promise<void> {
  for (;;) {
    const isCancelled = asked.cancelled
    const step = await advanceBulkAction(isCancelled ? { actionId, cancel: true } : { actionId })
    for (const runId of step.start) await startRunApart(runId)
    for (const runId of step.cancel ?? []) await callOff(runId)
    if (step.state === 'OVER') return
    if (step.state === 'WAIT') {
      const followed = followBulkAction({ actionId })
      // Once its row says that it is called off, it ends by itself where there is still somebody to be told.
      await (isCancelled ? followed : Promise.race([followed, condition(() => asked.cancelled)]))
    }
    // The next run of this workflow is not told that it was cancelled: the row is, first.
    if (asked.cancelled === isCancelled && workflowInfo().historyLength > LONGEST_HISTORY)
      await continueAsNew<typeof bulkAction>({ actionId })
  }
}

/** One that was not started yet, or has ended, hears nothing: its row says the same. */
async function callOff(runId: string): Promise<void> {
  try {
    await getExternalWorkflowHandle(workflowIdOf(runId)).signal(CANCEL_SIGNAL, runId)
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error
  }
}
