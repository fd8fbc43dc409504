import { LockMode } from '@mikro-orm/postgresql'
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client'
import { bulkActionWorkflowIdOf } from '../domain/bulk-action.js'
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry'
import { isTracing } from '../telemetry/tracing.js'
import { isFinished, RunStatus, workflowIdOf } from '../domain/run.js'
import type { Database } from '../persistence/database.js'
import { BulkAction } from '../persistence/entities/bulk-action.js'
import { FullSynch } from '../persistence/entities/full-synch.js'
import { Reconciliation } from '../persistence/entities/reconciliation.js'
import { Rehearsal } from '../persistence/entities/rehearsal.js'
import { reconciliationWorkflowIdOf } from '../persistence/reconciliations.js'
import { Mapping } from '../persistence/entities/mapping.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import {
  BULK_ACTION,
  CANCEL_SIGNAL,
  FULL_SYNCH,
  fullSynchWorkflowIdOf,
  PAUSE_SIGNAL,
  RECONCILE_MAPPING,
  REHEARSE_MAPPING,
  rehearsalWorkflowIdOf,
  RESUME_SIGNAL,
  RUN_MAPPING,
  WAKE_RECONCILIATION_SIGNAL,
  type BulkActionWorkflowInput,
  type FullSynchWorkflowInput,
  type ReconcileMappingInput,
  type RehearseInput,
  type RunMappingInput,
} from '../workflows/messages.js'
import type { RunControl } from './run-control.js'

/** Business Central pulls a job to thirty seconds from now when a record changes. */
const HINT_DELAY = '30 seconds'

