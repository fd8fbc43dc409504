import { TimeoutFailure, WorkflowFailedError, type Client } from '@temporalio/client'
import {
  EXAMINE_RECORDS,
  examineRecordsWorkflowIdOf,
  type ExamineRecordsInput,
  type ExamineRecordsResult,
} from '../workflows/messages.js'

/** How the API has a worker look at records in the business systems. */
export interface RecordExaminer {
  /** Waits at most `timeout` milliseconds; null: nobody has looked by then. Throws when Temporal cannot be reached. */
  examine(input: ExamineRecordsInput, timeout: number): Promise<ExamineRecordsResult | null>
}

export function createRecordExaminer(client: Client, taskQueue: string): RecordExaminer {
  return {
    async examine(input, timeout) {
      const handle = await client.workflow.start(EXAMINE_RECORDS, {
        workflowId: examineRecordsWorkflowIdOf(input),
        taskQueue,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        // Nobody waits for it any longer.
        workflowExecutionTimeout: timeout,
      })
      let timer: NodeJS.Timeout | undefined
      const tooLong = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), timeout)
      })
      // A workflow that timed out has told nobody either.
      const answered = (handle.result() as Promise<ExamineRecordsResult>).catch((error: unknown) => {
        if (error instanceof WorkflowFailedError && error.cause instanceof TimeoutFailure) return null
        throw error
      })
      try {
        return await Promise.race([answered, tooLong])
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
