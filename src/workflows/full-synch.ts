import {
  ParentClosePolicy,
  continueAsNew,
  proxyActivities,
  startChild,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import { FIRST_PAUSE, LONGEST_PAUSE, LONGEST_STEP } from '../domain/patience.js'
import { workflowIdOf } from '../domain/run.js'
import { type FullSynchWorkflowInput, type RunMappingInput } from './messages.js'
import { runMapping } from './run-mapping.js'

/** A step costs about eight events. */
const LONGEST_HISTORY = 6_000

const retry = { initialInterval: FIRST_PAUSE, backoffCoefficient: 2, maximumInterval: LONGEST_PAUSE }

const { reviewFullSynch } = proxyActivities<Pick<Activities, 'reviewFullSynch'>>({
  startToCloseTimeout: LONGEST_STEP,
  heartbeatTimeout: '15 seconds',
  retry: { ...retry, maximumAttempts: 5 },
})

const { advanceFullSynch } = proxyActivities<Pick<Activities, 'advanceFullSynch'>>({
  startToCloseTimeout: '1 minute',
  retry,
})

/** Waits for the runs; as long as they take, so it is only noticed by its heartbeat when its worker dies. */
const { followFullSynch } = proxyActivities<Pick<Activities, 'followFullSynch'>>({
  startToCloseTimeout: LONGEST_STEP,
  heartbeatTimeout: '15 seconds',
  retry,
})

/**
 * A full synchronisation: REVIEW makes its list; CARRY_OUT starts the runs in dependency order and waits for them. Everything
 * that counts stands in PostgreSQL, so it can be started anew at any time; its runs go on without it.
 */
export async function fullSynch(input: FullSynchWorkflowInput): Promise<void> {
  const { fullSynchId } = input
  if (input.phase === 'REVIEW') return reviewFullSynch({ fullSynchId })
  for (;;) {
    const step = await advanceFullSynch({ fullSynchId })
    for (const runId of step.start) await startRun(runId)
    if (step.ended) return
    await followFullSynch({ fullSynchId, state: step.state })
    if (workflowInfo().historyLength > LONGEST_HISTORY) await continueAsNew<typeof fullSynch>(input)
  }
}

async function startRun(runId: string): Promise<void> {
  try {
    await startChild(runMapping, {
      workflowId: workflowIdOf(runId),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [{ runId, mappingId: null } satisfies RunMappingInput],
    })
  } catch (error) {
    // Somebody else has started it. The class is not among those that Temporal gives to workflows.
    if (!(error instanceof Error) || error.name !== 'WorkflowExecutionAlreadyStartedError') throw error
  }
}
