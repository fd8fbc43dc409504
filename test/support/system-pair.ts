import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { startApi } from '../../src/api/server.js'
import { loadConfig, type ResolvedConfig } from '../../src/config.js'
import { migrate, openDatabase, type Database } from '../../src/persistence/database.js'
import { Connection, type SystemSettings } from '../../src/persistence/entities/connection.js'
import { createRecordExaminer } from '../../src/temporal/record-examiner.js'
import { createTableReader } from '../../src/temporal/table-reader.js'
import { TemporalRunControl } from '../../src/temporal/temporal-run-control.js'
import { runWorker } from '../../src/worker.js'
import { createSettingsKeeper } from '../../src/settings-keeper.js'
import { createInstallation } from '../../src/installation.js'
import { createConnectionChecker } from '../../src/temporal/connection-checker.js'
import { createTestDatabase, temporalAddress } from './environment.js'

type Row = Readonly<Record<string, unknown>>

export interface PairRun {
  readonly id: string
  readonly status: string
  readonly message: string | null
  readonly jobs: readonly PairJob[]
}

export interface PairJob {
  readonly direction: 'TO_INTEGRATION_TABLE' | 'FROM_INTEGRATION_TABLE'
  readonly inserted: number
  readonly modified: number
  readonly deleted: number
  readonly unchanged: number
  readonly skipped: number
  readonly failed: number
  readonly conflicts: number
  readonly ignored: number
}

const RUN = `id status message jobs { direction inserted modified deleted unchanged skipped failed conflicts ignored }`
const ENDED = new Set(['COMPLETED', 'FAILED', 'CANCELLED'])

export interface PairCounts {
  readonly to: Row
  readonly from: Row
}

export type PairParts = readonly [
  database: Database,
  url: string,
  config: ResolvedConfig,
  closers: (() => Promise<unknown>)[],
]

/** Two systems that Accord keeps in agreement, with a worker and the API. */
export class SystemPair {
  protected constructor(
    readonly database: Database,
    readonly url: string,
    private readonly config: ResolvedConfig,
    private readonly closers: (() => Promise<unknown>)[],
  ) {}

  /** `closers` run at the end, the last one first. */
  static async between(
    systems: { readonly localSystem: SystemSettings; readonly integrationSystem: SystemSettings },
    closers: (() => Promise<unknown>)[] = [],
  ): Promise<SystemPair> {
    return new SystemPair(...(await SystemPair.open(systems, closers)))
  }

  protected static async open(
    systems: { readonly localSystem: SystemSettings; readonly integrationSystem: SystemSettings },
    closers: (() => Promise<unknown>)[],
  ): Promise<PairParts> {
    const state = await createTestDatabase('pair')
    closers.push(() => state.drop())
    const defaults = loadConfig({})
    const config: ResolvedConfig = {
      ...defaults,
      logLevel: 'error',
      databaseUrl: state.url,
      temporal: {
        ...defaults.temporal,
        address: temporalAddress(),
        taskQueue: `pair-${randomUUID()}`,
        uiUrl: null,
      },
      api: { ...defaults.api, port: 0, token: 'pair-token' },
      engine: { ...defaults.engine, commitDelaySeconds: 0, unavailablePatienceSeconds: 60 },
    }
    const database = await openDatabase(state.url)
    closers.push(() => database.close(true))
    await migrate(database, state.url)
    const em = database.em.fork()
    const now = new Date()
    em.create(Connection, {
      id: randomUUID(),
      name: 'pair',
      ...systems,
      createdAt: now,
      changedAt: now,
      secretsSetAt: {},
    })
    await em.flush()
    const control = await TemporalRunControl.connect(config.temporal, database)
    closers.push(() => control.close())
    const api = await startApi({
      database,
      runControl: control,
      tableReader: createTableReader(control.client, config.temporal.taskQueue),
      recordExaminer: createRecordExaminer(control.client, config.temporal.taskQueue),
      settingsKeeper: createSettingsKeeper(config),
      installation: createInstallation(config),
      connectionChecker: createConnectionChecker(control.client, config.temporal.taskQueue),
      token: config.api.token,
      host: '127.0.0.1',
      port: 0,
      logger: pino({ level: 'silent' }),
    })
    closers.push(() => api.close())
    const worker = await runWorker(config)
    closers.push(() => worker.stop())
    return [database, api.url, config, closers]
  }

  async stop(): Promise<void> {
    for (const close of this.closers.toReversed()) await close()
  }

  /** A further worker, which keeps house at its start. */
  async startWorker(): Promise<void> {
    const worker = await runWorker(this.config)
    this.closers.push(() => worker.stop())
  }

  async ask<Data>(query: string, variables: Row = {}): Promise<Data> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.config.api.token}` },
      body: JSON.stringify({ query, variables }),
    })
    const body = (await response.json()) as { data?: Data; errors?: unknown }
    if (body.errors !== undefined || body.data === undefined) throw new Error(JSON.stringify(body.errors))
    return body.data
  }

  async map(input: Row): Promise<void> {
    await this.ask(
      `mutation ($input: IntegrationTableMappingInput!) { createIntegrationTableMapping(input: $input, author: "anna") { name } }`,
      { input: { synchOnlyCoupledRecords: false, direction: 'BIDIRECTIONAL', ...input } },
    )
  }

  /** Runs a mapping to its end; the counters that are not zero, by direction. */
  async synchronize(name: string, mode = 'MODIFIED'): Promise<PairCounts> {
    const { synchronizeMapping } = await this.ask<{ synchronizeMapping: PairRun }>(
      `mutation ($name: String!, $mode: RunMode!) { synchronizeMapping(name: $name, mode: $mode) { ${RUN} } }`,
      { name, mode },
    )
    return this.ended(synchronizeMapping)
  }

  /** Searches both tables of a mapping for deletions that no feed reports. */
  async findDeleted(name: string): Promise<PairCounts> {
    const { findDeletedRecords } = await this.ask<{ findDeletedRecords: PairRun }>(
      `mutation ($name: String!) { findDeletedRecords(name: $name) { ${RUN} } }`,
      { name },
    )
    return this.ended(findDeletedRecords)
  }

  private async ended(started: PairRun): Promise<PairCounts> {
    const until = Date.now() + 60_000
    let run = started
    while (!ENDED.has(run.status)) {
      if (Date.now() > until) throw new Error(`The run ${run.id} did not end.`)
      await new Promise((resolve) => setTimeout(resolve, 50))
      run = (await this.ask<{ synchRun: PairRun }>(`{ synchRun(id: "${run.id}") { ${RUN} } }`)).synchRun
    }
    if (run.status !== 'COMPLETED') throw new Error(`The run ended as ${run.status}: ${run.message ?? ''}`)
    const of = (direction: string): Row => {
      const { direction: _, ...counts } = run.jobs.find((job) => job.direction === direction) ?? { direction }
      return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0))
    }
    return { to: of('TO_INTEGRATION_TABLE'), from: of('FROM_INTEGRATION_TABLE') }
  }
}
