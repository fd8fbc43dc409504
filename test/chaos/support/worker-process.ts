import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ResolvedConfig } from '../../../src/config.js'
import { packageRoot } from '../../../src/embedded/package-root.js'

/** A worker in a process of its own, as in production, so that it can be killed like one. */
export class WorkerProcess {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts the built worker. Resolves once it says that it works; throws when it ends before. */
  static async start(config: ResolvedConfig): Promise<WorkerProcess> {
    const child = spawn(process.execPath, [join(packageRoot(), 'dist', 'src', 'main.js'), 'worker'], {
      // When the test's process dies the channel closes, and the worker ends by itself.
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: {
        ...process.env,
        ACCORD_DATA: join(tmpdir(), `accord-chaos-${process.pid}`),
        ACCORD_DATABASE_URL: config.databaseUrl,
        ACCORD_API_TOKEN: config.api.token,
        TEMPORAL_ADDRESS: config.temporal.address,
        TEMPORAL_NAMESPACE: config.temporal.namespace,
        ACCORD_TASK_QUEUE: config.temporal.taskQueue,
        ACCORD_COMMIT_DELAY_SECONDS: String(config.engine.commitDelaySeconds),
        ACCORD_PAGE_SIZE: String(config.engine.pageSize),
        ACCORD_SCHEDULES: config.engine.schedules ? 'on' : 'off',
        ACCORD_HISTORY_DAYS: String(config.engine.historyDays),
        ACCORD_ERROR_DAYS: String(config.engine.errorDays),
        ACCORD_ALERT_DAYS: String(config.engine.alertDays),
        ACCORD_LIFT_SKIPS: config.engine.liftsSkips ? 'on' : 'off',
        ACCORD_MAXIMUM_ATTEMPTS: String(config.engine.maximumAttempts),
        ACCORD_UNAVAILABLE_PATIENCE_SECONDS: String(config.engine.unavailablePatienceSeconds),
        ACCORD_REQUEST_DEADLINE_SECONDS: String(config.engine.requestDeadlineSeconds),
        ACCORD_WORKER_TIMEOUT_SECONDS: String(config.engine.workerTimeoutSeconds),
        ACCORD_LOG_LEVEL: 'error',
      },
    })
    const ready = await Promise.race([
      once(child, 'message').then(() => true),
      once(child, 'exit').then(() => false),
    ])
    if (!ready) throw new Error(`The worker ended with ${String(child.exitCode)} before it worked.`)
    return new WorkerProcess(child)
  }

  /** SIGKILL: no goodbye, no clean-up. Resolves when the process is gone. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const gone = once(this.child, 'exit')
    this.child.kill('SIGKILL')
    await gone
  }
}
