import { ActivityFailure, proxyActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import { failureOf } from './failure-of.js'
import type { CheckConnectionWorkflowInput, CheckConnectionResult } from './messages.js'

/** Somebody waits for the answer: one more attempt, and the failure is told. */
const { checkConnection: check } = proxyActivities<Pick<Activities, 'checkConnection'>>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 2 },
})

/** Has a worker check a connection, since the API talks to no business system. What was found lies in the database. */
export async function checkConnection(input: CheckConnectionWorkflowInput): Promise<CheckConnectionResult> {
  try {
    const { checkId } = await check(input)
    return { checkId, failure: null }
  } catch (error) {
    const failure = failureOf(error)
    if (failure === null || !(error instanceof ActivityFailure)) throw error
    return { checkId: null, failure }
  }
}
