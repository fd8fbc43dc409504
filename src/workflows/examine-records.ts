import { proxyActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import { failureOf } from './failure-of.js'
import type { ExamineRecordsInput, ExamineRecordsResult } from './messages.js'

/** Somebody waits for the answer: one more attempt, and the failure is told. */
const { examineRecords: examine } = proxyActivities<Pick<Activities, 'examineRecords'>>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 2 },
})

/** Has a worker read records that a person looks at before he couples them, since the API talks to no business system. */
export async function examineRecords(input: ExamineRecordsInput): Promise<ExamineRecordsResult> {
  try {
    return { examination: await examine(input), failure: null }
  } catch (error) {
    const failure = failureOf(error)
    if (failure === null) throw error
    return { examination: null, failure }
  }
}
