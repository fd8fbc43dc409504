import type { FullSynchWorkflowInput } from '../workflows/messages.js'

/**
 * How the API and the command line reach the workflows. The one implementation holds the Temporal client; whoever needs
 * runs takes this.
 */
export interface RunControl {
  /** Whether Temporal answers. Throws when it does not. */
  ping(): Promise<void>
  /** Starts the workflow of a run whose row exists; starting it twice is harmless. */
  start(runId: string): Promise<void>
  /** Asks the run's workflow to stop after the page at hand. Harmless when it has ended. */
  cancel(runId: string): Promise<void>
  /** Asks a run that is under way to wait after the page at hand, or to go on. Harmless when it has ended. */
  pause(runId: string): Promise<void>
  resume(runId: string): Promise<void>
  /** Something has changed: a run of the mapping starts by itself in a short while, once for many hints. */
  hint(mappingId: string): Promise<void>
  /** Starts the workflow of a full synchronisation; starting it twice is harmless. */
  startFullSynch(input: FullSynchWorkflowInput): Promise<void>
  /** Waits until that workflow has ended, at most `timeout` milliseconds. Whether it has ended. */
  waitForFullSynch(input: FullSynchWorkflowInput, timeout: number): Promise<boolean>
  /** Starts the workflow of a reconciliation whose row exists; starting it twice is harmless. */
  startReconciliation(id: string): Promise<void>
  /** Has a reconciliation look at its row: it was resumed or called off. Harmless when it has ended. */
  wakeReconciliation(id: string): Promise<void>
  /** Waits until a reconciliation's workflow has ended, at most `timeout` milliseconds. Whether it has ended. */
  waitForReconciliation(id: string, timeout: number): Promise<boolean>
  /** Starts the workflow of a bulk action whose row exists; starting it twice is harmless. */
  startBulkAction(id: string): Promise<void>
  /** Starts the workflow of a rehearsal whose row exists; starting it twice is harmless. */
  startRehearsal(id: string): Promise<void>
  /** Waits until a rehearsal's workflow has ended, at most `timeout` milliseconds. Whether it has ended. */
  waitForRehearsal(id: string, timeout: number): Promise<boolean>
  /** Waits until the run's workflow has ended, at most `timeout` milliseconds. Whether it has ended. */
  waitUntilEnded(runId: string, timeout: number): Promise<boolean>
  /** Address of the run's workflow in Temporal's own web interface, or null without one. */
  urlOf(run: {
    readonly workflowId: string
    readonly workflowRunId: string | null | undefined
  }): string | null
}
