import type { Client } from '@temporalio/client'
import {
  CHECK_CONNECTION,
  checkConnectionWorkflowIdOf,
  type CheckConnectionResult,
  type CheckConnectionWorkflowInput,
} from '../workflows/messages.js'

/** How the API has a worker check a connection. */
export interface ConnectionChecker {
  /**
   * Has it checked, and waits at most `timeout` milliseconds; null: it is not done yet and goes on. Throws when Temporal cannot be
   * reached.
   */
  check(input: CheckConnectionWorkflowInput, timeout: number): Promise<CheckConnectionResult | null>
}

export function createConnectionChecker(client: Client, taskQueue: string): ConnectionChecker {
  return {
    async check(input, timeout) {
      const handle = await client.workflow.start(CHECK_CONNECTION, {
        workflowId: checkConnectionWorkflowIdOf(input.connectionId),
        taskQueue,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowExecutionTimeout: '30 minutes',
      })
      let timer: NodeJS.Timeout | undefined
      const tooLong = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), timeout)
      })
      try {
        return await Promise.race([handle.result() as Promise<CheckConnectionResult>, tooLong])
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
