import { pino } from 'pino'
import { startApi } from '../../src/api/server.js'
import { createSettingsKeeper } from '../../src/settings-keeper.js'
import { createInstallation } from '../../src/installation.js'
import { createConnectionChecker } from '../../src/temporal/connection-checker.js'
import { createRecordExaminer } from '../../src/temporal/record-examiner.js'
import { createTableReader } from '../../src/temporal/table-reader.js'
import { TestEngine, type EngineOptions } from './engine.js'

type Row = Readonly<Record<string, unknown>>
type Side = 'LOCAL' | 'INTEGRATION'
type PassDirection = 'TO_INTEGRATION_TABLE' | 'FROM_INTEGRATION_TABLE'

/** A customer and its account, coupled. */
export interface Pair {
  readonly couplingId: string
  readonly customerId: string
  readonly accountId: string
}

export interface Job {
  readonly direction: PassDirection
  readonly status: string
  readonly inserted: number
  readonly modified: number
  readonly deleted: number
  readonly unchanged: number
  readonly skipped: number
  readonly failed: number
  readonly conflicts: number
  readonly ignored: number
  readonly retried: number
  readonly ignoredByReason: readonly { readonly reason: string; readonly count: number }[]
}

export interface Run {
  readonly __typename: string
  readonly id: string
  readonly status: string
  readonly message: string | null
  readonly jobs: readonly Job[]
}

export interface OpenError {
  readonly id: string
  readonly errorClass: string
  readonly message: string
  readonly cause: string
  readonly remedy: string
  readonly field: string | null
  readonly direction: PassDirection
  readonly occurrences: number
  readonly resolvableBy: string
  readonly resolvedAt: string | null
}

export interface Versions {
  readonly local: string | null
  readonly integration: string | null
}

export interface Skipped {
  readonly id: string
  readonly errorClass: string
  readonly message: string
  readonly attempts: number
  readonly conflict: {
    readonly versions: Versions
    readonly fields: readonly {
      readonly name: string
      readonly local: string | null
      readonly integration: string | null
      readonly base: string | null
    }[]
  } | null
}

const RUN = `__typename id status message jobs { direction status inserted modified deleted unchanged skipped failed
  conflicts ignored retried ignoredByReason { reason count } }`
const ERROR =
  'id errorClass message cause remedy field direction occurrences resolvableBy resolvedAt source { id } coupling { id }'
const ENDED = new Set(['COMPLETED', 'FAILED', 'CANCELLED'])
const PATIENCE = 100_000

/** The demo after its first runs, seen as a person sees it: both systems over HTTP, and Accord through GraphQL alone. */
export class Scenario {
  private readonly used = new Set<string>()

  private constructor(
    readonly engine: TestEngine,
    readonly url: string,
    private readonly closeApi: () => Promise<void>,
  ) {}

  /** `quiet: false` leaves the first runs to the test. */
  static async start(options: EngineOptions & { readonly quiet?: boolean } = {}): Promise<Scenario> {
    const engine = await TestEngine.start(options)
    const api = await startApi({
      database: engine.database,
      runControl: engine.control,
      tableReader: createTableReader(engine.control.client, engine.config.temporal.taskQueue),
      recordExaminer: createRecordExaminer(engine.control.client, engine.config.temporal.taskQueue),
      settingsKeeper: createSettingsKeeper(engine.config),
      installation: createInstallation(engine.config),
      connectionChecker: createConnectionChecker(engine.control.client, engine.config.temporal.taskQueue),
      token: engine.config.api.token,
      host: '127.0.0.1',
      port: 0,
      logger: pino({ level: 'silent' }),
    })
    const scenario = new Scenario(engine, api.url, () => api.close())
    if (options.quiet !== false) {
      await scenario.synchronize('CURRENCY')
      await scenario.synchronize()
      await scenario.synchronize()
    }
    return scenario
  }

  async stop(): Promise<void> {
    await this.closeApi()
    await this.engine.stop()
  }

  get person(): TestEngine['person'] {
    return this.engine.person
  }

