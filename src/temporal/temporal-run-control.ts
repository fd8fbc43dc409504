import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client'
import { isFinished, RunStatus } from '../domain/run.js'
import type { Database } from '../persistence/database.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { workflowIdOf } from '../persistence/runs.js'
import { CANCEL_SIGNAL, RUN_MAPPING, type RunMappingInput } from '../workflows/messages.js'
import type { RunControl } from './run-control.js'

export interface TemporalSettings {
  readonly address: string
  readonly namespace: string
  readonly taskQueue: string
  readonly uiUrl: string | null
}

/** Reaches the workflows of runs. The only holder of a Temporal client, besides the schedules made with it. */
export class TemporalRunControl implements RunControl {
  private constructor(
    private readonly connection: Connection,
    readonly client: Client,
    private readonly settings: TemporalSettings,
    private readonly database: Database,
  ) {}

  /** Connects. Throws when no Temporal answers at the address. */
  static async connect(settings: TemporalSettings, database: Database): Promise<TemporalRunControl> {
    const connection = await Connection.connect({ address: settings.address, connectTimeout: '10s' })
    const client = new Client({ connection, namespace: settings.namespace })
    return new TemporalRunControl(connection, client, settings, database)
  }

  async start(runId: string): Promise<void> {
    await this.client.workflow.start(RUN_MAPPING, {
      workflowId: workflowIdOf(runId),
      taskQueue: this.settings.taskQueue,
      args: [{ runId, mappingId: null } satisfies RunMappingInput],
      // The run's row decides whether there is anything to do, so a second start finds the first or does nothing.
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    })
  }

  async cancel(runId: string): Promise<void> {
    const em = this.database.em.fork()
    const run = await em.findOne(SynchRun, { id: runId })
    if (run === null || isFinished(run.status)) return
    if (run.status === RunStatus.queued) {
      run.status = RunStatus.cancelled
      run.finishedAt = new Date()
      await em.flush()
      return
    }
    try {
      await this.client.workflow.getHandle(run.workflowId).signal(CANCEL_SIGNAL)
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error
      // Nobody works on it: it was never started, or Temporal has lost it. Its workflow ends it in order: what the run left
      // under way is settled, its pages and claims go.
      await this.client.workflow.signalWithStart(RUN_MAPPING, {
        workflowId: workflowIdOf(runId),
        taskQueue: this.settings.taskQueue,
        args: [{ runId, mappingId: null } satisfies RunMappingInput],
        signal: CANCEL_SIGNAL,
      })
    }
  }

  async waitUntilEnded(runId: string, timeout: number): Promise<boolean> {
    const run = await this.database.em.fork().findOne(SynchRun, { id: runId })
    if (run === null || isFinished(run.status)) return true
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), timeout)
    })
    const ended = this.client.workflow
      .getHandle(run.workflowId)
      .result()
      // How it ended stands in the run's row.
      .then(
        () => true as const,
        () => true as const,
      )
    try {
      return await Promise.race([ended, tooLong])
    } finally {
      clearTimeout(timer)
    }
  }

  urlOf(run: {
    readonly workflowId: string
    readonly workflowRunId: string | null | undefined
  }): string | null {
    const { uiUrl, namespace } = this.settings
    if (uiUrl === null) return null
    const workflow = `${uiUrl.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(run.workflowId)}`
    return run.workflowRunId ? `${workflow}/${run.workflowRunId}/history` : workflow
  }

  /**
   * Starts again what Temporal has lost: runs that are under way by their rows, but have no open workflow (Temporal's data
   * was deleted, a workflow was terminated, or a process died between its transaction and the start). Returns their ids.
   */
  async resumeInterruptedRuns(): Promise<readonly string[]> {
    const em = this.database.em.fork()
    const running = await em.find(SynchRun, { status: RunStatus.running })
    const queued = await em.find(SynchRun, { status: RunStatus.queued })
    const waiting = queued.filter((run) => !running.some((other) => other.mappingId === run.mappingId))
    const interrupted: string[] = []
    for (const run of [...running, ...waiting]) {
      if (await this.isOpen(run.workflowId)) continue
      await this.start(run.id)
      interrupted.push(run.id)
    }
    return interrupted
  }

  private async isOpen(workflowId: string): Promise<boolean> {
    try {
      const description = await this.client.workflow.getHandle(workflowId).describe()
      return description.status.name === 'RUNNING'
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false
      throw error
    }
  }

  async close(): Promise<void> {
    await this.connection.close()
  }
}
