import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { pino } from 'pino'
import type { Connector } from '../../src/connectors/connector.js'
import type { ResolvedConfig } from '../../src/config.js'
import { loadConfig } from '../../src/config.js'
import { MemoryGovernorStore, SharedGovernor } from '../../src/connectors/shared-governor.js'
import { Lane } from '../../src/domain/lane.js'
import { SharedConnectors } from '../../src/connector-source.js'
import { migrate, openDatabase, type Database } from '../../src/persistence/database.js'
import { ensureDemo } from '../../src/persistence/demo.js'
import { Connection } from '../../src/persistence/entities/connection.js'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { SynchJob } from '../../src/persistence/entities/synch-job.js'
import { SynchRun } from '../../src/persistence/entities/synch-run.js'
import { requestRecordsRun, requestRun } from '../../src/persistence/runs.js'
import { TemporalRunControl } from '../../src/temporal/temporal-run-control.js'
import { runWorker } from '../../src/worker.js'
import type { PassDirection } from '../../src/domain/mapping.js'
import type { RunMode, RunScope } from '../../src/domain/run.js'
import { startSandbox, type RunningSandbox, type SandboxOptions } from '../../sandbox/sandbox.js'
import { createTestDatabase, temporalAddress } from './environment.js'
import { keepMainJob } from './main-job.js'
import { Person } from './person.js'

const LONGEST_RUN = 120_000

export interface EngineOptions {
  readonly sandbox?: Partial<Pick<SandboxOptions, 'demo' | 'customers' | 'tokenLifetime' | 'clientSecret'>>
  readonly engine?: Partial<ResolvedConfig['engine']>
  /** `all`: the demo's mappings as they are. Left out: CURRENCY and CUSTOMER, which depends on nothing else then. */
  readonly mappings?: 'all'
  /** Address of a Temporal server of the test's own; without it that of the whole test run. */
  readonly temporal?: string
  /** Without a worker runs are only queued; the test starts its own. */
  readonly worker?: boolean
}

/** A finished run with its jobs' counters, as a person reads them. */
export interface RunReport {
  readonly run: SynchRun
  readonly to: SynchJob | undefined
  readonly from: SynchJob | undefined
}

/**
 * Everything Accord consists of, started for one test file: both sandboxes, a database, a worker on a task queue of its own.
 * The commit delay is zero, so that a pass reads everything stamped up to its own start.
 */
export class TestEngine {
  private constructor(
    readonly config: ResolvedConfig,
    readonly database: Database,
    readonly sandbox: RunningSandbox,
    readonly control: TemporalRunControl,
    /** A person who edits in both systems with an account of his own. */
    readonly person: Person,
    private readonly dataverseDatabaseUrl: string,
    private readonly lost: { dataverse: boolean },
    private readonly closers: (() => Promise<unknown>)[],
  ) {}

  static async start(options: EngineOptions = {}): Promise<TestEngine> {
    const closers: (() => Promise<unknown>)[] = []
    const [state, businessCentral, dataverse] = [
      await createTestDatabase('engine'),
      await createTestDatabase('engine_bc'),
      await createTestDatabase('engine_dv'),
    ]
    closers.push(
      () => state.drop(),
      () => businessCentral.drop(),
      () => dataverse.drop(),
    )
    const sandbox = await startSandbox({
      businessCentralDatabaseUrl: businessCentral.url,
      dataverseDatabaseUrl: dataverse.url,
      businessCentralPort: 0,
      dataversePort: 0,
      clientId: randomUUID(),
      clientSecret: 'engine-test',
      demo: true,
      ...options.sandbox,
    })
    const lost = { dataverse: false }
    closers.push(() => (lost.dataverse ? sandbox.businessCentral.close() : sandbox.close()))
    process.env['ENGINE_TEST_SECRET'] = 'engine-test'
    const defaults = loadConfig({})
    const config: ResolvedConfig = {
      ...defaults,
      logLevel: 'error',
      databaseUrl: state.url,
      temporal: {
        ...defaults.temporal,
        address: options.temporal ?? temporalAddress(),
        taskQueue: `engine-${randomUUID()}`,
        uiUrl: null,
      },
      api: { ...defaults.api, port: 0, token: 'engine-test-token' },
      engine: {
        ...defaults.engine,
        commitDelaySeconds: 0,
        unavailablePatienceSeconds: 60,
        ...options.engine,
      },
    }
    const database = await openDatabase(state.url)
    closers.push(() => database.close(true))
    await migrate(database, state.url)
    await ensureDemo(database.em.fork(), {
      businessCentralUrl: sandbox.businessCentral.url,
      companyId: sandbox.businessCentral.companyId,
      dataverseUrl: sandbox.dataverse.url,
      tokenUrl: sandbox.tokenUrl,
      clientId: sandbox.clientId,
      clientSecret: 'env:ENGINE_TEST_SECRET',
    })
    if (options.mappings !== 'all') await keepMainJob(database)
    const control = await TemporalRunControl.connect(config.temporal, database)
    closers.push(() => control.close())
    const engine = new TestEngine(
      config,
      database,
      sandbox,
      control,
      await Person.arrive(sandbox),
      dataverse.url,
      lost,
      closers,
    )
    if (options.worker !== false) await engine.startWorker()
    return engine
  }

