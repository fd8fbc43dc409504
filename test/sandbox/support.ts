import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

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

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // Answers are read member by member in tests; what a member holds is what the test asserts.
  readonly json: { [name: string]: never } & Record<string, never>
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

/** A client of one sandbox with a token; paths are below `base`, absolute URLs and rooted paths are taken as they are. */
export async function testClient(
  base: string,
  tokenUrl: string,
  clientId: string,
  clientSecret: string,
): Promise<TestClient> {
  const token = await fetch(tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'https://api.businesscentral.dynamics.com/.default',
    }),
  })
  if (!token.ok) throw new Error(`No token: ${token.status} ${await token.text()}`)
  const { access_token: accessToken } = (await token.json()) as { access_token: string }
  return clientWithToken(base, accessToken)
}

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
    const text = await response.text()
    const json = text.startsWith('{') ? (JSON.parse(text) as Reply['json']) : ({} as Reply['json'])
    return { status: response.status, headers: response.headers, text, json }
  }
  return { call, get: (path, headers) => call('GET', path, headers === undefined ? {} : { headers }) }
}
