import { ParentClosePolicy, startChild } from '@temporalio/workflow'
import { workflowIdOf } from '../domain/run.js'
import { RUN_MAPPING, type RunMappingInput } from './messages.js'

/**
 * Starts the workflow of a run that a step has asked for; it goes its own way. Harmless when somebody else has started it.
 */
export async function startRunApart(runId: string): Promise<void> {
  try {
    await startChild(RUN_MAPPING, {
      workflowId: workflowIdOf(runId),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [{ runId, mappingId: null } satisfies RunMappingInput],
    })
  } catch (error) {
    // The class is not among those that Temporal gives to workflows.
    if (!(error instanceof Error) || error.name !== 'WorkflowExecutionAlreadyStartedError') throw error
  }
}
