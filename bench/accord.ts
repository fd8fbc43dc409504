import { setTimeout as delay } from 'node:timers/promises'
import { join } from 'node:path'
import { packageRoot } from '../src/embedded/package-root.js'
import type { PassDirection } from '../src/domain/mapping.js'
import { RunKind, RunMode, RunStatus } from '../src/domain/run.js'
import { migrate, openDatabase, type Database } from '../src/persistence/database.js'
import { DEMO_CONNECTION, ensureDemo } from '../src/persistence/demo.js'
import { Connection } from '../src/persistence/entities/connection.js'
import { Mapping } from '../src/persistence/entities/mapping.js'
import { SynchJob } from '../src/persistence/entities/synch-job.js'
import { SynchRun } from '../src/persistence/entities/synch-run.js'
import { requestRun } from '../src/persistence/runs.js'
import { TemporalRunControl } from '../src/temporal/temporal-run-control.js'
import { Child } from './child.js'
import type { Cleanup } from './cleanup.js'
import { SANDBOX_SECRET, type Sandboxes } from './sandboxes.js'
import type { Servers } from './servers.js'

/** The smallest delay that still is one: a pass reads again what was stamped a second before its clock. */
const COMMIT_DELAY_SECONDS = 1
const LONGEST_RUN_MILLISECONDS = 3_600_000

export interface FinishedRun {
  readonly run: SynchRun
  readonly jobs: readonly SynchJob[]
}

/** What a benchmark wants otherwise. */
export interface AccordOptions {
  /** Settings of the connection to Dataverse besides those of the demo. */
  readonly dataverse?: Readonly<Record<string, unknown>>
  /** Workers, each a process of its own; 1 unless given. */
  readonly workers?: number
}

/** Accord with its workers in processes of their own, and this process in the place of the API. */
export interface Accord {
  readonly worker: Child
  readonly stateDatabase: string
  readonly control: TemporalRunControl
  /** Runs a mapping and waits for its end. Throws when it fails. */
  synchronize(mapping: string, direction?: PassDirection): Promise<FinishedRun>
  /** Waits until a pass that starts now moves its watermark past everything stamped before this call. */
  commitDelay(): Promise<void>
  stop(): Promise<void>
}

export async function startAccord(
  servers: Servers,
  cleanup: Cleanup,
  name: string,
  sandboxes: Sandboxes,
  options: AccordOptions = {},
): Promise<Accord> {
  const { facts } = sandboxes
  return startAccordWith(
    servers,
    cleanup,
    name,
    { BENCH_SANDBOX_SECRET: SANDBOX_SECRET },
    async (database) => {
      await ensureDemo(database.em.fork(), {
        businessCentralUrl: facts.businessCentral.url,
        companyId: facts.businessCentral.companyId,
        dataverseUrl: facts.dataverse.url,
        tokenUrl: facts.tokenUrl,
        clientId: facts.clientId,
        clientSecret: 'env:BENCH_SANDBOX_SECRET',
      })
      if (options.dataverse !== undefined) await addSettings(database, options.dataverse)
    },
    options,
  )
}

/** The same for any systems. `prepare` makes the connection and its mappings in a database that is migrated. */
export async function startAccordWith(
  servers: Servers,
  cleanup: Cleanup,
  name: string,
  environment: Readonly<Record<string, string>>,
  prepare: (database: Database) => Promise<void>,
  options: Pick<AccordOptions, 'workers'> = {},
): Promise<Accord> {
  const stateDatabase = await servers.createDatabase(`${name}_accord`)
  const database = await openDatabase(stateDatabase)
  cleanup.add(() => database.close(true))
  await migrate(database, stateDatabase)
  await prepare(database)
  const temporal = {
    address: servers.temporalAddress,
    namespace: 'default',
    taskQueue: name,
    uiUrl: null,
  }
  const control = await TemporalRunControl.connect(temporal, database)
  const startWorker = (number: number): Promise<Child> =>
    Child.start({
      title: `Worker ${number}`,
      script: join(packageRoot(), 'dist', 'src', 'main.js'),
      arguments: ['worker'],
      environment: {
        ACCORD_DATA: join(servers.home, `${name}-${number}`),
        ACCORD_DATABASE_URL: stateDatabase,
        TEMPORAL_ADDRESS: temporal.address,
        ACCORD_TASK_QUEUE: temporal.taskQueue,
        ACCORD_API_TOKEN: 'token-of-the-benchmark',
        ACCORD_COMMIT_DELAY_SECONDS: String(COMMIT_DELAY_SECONDS),
        // A scheduled run must not fall between two measurements.
        ACCORD_SCHEDULES: 'off',
        ...environment,
      },
      logFile: join(servers.home, `${name}-worker-${number}.log`),
    })
  const worker = await startWorker(1)
  cleanup.add(() => worker.stop())
  const others = await Promise.all(
    Array.from({ length: (options.workers ?? 1) - 1 }, (_, index) => startWorker(index + 2)),
  )
  for (const other of others) cleanup.add(() => other.stop())
  return {
    worker,
    stateDatabase,
    control,
    synchronize: (mapping, direction) => synchronize(database, control, worker, mapping, direction ?? null),
    commitDelay: () => passSecond(Date.now() + COMMIT_DELAY_SECONDS * 1000),
    async stop() {
      for (const one of [worker, ...others]) await one.stop()
      // Only here: at an interruption a call may be under way, which a closed channel would have crash this process.
      await control.close()
    },
  }
}

async function addSettings(database: Database, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const em = database.em.fork()
  const connection = await em.findOneOrFail(Connection, { name: DEMO_CONNECTION })
  const { integrationSystem } = connection
  connection.integrationSystem = {
    ...integrationSystem,
    settings: { ...integrationSystem.settings, ...settings },
  }
  await em.flush()
}

async function synchronize(
  database: Database,
  control: TemporalRunControl,
  worker: Child,
  mappingName: string,
  direction: PassDirection | null,
): Promise<FinishedRun> {
  const em = database.em.fork()
  const mapping = await em.findOneOrFail(Mapping, { name: mappingName })
  const { run, isNew } = await em.transactional((transaction) =>
    requestRun(transaction, {
      mappingId: mapping.id,
      kind: RunKind.manual,
      mode: RunMode.modified,
      direction,
      requestedBy: 'bench',
    }),
  )
  if (!isNew) throw new Error(`Another run of ${mappingName} is under way.`)
  await control.start(run.id)
  const ended = await control.waitUntilEnded(run.id, LONGEST_RUN_MILLISECONDS)
  worker.assertAlive()
  if (!ended) throw new Error(`The run of ${mappingName} did not end within an hour.`)
  const fresh = database.em.fork()
  const finished = await fresh.findOneOrFail(SynchRun, { id: run.id })
  if (finished.status !== RunStatus.completed)
    throw new Error(`The run of ${mappingName} ended ${finished.status}: ${finished.message ?? ''}`)
  return { run: finished, jobs: await fresh.find(SynchJob, { runId: run.id }, { orderBy: { start: 'asc' } }) }
}

/** Stamps and clocks are cut to whole seconds, so the second after the moment has to have begun. */
async function passSecond(moment: number): Promise<void> {
  const until = Math.ceil(moment / 1000) * 1000 + 1000
  while (Date.now() < until) await delay(Math.max(1, until - Date.now()))
}