  /** The data of one GraphQL operation; throws what the API refuses. */
  async ask<Data>(query: string, variables: Row = {}): Promise<Data> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${this.engine.config.api.token}`,
      },
      body: JSON.stringify({ query, variables }),
    })
    const body = (await response.json()) as { data?: Data; errors?: unknown }
    if (body.errors !== undefined || body.data === undefined) throw new Error(JSON.stringify(body.errors))
    return body.data
  }

  /** A settled pair that no test has used yet: its customer pays in `currency`, the local one unless said. */
  async pair(currency = 'USD'): Promise<Pair> {
    const { couplings } = await this.ask<{
      couplings: {
        nodes: readonly {
          id: string
          localRecord: { id: string }
          integrationRecord: { id: string }
        }[]
      }
    }>(
      `{ couplings(first: 500, filter: { mapping: "CUSTOMER", status: [SETTLED] }) { nodes {
        id localRecord { id } integrationRecord { id } } } }`,
    )
    for (const { id, localRecord, integrationRecord } of couplings.nodes) {
      if (this.used.has(id)) continue
      const customer = await this.person.customerById(localRecord.id)
      if (customer?.['currencyCode'] !== currency) continue
      this.used.add(id)
      return { couplingId: id, customerId: localRecord.id, accountId: integrationRecord.id }
    }
    throw new Error(`No settled pair is left whose customer pays in ${currency}.`)
  }

  /** Asks for a run, without waiting. */
  async request(name = 'CUSTOMER', mode = 'MODIFIED', direction: PassDirection | null = null): Promise<Run> {
    const { synchronizeMapping } = await this.ask<{ synchronizeMapping: Run }>(
      `mutation ($name: String!, $mode: RunMode!, $direction: PassDirection) {
        synchronizeMapping(name: $name, mode: $mode, direction: $direction) { ${RUN} } }`,
      { name, mode, direction },
    )
    return synchronizeMapping
  }

  /** Runs a mapping to its end. */
  async synchronize(
    name = 'CUSTOMER',
    mode = 'MODIFIED',
    direction: PassDirection | null = null,
  ): Promise<Run> {
    return this.ended((await this.request(name, mode, direction)).id)
  }

  async run(id: string): Promise<Run> {
    const { synchRun } = await this.ask<{ synchRun: Run }>(
      `query ($id: ID!) { synchRun(id: $id) { ${RUN} } }`,
      {
        id,
      },
    )
    return synchRun
  }

  async ended(id: string): Promise<Run> {
    return this.until(
      () => this.run(id),
      (run) => ENDED.has(run.status),
      `the end of run ${id}`,
    )
  }

  /** Asks until the answer is as wanted. */
  async until<T>(look: () => Promise<T>, wanted: (seen: T) => boolean, what: string): Promise<T> {
    const giveUp = Date.now() + PATIENCE
    for (;;) {
      const seen = await look()
      if (wanted(seen)) return seen
      if (Date.now() > giveUp)
        throw new Error(`Waited in vain for ${what}; last seen: ${JSON.stringify(seen)}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** A person's Synchronize of one record. */
  async synchronizeRecord(
    pair: Pair,
    direction: PassDirection,
    options: { readonly overwrite?: boolean; readonly seenVersions?: Versions } = {},
  ): Promise<Run & { readonly versions?: Versions; readonly message: string | null }> {
    const { synchronizeRecord } = await this.ask<{
      synchronizeRecord: Run & { readonly versions?: Versions }
    }>(
      `mutation ($id: ID!, $direction: PassDirection!, $overwrite: Boolean!, $seen: SeenVersions) {
        synchronizeRecord(couplingId: $id, direction: $direction, overwrite: $overwrite, seenVersions: $seen) {
          __typename
          ... on SynchRun { ${RUN} }
          ... on DestinationChanged { couplingId changed: message versions { local integration } } } }`,
      {
        id: pair.couplingId,
        direction,
        overwrite: options.overwrite ?? false,
        seen: options.seenVersions ?? null,
      },
    )
    return synchronizeRecord
  }

  /** Errors of a pair that stand. */
  async openErrors(pair: Pair): Promise<readonly OpenError[]> {
    return this.errors({ coupling: pair.couplingId, status: 'OPEN' })
  }

  async errors(filter: Row): Promise<readonly OpenError[]> {
    const { integrationSynchErrors } = await this.ask<{
      integrationSynchErrors: { nodes: readonly OpenError[] }
    }>(
      `query ($filter: IntegrationSynchErrorFilter) {
        integrationSynchErrors(first: 500, filter: $filter) { nodes { ${ERROR} } } }`,
      { filter },
    )
    return integrationSynchErrors.nodes
  }

  /** The skipped synch. record of a pair, or null. */
  async skipped(pair: Pair): Promise<Skipped | null> {
    return (await this.allSkipped({ coupling: pair.couplingId }))[0] ?? null
  }

