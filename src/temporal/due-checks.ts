import type { Client } from '@temporalio/client'
import type { Database } from '../persistence/database.js'
import { connectionsToCheck } from '../persistence/connection-checks.js'
import { CHECK_CONNECTION, checkConnectionWorkflowIdOf } from '../workflows/messages.js'

/**
 * Starts a check of every connection whose last one is older than so many hours, and of those that are that old and were never
 * checked. PostgreSQL says which; started by several workers at once it is one. Returns the connections' ids.
 */
export async function startDueChecks(
  client: Client,
  database: Database,
  settings: { readonly taskQueue: string; readonly hours: number },
): Promise<readonly string[]> {
  const due = await connectionsToCheck(database.em.fork(), settings.hours)
  for (const connectionId of due) {
    await client.workflow.start(CHECK_CONNECTION, {
      workflowId: checkConnectionWorkflowIdOf(connectionId),
      taskQueue: settings.taskQueue,
      args: [{ connectionId, requestedBy: 'schedule' }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowExecutionTimeout: '30 minutes',
    })
  }
  return due
}
