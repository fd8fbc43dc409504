import type { Connector, WriteOptions, WriteRequest, WriteResult } from '../../../src/connectors/connector.js'
import { createConnector } from '../../../src/connectors/create-connector.js'
import { CUSTOMER } from '../../../src/domain/catalog/business-central.js'
import { ACCOUNT } from '../../../src/domain/catalog/dataverse.js'
import type { SystemKind, TableDefinition } from '../../../src/domain/schema.js'
import type { RunningSandbox } from '../../../sandbox/sandbox.js'
import { startSandbox } from '../../../sandbox/sandbox.js'
import { createTestDatabase } from '../../support/environment.js'

/** Both sandboxes, empty, on free ports with databases of their own. */
export interface TestSandbox extends AsyncDisposable {
  readonly running: RunningSandbox
}

export async function startTestSandbox(): Promise<TestSandbox> {
  const businessCentral = await createTestDatabase('connectors_bc')
  const dataverse = await createTestDatabase('connectors_dv')
  const running = await startSandbox({
    businessCentralDatabaseUrl: businessCentral.url,
    dataverseDatabaseUrl: dataverse.url,
    businessCentralPort: 0,
    dataversePort: 0,
    clientId: '5d1f3f0e-7a0b-4f43-9a2b-6f1f1b1d2c3a',
    clientSecret: 'accord-test-secret',
    demo: false,
  })
  return {
    running,
    async [Symbol.asyncDispose]() {
      await running.close()
      await businessCentral.drop()
      await dataverse.drop()
    },
  }
}

/** One sandbox, a connector to it and a person who edits beside us. */
export interface Bench {
  readonly kind: SystemKind
  readonly table: TableDefinition
  readonly connector: Connector
  /** The same connector, for another table. */
  of(table: TableDefinition): Bench
  /** Sends as a person, not as Accord. Throws when the answer is no success. */
  person(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', id: string | null, body?: object): Promise<unknown>
  /** Lets the next matching requests fail as `POST /sandbox/faults` describes it. */
  fault(fault: object): Promise<void>
  clearFaults(): Promise<void>
  moveClock(milliseconds: number): Promise<void>
}

export async function benchFor(
  kind: SystemKind,
  running: RunningSandbox,
  settings: object = {},
): Promise<Bench> {
  const system = kind === 'BUSINESS_CENTRAL' ? running.businessCentral : running.dataverse
  const scope = `${system.origin}/.default`
  const connector = createConnector(kind, {
    url: system.url,
    signIn: {
      kind: 'clientSecret',
      tokenUrl: running.tokenUrl,
      clientId: running.clientId,
      clientSecret: running.clientSecret,
      scope,
    },
    ...settings,
  })
  const token = await personToken(running, scope)
  const setOf = (table: TableDefinition): string =>
    kind === 'BUSINESS_CENTRAL'
      ? `${system.url}/companies(${running.businessCentral.companyId})/${table.name}`
      : `${system.url}/${table.name}`
  const administer = async (method: string, path: string, body?: object): Promise<void> => {
    const response = await fetch(`${system.origin}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  }
  const benchOf = (table: TableDefinition): Bench => ({
    kind,
    table,
    connector,
    of: benchOf,
    async person(method, id, body) {
      const set = setOf(table)
      const response = await fetch(id === null ? set : `${set}(${id})`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          ...(method === 'PATCH' || method === 'DELETE' ? { 'if-match': '*' } : {}),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method}: ${response.status} ${text}`)
      return text === '' ? null : JSON.parse(text)
    },
    fault: (fault) => administer('POST', '/sandbox/faults', fault),
    clearFaults: () => administer('DELETE', '/sandbox/faults'),
    moveClock: (offset) => administer('POST', '/sandbox/clock', { offset }),
  })
  return benchOf(kind === 'BUSINESS_CENTRAL' ? CUSTOMER : ACCOUNT)
}

export async function personToken(
  running: Pick<RunningSandbox, 'tokenUrl' | 'personClientId' | 'personClientSecret'>,
  scope: string,
): Promise<string> {
  const response = await fetch(running.tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: running.personClientId,
      client_secret: running.personClientSecret,
      scope,
    }),
  })
  if (!response.ok) throw new Error(`No token: ${response.status} ${await response.text()}`)
  const { access_token: token } = (await response.json()) as { access_token: string }
  return token
}

/** Writes and gives the results by ref. */
export async function writeAll(
  { connector, table }: Pick<Bench, 'connector' | 'table'>,
  requests: readonly WriteRequest[],
  returnFields: readonly string[] = [],
  further: Pick<WriteOptions, 'bulkUpdates'> = {},
): Promise<ReadonlyMap<string, WriteResult>> {
  const results = new Map<string, WriteResult>()
  await connector.write(table, requests, {
    ...further,
    returnFields,
    beforeCall: () => Promise.resolve(),
    onResults: (answered) => {
      for (const result of answered) results.set(result.ref, result)
      return Promise.resolve()
    },
  })
  return results
}
