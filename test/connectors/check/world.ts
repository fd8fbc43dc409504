import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { pino } from 'pino'
import { checkSystems } from '../../../src/activities/check-systems.js'
import { SharedConnectors } from '../../../src/connector-source.js'
import { MemoryGovernorStore, SharedGovernor } from '../../../src/connectors/shared-governor.js'
import { CUSTOMER } from '../../../src/domain/catalog/business-central.js'
import { ACCOUNT } from '../../../src/domain/catalog/dataverse.js'
import { CUSTOMER_MAPPING } from '../../../src/domain/catalog/default-mappings.js'
import type { MappedTables } from '../../../src/domain/checked-tables.js'
import type { Finding } from '../../../src/domain/finding.js'
import type { TableDefinition } from '../../../src/domain/schema.js'
import { Side } from '../../../src/domain/value.js'
import {
  CLIENT,
  dropDatabase,
  records,
  freshDatabaseUrl,
  startTestSandbox,
  type TestSandbox,
} from '../../sandbox/support.js'
import { SERVER_KEY } from '../support/server-certificates.js'
import { startScriptedServer, type Script } from '../support/scripted-server.js'

export type Settings = Readonly<Record<string, unknown>>

/** Both sandboxes with the demo's records, and a connection between them of which one test after the other spoils something. */
export class World {
  private readonly undone: (() => Promise<unknown>)[] = []
  private settings: Record<Side, Settings>
  mapped: MappedTables = mapped(CUSTOMER, ACCOUNT)
  readonly secret = CLIENT.secret

  private constructor(
    readonly running: TestSandbox,
    private readonly businessCentralDatabaseUrl: string,
    private readonly dataverseDatabaseUrl: string,
  ) {
    this.settings = this.goodSettings()
  }

  static async start(): Promise<World> {
    const [businessCentralDatabaseUrl, dataverseDatabaseUrl] = [
      freshDatabaseUrl('check_bc'),
      freshDatabaseUrl('check_dv'),
    ]
    const running = await startTestSandbox({ demo: true, businessCentralDatabaseUrl, dataverseDatabaseUrl })
    return new World(running, businessCentralDatabaseUrl, dataverseDatabaseUrl)
  }

  async stop(): Promise<void> {
    await this.running.close()
    await dropDatabase(this.businessCentralDatabaseUrl)
    await dropDatabase(this.dataverseDatabaseUrl)
  }

  /** As it was before a test. */
  async mend(): Promise<void> {
    for (const undo of this.undone.splice(0).toReversed()) await undo()
    this.settings = this.goodSettings()
    this.mapped = mapped(CUSTOMER, ACCOUNT)
  }

  /** Sets a switch of a sandbox until the test is over. */
  async turn(system: 'businessCentral' | 'dataverse', name: string, body: object): Promise<void> {
    await this.running.turn(system, name, body)
    this.undone.push(() => this.running.release(system, name))
  }

  /** All matching requests are answered so until the test is over. */
  async fault(system: 'businessCentral' | 'dataverse', path: string, action: object): Promise<void> {
    await this.running.fault(system, { path, times: null, action })
    const address = `${this.running.sandbox[system].origin}/sandbox/faults`
    this.undone.push(() => fetch(address, { method: 'DELETE' }))
  }

  refuse(
    system: 'businessCentral' | 'dataverse',
    path: string,
    status: number,
    code: string,
    message = 'No.',
  ) {
    return this.fault(system, path, { kind: 'status', status, code, message })
  }

  set(side: Side, change: Settings): void {
    this.settings[side] = { ...this.settings[side], ...change }
  }

  signIn(side: Side, change: Settings): void {
    this.set(side, { signIn: { ...(this.settings[side]['signIn'] as Settings), ...change } })
  }

  /** Another registered application, beside the first. */
  furtherSignIn(side: Side, change: Settings): void {
    const signIn = { ...(this.settings[side]['signIn'] as Settings), ...change }
    this.set(side, { furtherSignIns: [signIn] })
  }

  /** Signs in to Dataverse by name and password, as a user with whom this is wrong. */
  async user(state: string): Promise<void> {
    const user = { username: 'integration@northwind.test', password: 'a password of the tests' }
    await this.turn('dataverse', 'sign-in', { ...user, state })
    this.signIn(Side.integration, { kind: 'password', ...user })
  }

