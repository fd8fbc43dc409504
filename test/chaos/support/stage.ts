import type { RunMode } from '../../../src/domain/run.js'
import type { PassDirection } from '../../../src/domain/mapping.js'
import { SynchRun } from '../../../src/persistence/entities/synch-run.js'
import { SynchJob } from '../../../src/persistence/entities/synch-job.js'
import { requestRun } from '../../../src/persistence/runs.js'
import { run, sql } from '../../../src/persistence/sql.js'
import type { RunReport } from '../../support/engine.js'
import { TestEngine, type EngineOptions } from '../../support/engine.js'
import { until } from './until.js'
import { WorkerProcess } from './worker-process.js'

type System = 'businessCentral' | 'dataverse'
type Row = Readonly<Record<string, unknown>>

/** A test engine whose workers are processes that can be killed, with eyes on everything by which a moment is chosen. */
export class Stage {
  private readonly workers = new Set<WorkerProcess>()

  private constructor(readonly engine: TestEngine) {}

  static async build(options: EngineOptions = {}): Promise<Stage> {
    const engine = await TestEngine.start({
      ...options,
      worker: false,
      // No run by schedule: the tests say what runs when. A worker that was killed is not waited for longer than needs be.
      engine: { schedules: false, workerTimeoutSeconds: 6, ...options.engine },
    })
    return new Stage(engine)
  }

  async startWorker(): Promise<WorkerProcess> {
    const worker = await WorkerProcess.start(this.engine.config)
    this.workers.add(worker)
    return worker
  }

  async takeDown(): Promise<void> {
    for (const worker of this.workers) await worker.kill()
    await this.engine.stop()
  }

  /** Asks for a run and starts its workflow; whether anybody works on it is another matter. */
  async request(
    name: string,
    mode: RunMode = 'MODIFIED',
    direction: PassDirection | null = null,
  ): Promise<string> {
    const { id: mappingId } = await this.engine.mapping(name)
    const { run: requested } = await this.engine.database.em
      .fork()
      .transactional((em) =>
        requestRun(em, { mappingId, kind: 'MANUAL', mode, direction, requestedBy: 'test' }),
      )
    await this.engine.control.start(requested.id)
    return requested.id
  }

  /** Waits for a run's end by its row, which is the truth whatever became of workflows. */
  async ended(runId: string, longest = 50_000): Promise<RunReport> {
    await until(
      `run ${runId} ends`,
      async () => {
        const { status } = await this.engine.database.em.fork().findOneOrFail(SynchRun, { id: runId })
        return status !== 'RUNNING' && status !== 'QUEUED'
      },
      longest,
    ).catch(async (error: unknown) => {
      throw new Error(`${String(error)} ${JSON.stringify(await this.underWay())}`, { cause: error })
    })
    const em = this.engine.database.em.fork()
    const jobs = await em.find(SynchJob, { runId })
    return {
      run: await em.findOneOrFail(SynchRun, { id: runId }),
      to: jobs.find((job) => job.direction === 'TO_INTEGRATION_TABLE'),
      from: jobs.find((job) => job.direction === 'FROM_INTEGRATION_TABLE'),
    }
  }

  async synchronize(name: string, direction: PassDirection | null = null): Promise<RunReport> {
    return this.ended(await this.request(name, 'MODIFIED', direction))
  }

  /** One number out of Accord's database. */
  async count(table: string, condition = 'true'): Promise<number> {
    const [row] = await run<{ n: number }>(
      this.engine.database.em.fork(),
      sql`select count(*)::int as n from ${sql.raw(table)} where ${sql.raw(condition)}`,
    )
    return row?.n ?? 0
  }

  /** What is left of work under way: all zero once a run has ended in order. */
  async leftovers(): Promise<Readonly<Record<string, number>>> {
    return {
      intents: await this.count('intent'),
      calls: await this.count('intent_call'),
      claims: await this.count('claim'),
      pages: await this.count('synch_page'),
      states: await this.count('record_state'),
      errors: await this.count('integration_synch_error', 'resolved_at is null'),
    }
  }

  /** What is going on, for a message about something that does not end. */
  private async underWay(): Promise<unknown> {
    const em = this.engine.database.em.fork()
    return {
      runs: await run(em, sql`select status, message from synch_run where finished_at is null`),
      pages: await run(em, sql`select number, state from synch_page where state <> 'RECORDED'`),
      intents: await run(
        em,
        sql`select kind, side, sent_at, deadline, answer is not null as answered from intent limit 5`,
      ),
    }
  }

  async setFault(system: System, fault: Row): Promise<void> {
    const answer = await fetch(`${this.engine.sandbox[system].origin}/sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    })
    if (!answer.ok) throw new Error(`The fault was refused: ${await answer.text()}`)
  }

  async clearFaults(system: System): Promise<void> {
    await fetch(`${this.engine.sandbox[system].origin}/sandbox/faults`, { method: 'DELETE' })
  }

  /** Whether every fault set there has acted as often as it was told to. */
  async faultsActed(system: System): Promise<boolean> {
    return (await this.faultsLeft(system)) === 0
  }

  /** How many faults are still to act. */
  async faultsLeft(system: System): Promise<number> {
    const answer = await fetch(`${this.engine.sandbox[system].origin}/sandbox/faults`)
    return ((await answer.json()) as { faults: unknown[] }).faults.length
  }
}
