import type { Client } from '@temporalio/client'
import {
  DESCRIBE_TABLES,
  describeTablesWorkflowIdOf,
  type DescribeTablesInput,
  type DescribeTablesResult,
} from '../workflows/messages.js'

/** How the API has a worker read the metadata of a business system. */
export interface TableReader {
  /**
   * Has it read into the database, and waits at most `timeout` milliseconds; null: it is not done yet and goes on. Throws when
   * Temporal cannot be reached.
   */
  read(input: DescribeTablesInput, timeout: number): Promise<DescribeTablesResult | null>
}

export function createTableReader(client: Client, taskQueue: string): TableReader {
  return {
    async read(input, timeout) {
      const handle = await client.workflow.start(DESCRIBE_TABLES, {
        workflowId: describeTablesWorkflowIdOf(input),
        taskQueue,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowExecutionTimeout: '10 minutes',
      })
      let timer: NodeJS.Timeout | undefined
      const tooLong = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), timeout)
      })
      try {
        return await Promise.race([handle.result() as Promise<DescribeTablesResult>, tooLong])
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
