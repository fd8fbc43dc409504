import { proxyActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import { LONGEST_STEP } from '../domain/patience.js'
import { failureOf } from './failure-of.js'
import type { RehearseInput, RehearseResult } from './messages.js'

/** Somebody waits for the answer: a few more attempts, and the failure is told. */
const { rehearse: carryOut } = proxyActivities<Pick<Activities, 'rehearse'>>({
  startToCloseTimeout: LONGEST_STEP,
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 3 },
})

const { endRehearsal } = proxyActivities<Pick<Activities, 'endRehearsal'>>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
})

/** Has a worker rehearse a changed mapping, since that reads business systems. The report lies in the database. */
export async function rehearseMapping(input: RehearseInput): Promise<RehearseResult> {
  try {
    await carryOut(input)
    return { failure: null }
  } catch (error) {
    const failure = failureOf(error)
    if (failure === null) throw error
    await endRehearsal({ ...input, failure })
    return { failure }
  }
}