/** Milliseconds for which Temporal may take to say that it is there. */
const PING_DEADLINE = 4_000

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
    const client = new Client({
      connection,
      namespace: settings.namespace,
      // Whoever starts a run is found in its trace.
      ...(isTracing() ? { interceptors: { workflow: [new OpenTelemetryWorkflowClientInterceptor()] } } : {}),
    })
    return new TemporalRunControl(connection, client, settings, database)
  }

  async ping(): Promise<void> {
    await this.connection.withDeadline(Date.now() + PING_DEADLINE, () =>
      this.connection.workflowService.describeNamespace({ namespace: this.settings.namespace }),
    )
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
    const run = await em.transactional(async (transaction) => {
      const found = await transaction.findOne(
        SynchRun,
        { id: runId },
        { lockMode: LockMode.PESSIMISTIC_WRITE },
      )
      if (found === null || isFinished(found.status)) return null
      found.cancelRequestedAt ??= new Date()
      if (found.status !== RunStatus.queued) return found
      found.status = RunStatus.cancelled
      found.finishedAt = new Date()
      return null
    })
    if (run === null) return
    try {
      await this.client.workflow.getHandle(run.workflowId).signal(CANCEL_SIGNAL, runId)
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error
      // Nobody works on it: it was never started, or Temporal has lost it. Its workflow ends it in order: what the run left
      // under way is settled, its pages and claims go.
      await this.client.workflow.signalWithStart(RUN_MAPPING, {
        workflowId: workflowIdOf(runId),
        taskQueue: this.settings.taskQueue,
        args: [{ runId, mappingId: null } satisfies RunMappingInput],
        signal: CANCEL_SIGNAL,
        signalArgs: [runId],
      })
    }
  }

  async pause(runId: string): Promise<void> {
    await this.signal(runId, PAUSE_SIGNAL)
  }

  async resume(runId: string): Promise<void> {
    await this.signal(runId, RESUME_SIGNAL)
  }

  /** Its row says what was asked, so a workflow that is not there (yet) finds it when it starts. */
  private async signal(runId: string, name: string): Promise<void> {
    const run = await this.database.em.fork().findOne(SynchRun, { id: runId })
    if (run === null || run.status !== RunStatus.running) return
    try {
      await this.client.workflow.getHandle(run.workflowId).signal(name)
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error
    }
  }

  async hint(mappingId: string): Promise<void> {
    // Also for a run under way that may have read past the change: another one then follows it.
    await this.database.em.fork().nativeUpdate(Mapping, { id: mappingId }, { hintedAt: new Date() })
    await this.client.workflow.start(RUN_MAPPING, {
      workflowId: `hinted-synch/${mappingId}`,
      taskQueue: this.settings.taskQueue,
      args: [{ runId: null, mappingId } satisfies RunMappingInput],
      // Further changes usually follow the first; one run takes them all.
      startDelay: HINT_DELAY,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    })
  }

  async startFullSynch(input: FullSynchWorkflowInput): Promise<void> {
    await this.client.workflow.start(FULL_SYNCH, {
      workflowId: fullSynchWorkflowIdOf(input),
      taskQueue: this.settings.taskQueue,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    })
  }

  async waitForFullSynch(input: FullSynchWorkflowInput, timeout: number): Promise<boolean> {
    return this.waitForWorkflow(fullSynchWorkflowIdOf(input), timeout)
  }

  async startReconciliation(id: string): Promise<void> {
    await this.client.workflow.start(RECONCILE_MAPPING, {
      workflowId: reconciliationWorkflowIdOf(id),
      taskQueue: this.settings.taskQueue,
      args: [{ reconciliationId: id, mappingId: null } satisfies ReconcileMappingInput],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    })
  }

  async wakeReconciliation(id: string): Promise<void> {
    const found = await this.database.em.fork().findOne(Reconciliation, { id })
    if (found === null) return
    try {
      await this.client.workflow.getHandle(found.workflowId).signal(WAKE_RECONCILIATION_SIGNAL)
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error
    }
  }

  async waitForReconciliation(id: string, timeout: number): Promise<boolean> {
    const found = await this.database.em.fork().findOne(Reconciliation, { id })
    if (found === null || found.status !== 'RUNNING') return true
    return this.waitForWorkflow(found.workflowId, timeout)
  }

  async startBulkAction(id: string): Promise<void> {
    await this.client.workflow.start(BULK_ACTION, {
      workflowId: bulkActionWorkflowIdOf(id),
      taskQueue: this.settings.taskQueue,
      args: [{ actionId: id } satisfies BulkActionWorkflowInput],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    })
  }

  async startRehearsal(id: string): Promise<void> {
    await this.client.workflow.start(REHEARSE_MAPPING, {
      workflowId: rehearsalWorkflowIdOf(id),
      taskQueue: this.settings.taskQueue,
      args: [{ rehearsalId: id } satisfies RehearseInput],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    })
  }

  async waitForRehearsal(id: string, timeout: number): Promise<boolean> {
    return this.waitForWorkflow(rehearsalWorkflowIdOf(id), timeout)
  }

  async waitUntilEnded(runId: string, timeout: number): Promise<boolean> {
    const run = await this.database.em.fork().findOne(SynchRun, { id: runId })
    if (run === null || isFinished(run.status)) return true
    return this.waitForWorkflow(run.workflowId, timeout)
  }

  private async waitForWorkflow(workflowId: string, timeout: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), timeout)
    })
    const ended = this.client.workflow
      .getHandle(workflowId)
      .result()
      // How it ended stands in our own rows.
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
   * was deleted, a workflow was terminated, or a process died between its transaction and the start), full
   * synchronisations, reconciliations, rehearsals and bulk actions. Returns their ids.
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
    for (const full of await em.find(FullSynch, { status: 'RUNNING' })) {
      const input: FullSynchWorkflowInput = { fullSynchId: full.id, phase: 'CARRY_OUT' }
      if (await this.isOpen(fullSynchWorkflowIdOf(input))) continue
      await this.startFullSynch(input)
      interrupted.push(full.id)
    }
    for (const found of await em.find(Reconciliation, { status: 'RUNNING' })) {
      if (await this.isOpen(found.workflowId)) continue
      await this.startReconciliation(found.id)
      interrupted.push(found.id)
    }
    for (const found of await em.find(Rehearsal, { status: 'RUNNING' })) {
      if (await this.isOpen(rehearsalWorkflowIdOf(found.id))) continue
      await this.startRehearsal(found.id)
      interrupted.push(found.id)
    }
    for (const found of await em.find(BulkAction, { status: 'RUNNING' })) {
      if (await this.isOpen(bulkActionWorkflowIdOf(found.id))) continue
      await this.startBulkAction(found.id)
      interrupted.push(found.id)
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
