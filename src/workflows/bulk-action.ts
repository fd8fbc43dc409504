import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import { FIRST_PAUSE, LONGEST_PAUSE, LONGEST_STEP } from '../domain/patience.js'
import type { BulkActionWorkflowInput } from './messages.js'
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
 * An action over many errors, page by page: what needs a system is done by ordinary runs over chosen records, which go on without it. How
 * far it is stands in PostgreSQL, so it can be started anew at any time.
 */
export async function bulkAction({ actionId }: BulkActionWorkflowInput): Promise<void> {
  for (;;) {
    const step = await advanceBulkAction({ actionId })
    for (const runId of step.start) await startRunApart(runId)
    if (step.state === 'OVER') return
    if (step.state === 'WAIT') await followBulkAction({ actionId })
    if (workflowInfo().historyLength > LONGEST_HISTORY) await continueAsNew<typeof bulkAction>({ actionId })
  }
}