  async startWorker(): Promise<void> {
    const worker = await runWorker(this.config)
    this.closers.push(() => worker.stop())
  }

  async stop(): Promise<void> {
    for (const close of this.closers.toReversed()) await close()
  }

  /** Takes Sales away for the rest of the file: nothing listens at its address any more. */
  async loseDataverse(): Promise<void> {
    this.lost.dataverse = true
    await this.sandbox.dataverse.close()
  }

  /** Changes what Sales holds behind its interface, which would refuse it. */
  async inDataverse(statement: string, parameters: readonly unknown[] = []): Promise<void> {
    const client = new Client({ connectionString: this.dataverseDatabaseUrl })
    await client.connect()
    try {
      await client.query(statement, [...parameters])
    } finally {
      await client.end()
    }
  }

  mapping(name: string): Promise<Mapping> {
    return this.database.em.fork().findOneOrFail(Mapping, { name })
  }

  /** Runs a mapping and waits for its end. */
  async synchronize(
    name: string,
    mode: RunMode = 'MODIFIED',
    direction: PassDirection | null = null,
  ): Promise<RunReport> {
    const mapping = await this.mapping(name)
    const { run, isNew } = await this.database.em
      .fork()
      .transactional((em) =>
        requestRun(em, { mappingId: mapping.id, kind: 'MANUAL', mode, direction, requestedBy: 'test' }),
      )
    if (isNew) await this.control.start(run.id)
    return this.finished(run.id)
  }

  /** Runs over chosen records and waits for the end. */
  async synchronizeRecords(
    name: string,
    scope: RunScope,
    direction: PassDirection | null = null,
  ): Promise<RunReport> {
    const mapping = await this.mapping(name)
    const run = await this.database.em
      .fork()
      .transactional((em) =>
        requestRecordsRun(em, { mappingId: mapping.id, scope, direction, requestedBy: 'test' }),
      )
    await this.control.start(run.id)
    return this.finished(run.id)
  }

  async finished(runId: string): Promise<RunReport> {
    if (!(await this.control.waitUntilEnded(runId, LONGEST_RUN))) throw new Error(`Run ${runId} did not end.`)
    const em = this.database.em.fork()
    const run = await em.findOneOrFail(SynchRun, { id: runId })
    const jobs = await em.find(SynchJob, { runId })
    return {
      run,
      to: jobs.find((job) => job.direction === 'TO_INTEGRATION_TABLE'),
      from: jobs.find((job) => job.direction === 'FROM_INTEGRATION_TABLE'),
    }
  }

  /** The first runs of the demo: currencies, then customers. */
  async firstLoad(): Promise<RunReport> {
    await this.synchronize('CURRENCY')
    return this.synchronize('CUSTOMER')
  }

  /** The connectors of the demo's two systems, for looking at what they hold. */
  async connectors(): Promise<{
    readonly local: Connector
    readonly integration: Connector
    close(): Promise<void>
  }> {
    const connection = await this.database.em.fork().findOneOrFail(Connection, {})
    const governor = new SharedGovernor(new MemoryGovernorStore())
    const shared = new SharedConnectors(() => 'engine-test', pino({ level: 'silent' }), governor)
    return {
      local: shared.of(connection, 'LOCAL', Lane.person),
      integration: shared.of(connection, 'INTEGRATION', Lane.person),
      close: () => shared.close(),
    }
  }
}

/** The counters of a job that are not zero. */
export function counts(job: SynchJob | undefined): Readonly<Record<string, number>> {
  if (job === undefined) return {}
  const { inserted, modified, deleted, unchanged, skipped, failed, conflicts, retried } = job
  const plain = { inserted, modified, deleted, unchanged, skipped, failed, conflicts, retried }
  return Object.fromEntries(Object.entries({ ...plain, ...job.ignored }).filter(([, count]) => count !== 0))
}
