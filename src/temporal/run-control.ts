/**
 * How the API and the command line reach the workflows. The one implementation holds the Temporal client; whoever needs
 * runs takes this.
 */
export interface RunControl {
  /** Starts the workflow of a run whose row exists; starting it twice is harmless. */
  start(runId: string): Promise<void>
  /** Asks the run's workflow to stop after the page at hand. Harmless when it has ended. */
  cancel(runId: string): Promise<void>
  /** Waits until the run's workflow has ended, at most `timeout` milliseconds. Whether it has ended. */
  waitUntilEnded(runId: string, timeout: number): Promise<boolean>
  /** Address of the run's workflow in Temporal's own web interface, or null without one. */
  urlOf(run: {
    readonly workflowId: string
    readonly workflowRunId: string | null | undefined
  }): string | null
}