  /** A server that answers as a test says. */
  async serve(script: Script): Promise<string> {
    const server = await startScriptedServer(script)
    this.undone.push(async () => server[Symbol.asyncDispose]())
    return server.url
  }

  /** Whoever asks Microsoft Entra for a token is refused so. */
  async entra(number: number, error = 'invalid_grant', status = 400): Promise<void> {
    const body = {
      error,
      error_description: `AADSTS${number}: As in the documentation.\r\nTrace ID: 1`,
      error_codes: [number],
      trace_id: 'trace-1',
      correlation_id: 'correlation-1',
    }
    const url = await this.serve(() => ({ status, body: JSON.stringify(body) }))
    this.signIn(Side.integration, { tokenUrl: `${url}/tenant/oauth2/v2.0/token` })
  }

  /** Address of a server with this certificate. */
  async certified(certificate: string): Promise<string> {
    const server = createServer({ key: SERVER_KEY, cert: certificate }, (_request, response) =>
      response.end(),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    this.undone.push(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })
    return `https://localhost:${(server.address() as AddressInfo).port}/api/data/v9.2`
  }

  /** Changes what no client of Business Central can: the company's own settings. */
  async localCurrency(code: string): Promise<void> {
    const [before] = await this.inBusinessCentral('select "currencyCode" as code from "companyInformation"')
    await this.inBusinessCentral('update "companyInformation" set "currencyCode" = $1', [code])
    this.undone.push(() =>
      this.inBusinessCentral('update "companyInformation" set "currencyCode" = $1', [before?.code ?? '']),
    )
  }

  /** A currency that a customer is in and that Dataverse does not have. */
  async foreignCurrency(): Promise<string> {
    const known = await this.running.dataverse.get('transactioncurrencies?$select=isocurrencycode')
    const codes = new Set(records(known).map((row) => row['isocurrencycode']))
    const customers = await this.running.businessCentral.get('customers?$select=currencyCode')
    const code = records(customers)
      .map((row) => String(row['currencyCode']))
      .find((currency) => !codes.has(currency))
    if (code === undefined) throw new Error('Dataverse has the currencies of all customers.')
    return code
  }

  /** What a check finds. */
  async check(): Promise<readonly Finding[]> {
    const governor = new SharedGovernor(new MemoryGovernorStore())
    const connectors = new SharedConnectors((kept) => kept, pino({ level: 'silent' }), governor)
    const connection = {
      id: '00000000-0000-4000-8000-000000000001',
      name: 'checked',
      localSystem: { kind: 'BUSINESS_CENTRAL', settings: this.settings[Side.local] },
      integrationSystem: { kind: 'DATAVERSE', settings: this.settings[Side.integration] },
    } as const
    try {
      return await checkSystems({ connectors, now: Date.now }, connection, [this.mapped])
    } finally {
      await connectors.close()
    }
  }

  private goodSettings(): Record<Side, Settings> {
    const { businessCentral, dataverse, tokenUrl } = this.running.sandbox
    const signIn = (scope: string): Settings => ({
      kind: 'clientSecret',
      tokenUrl,
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      scope,
    })
    return {
      [Side.local]: {
        url: businessCentral.url,
        companyId: businessCentral.companyId,
        customApi: 'accord/synchronization/v1.0',
        signIn: signIn('https://api.businesscentral.dynamics.com/.default'),
      },
      [Side.integration]: { url: dataverse.url, signIn: signIn(`${dataverse.origin}/.default`) },
    }
  }

  private async inBusinessCentral(text: string, values: readonly string[] = []): Promise<{ code: string }[]> {
    const client = new pg.Client({ connectionString: this.businessCentralDatabaseUrl })
    await client.connect()
    try {
      return (await client.query<{ code: string }>(text, [...values])).rows
    } finally {
      await client.end()
    }
  }
}

/** The customers' mapping, as far reaching as it can be, between these tables. */
export function mapped(local: TableDefinition, integration: TableDefinition): MappedTables {
  return {
    definition: { ...CUSTOMER_MAPPING, onlyCoupled: false, deletionConflictPolicy: 'DELETE_OTHER_RECORD' },
    tables: { [Side.local]: local, [Side.integration]: integration },
  }
}

/** A table with another definition of one field. */
export function withField(table: TableDefinition, name: string, change: object): TableDefinition {
  return {
    ...table,
    fields: table.fields.map((field) => (field.name === name ? { ...field, ...change } : field)),
  }
}