  async allSkipped(filter: Row = { mapping: 'CUSTOMER' }): Promise<readonly Skipped[]> {
    const { skippedSynchRecords } = await this.ask<{ skippedSynchRecords: { nodes: readonly Skipped[] } }>(
      `query ($filter: SkippedSynchRecordFilter) { skippedSynchRecords(first: 500, filter: $filter) { nodes {
        id errorClass message attempts
        conflict { versions { local integration } fields { name local integration base } } } } }`,
      { filter },
    )
    return skippedSynchRecords.nodes
  }

  /** Keeps the changes of one side. */
  async resolve(skippedId: string, keep: Side, seen: Versions | null = null): Promise<Row> {
    const { resolveSkippedSynchRecords } = await this.ask<{ resolveSkippedSynchRecords: readonly Row[] }>(
      `mutation ($ids: [ID!]!, $keep: Side!, $seen: [SeenSkippedSynchRecord!]) {
        resolveSkippedSynchRecords(ids: $ids, keep: $keep, seenVersions: $seen) {
          __typename
          ... on Applied { written runId }
          ... on ChangedSince { runId message versions { local integration } fields { name local integration } }
          ... on Failed { reason message remedy } } }`,
      { ids: [skippedId], keep, seen: seen === null ? null : [{ id: skippedId, ...seen }] },
    )
    return resolveSkippedSynchRecords[0] ?? {}
  }

  /** Changes settings or watermarks of a mapping. */
  async update(input: Row, name = 'CUSTOMER'): Promise<void> {
    await this.ask(
      `mutation ($name: String!, $input: UpdateIntegrationTableMappingInput!) {
        updateIntegrationTableMapping(name: $name, input: $input) { id } }`,
      { name, input },
    )
  }

  async watermarks(name = 'CUSTOMER'): Promise<{ readonly to: string | null; readonly from: string | null }> {
    const { integrationTableMapping: found } = await this.ask<{
      integrationTableMapping: { toWatermark: string | null; fromWatermark: string | null }
    }>(`query ($name: String!) { integrationTableMapping(name: $name) { toWatermark fromWatermark } }`, {
      name,
    })
    return { to: found.toWatermark, from: found.fromWatermark }
  }

  /** Both records as they are now. */
  async records(pair: Pair): Promise<{ readonly customer: Row | null; readonly account: Row | null }> {
    return {
      customer: await this.person.customerById(pair.customerId),
      account: await this.person.accountById(pair.accountId),
    }
  }

  /** The versions of both records as they are now. */
  async versions(pair: Pair): Promise<readonly unknown[]> {
    const { customer, account } = await this.records(pair)
    return [customer?.['@odata.etag'], account?.['@odata.etag']]
  }

  /** Makes a sandbox misbehave: see sandbox/common/faults.ts. */
  async fault(system: 'businessCentral' | 'dataverse', fault: Row): Promise<void> {
    const answer = await fetch(`${this.engine.sandbox[system].origin}/sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    })
    if (!answer.ok) throw new Error(`The sandbox refused the fault: ${await answer.text()}`)
  }

  /** How many faults are still to act. */
  async faultsLeft(system: 'businessCentral' | 'dataverse'): Promise<number> {
    const answer = await fetch(`${this.engine.sandbox[system].origin}/sandbox/faults`)
    return ((await answer.json()) as { faults: unknown[] }).faults.length
  }

  /** Moves a sandbox's clock away from this machine's. */
  async clock(system: 'businessCentral' | 'dataverse', offset: number): Promise<void> {
    const answer = await fetch(`${this.engine.sandbox[system].origin}/sandbox/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ offset }),
    })
    if (!answer.ok) throw new Error(`The sandbox refused the clock: ${await answer.text()}`)
  }

  async clearFaults(): Promise<void> {
    for (const system of ['businessCentral', 'dataverse'] as const)
      await fetch(`${this.engine.sandbox[system].origin}/sandbox/faults`, { method: 'DELETE' })
  }
}

/** The job of a run in one direction. */
export function jobOf(run: Run, direction: 'TO' | 'FROM'): Job | undefined {
  return run.jobs.find((job) => job.direction === `${direction}_INTEGRATION_TABLE`)
}

/** The counters of a job that are not zero. */
export function counted(run: Run, direction: 'TO' | 'FROM'): Readonly<Record<string, number>> {
  const job = jobOf(run, direction)
  if (job === undefined) return {}
  const { inserted, modified, deleted, unchanged, skipped, failed, conflicts, ignored } = job
  const plain = { inserted, modified, deleted, unchanged, skipped, failed, conflicts, ignored }
  return Object.fromEntries(Object.entries(plain).filter(([, count]) => count !== 0))
}
