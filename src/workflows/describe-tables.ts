import { ActivityFailure, ApplicationFailure, proxyActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import type { Failure } from '../domain/failure.js'
import type { DescribeTablesInput, DescribeTablesResult } from './messages.js'

/** Somebody waits for the answer: one more attempt, and the failure is told. */
const { readTables } = proxyActivities<Pick<Activities, 'readTables'>>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 2 },
})

/** Has a worker read metadata of a system into the database, since the API talks to no business system. */
export async function describeTables(input: DescribeTablesInput): Promise<DescribeTablesResult> {
  try {
    await readTables(input)
    return { failure: null }
  } catch (error) {
    if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) throw error
    const [failure] = error.cause.details ?? []
    if (failure === undefined) throw error
    return { failure: failure as Failure }
  }
}
