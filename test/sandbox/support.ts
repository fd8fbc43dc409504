import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import type { RunningSandbox, SandboxOptions } from '../../sandbox/sandbox.js'
import { startSandbox } from '../../sandbox/sandbox.js'

/** URL of a fresh database on the test run's server, created when it is first opened. */
export function freshDatabaseUrl(prefix: string): string {
  const url = new URL(adminUrl())
  url.pathname = `/${prefix}_${randomUUID().replaceAll('-', '').slice(0, 12)}`
  return url.href
}

/** Drops a database that {@link freshDatabaseUrl} named. */
export async function dropDatabase(databaseUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl() })
  await admin.connect()
  try {
    const name = new URL(databaseUrl).pathname.slice(1)
    await admin.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`)
  } finally {
    await admin.end()
  }
}

/** A server on which databases can be created, provided by the global set-up or the environment. */
function adminUrl(): string {
  const url =
    process.env['ACCORD_TEST_DATABASE_URL'] ??
    (inject as (name: string) => string | undefined)('ACCORD_TEST_DATABASE_URL')
  if (url === undefined)
    throw new Error('Set ACCORD_TEST_DATABASE_URL to the URL of a PostgreSQL server for tests.')
  return url
}

export type Entity = Readonly<Record<string, unknown>>

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body where it is a JSON object, else empty. */
  readonly json: Entity
}

/** The records of a page. */
export function records(reply: Reply): Entity[] {
  const value = reply.json['value']
  if (!Array.isArray(value)) throw new Error(`${reply.status} ${reply.text} is no list of records.`)
  return value as Entity[]
}

/** A member that must be text. */
export function text(entity: Entity, name: string): string {
  const value = entity[name]
  if (typeof value !== 'string')
    throw new Error(`${name} is ${JSON.stringify(value)} in ${JSON.stringify(entity)}.`)
  return value
}

/** Code and message of an error body, without the correlation id. */
export function errorOf(reply: Reply): { status: number; code: string; message: string } {
  const error = reply.json['error'] as { code: string; message: string } | undefined
  if (error === undefined) return { status: reply.status, code: '', message: '' }
  const { code, message } = error
  return { status: reply.status, code, message: message.replace(/  CorrelationId:  [0-9a-f-]{36}\.$/, '') }
}

export interface TestSandbox {
  readonly sandbox: RunningSandbox
  /** Below the only company. */
  readonly businessCentral: TestClient
  readonly dataverse: TestClient
  /** The same as another user. */
  readonly personInDataverse: TestClient
  /** Sets a fault; the system is found by the origin. */
  fault(system: 'businessCentral' | 'dataverse', fault: object): Promise<void>
  /** Sets one of the sandbox's own switches; refused ones throw. */
  turn(system: 'businessCentral' | 'dataverse', name: string, body: object): Promise<void>
  /** Clears one of them. */
  release(system: 'businessCentral' | 'dataverse', name: string): Promise<void>
  /** Starts again with the same databases and settings. */
  restart(): Promise<TestSandbox>
  close(): Promise<void>
}

export const CLIENT = { id: 'c1111111-1111-4111-8111-111111111111', secret: 'a secret of the tests' }

/** Both sandboxes with databases of their own, which go with them. */
export async function startTestSandbox(options: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
  const settings: SandboxOptions = {
    businessCentralDatabaseUrl: freshDatabaseUrl('sandbox_bc'),
    dataverseDatabaseUrl: freshDatabaseUrl('sandbox_dv'),
    businessCentralPort: 0,
    dataversePort: 0,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    demo: false,
    ...options,
  }
  const sandbox = await startSandbox(settings)
  const token = await fetchToken(sandbox.tokenUrl, sandbox.clientId, sandbox.clientSecret)
  const personToken = await fetchToken(sandbox.tokenUrl, sandbox.personClientId, sandbox.personClientSecret)
  return {
    sandbox,
    businessCentral: clientWithToken(
      `${sandbox.businessCentral.url}/companies(${sandbox.businessCentral.companyId})`,
      token,
    ),
    dataverse: clientWithToken(sandbox.dataverse.url, token),
    personInDataverse: clientWithToken(sandbox.dataverse.url, personToken),
    async fault(system, fault) {
      const response = await fetch(`${sandbox[system].origin}/sandbox/faults`, {
        method: 'POST',
        body: JSON.stringify(fault),
      })
      if (response.status !== 201) throw new Error(await response.text())
    },
    async turn(system, name, body) {
      const address = `${sandbox[system].origin}/sandbox/${name}`
      const response = await fetch(address, { method: 'POST', body: JSON.stringify(body) })
      if (!response.ok) throw new Error(await response.text())
    },
    async release(system, name) {
      await fetch(`${sandbox[system].origin}/sandbox/${name}`, { method: 'DELETE' })
    },
    async restart() {
      await sandbox.close()
      return startTestSandbox(settings)
    },
    async close() {
      await sandbox.close()
      await dropDatabase(settings.businessCentralDatabaseUrl)
      await dropDatabase(settings.dataverseDatabaseUrl)
    },
  }
}

export interface TestClient {
  call(method: string, path: string, options?: CallOptions): Promise<Reply>
  get(path: string, headers?: Record<string, string>): Promise<Reply>
}

export interface CallOptions {
  readonly body?: unknown
  /** Sent as it is instead of `body`. */
  readonly text?: string
  readonly headers?: Record<string, string>
}

/** An access token by client credentials. */
export async function fetchToken(tokenUrl: string, clientId: string, clientSecret: string): Promise<string> {
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://api.businesscentral.dynamics.com/.default',
  }
  const response = await fetch(tokenUrl, { method: 'POST', body: new URLSearchParams(form) })
  if (!response.ok) throw new Error(`No token: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { access_token: string }).access_token
}

/** A client of one sandbox; paths are below `base`, absolute and rooted ones are taken as they are. */
export function clientWithToken(base: string, token: string | null): TestClient {
  const call = async (method: string, path: string, options: CallOptions = {}): Promise<Reply> => {
    const url = /^https?:/.test(path)
      ? path
      : path.startsWith('/')
        ? new URL(path, base).href
        : `${base}/${path}`
    const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body))
    const response = await fetch(url, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    const received = await response.text()
    const json = received.startsWith('{') ? (JSON.parse(received) as Entity) : {}
    return { status: response.status, headers: response.headers, text: received, json }
  }
  return { call, get: (path, headers) => call('GET', path, headers === undefined ? {} : { headers }) }
}
