import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import type { SettingsKeeper } from '../../../src/api/connection/settings-keeper.js'
import { NO_PROVIDER, type SignInOptions } from '../../../src/api/sign-in/options.js'
import { recentOf } from '../../../src/api/recent.js'
import { startApi, type ApiDependencies } from '../../../src/api/server.js'
import type { Installation } from '../../../src/api/installation/installation.js'
import { createInstallation } from '../../../src/installation.js'
import { createSettingsKeeper } from '../../../src/settings-keeper.js'
import { migrate, openDatabase, type Database } from '../../../src/persistence/database.js'
import { createTestDatabase } from '../../support/environment.js'
import { createFakeConnectionChecker, type FakeConnectionChecker } from './connection-checker.js'
import { createFakeRecordExaminer, type FakeRecordExaminer } from './record-examiner.js'
import { createRunControl, type FakeRunControl } from './run-control.js'
import { createFakeTableReader, type FakeTableReader } from './table-reader.js'

export const TOKEN = 'a-token-for-tests'
/** The key for stored secrets that the API of the tests has. */
export const SECRET_KEY = randomBytes(32).toString('base64')

/** A failure as a client of the API sees it. */
export interface ApiFailure {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: { readonly code: string; readonly [name: string]: unknown }
}

/** An answer; `Data`: what a test that reaches into it expects of its own question. */
export interface Answer<Data = Readonly<Record<string, unknown>>> {
  readonly status: number
  /** By name of the field asked for; empty when nothing was answered. */
  readonly data: Data
  readonly errors: readonly ApiFailure[]
}

export interface TestApi {
  readonly url: string
  readonly databaseUrl: string
  readonly database: Database
  /** Lines of the API's log. */
  readonly log: readonly string[]
  /** A fresh one for each test: {@link TestApi.reset}. */
  runControl: FakeRunControl
  /** A fresh one for each test: {@link TestApi.reset}. */
  tableReader: FakeTableReader
  recordExaminer: FakeRecordExaminer
  connectionChecker: FakeConnectionChecker
  ask<Data = Readonly<Record<string, unknown>>>(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    token?: string,
  ): Promise<Answer<Data>>
  /** Empties the tables and forgets what was started. */
  reset(): Promise<void>
  close(): Promise<void>
}

/** What an API is held to. */
export interface TestApiOptions extends Partial<
  Pick<ApiDependencies, 'limits' | 'introspection' | 'trustedProxies' | 'installation'>
> {
  readonly statementSeconds?: number
}

/**
 * The API over HTTP on a database of its own, with the workflows faked at their port. `through`: the address at which the
 * API reaches its database, if something stands between.
 */
export async function startTestApi(
  name: string,
  through: (databaseUrl: string) => Promise<string> = async (databaseUrl) => databaseUrl,
  signIn: SignInOptions = NO_PROVIDER,
  { statementSeconds, ...options }: TestApiOptions = {},
): Promise<TestApi> {
  const created = await createTestDatabase(name)
  const database = await openDatabase(await through(created.url), statementSeconds)
  await migrate(database, created.url)
  const log: string[] = []
  const api: TestApi = {
    url: '',
    databaseUrl: created.url,
    database,
    log,
    runControl: createRunControl(),
    tableReader: createFakeTableReader(),
    recordExaminer: createFakeRecordExaminer(),
    connectionChecker: createFakeConnectionChecker(),
    ask: (query, variables, token) => ask(api.url, query, variables, token),
    async reset() {
      api.runControl = createRunControl()
      api.tableReader = createFakeTableReader()
      api.recordExaminer = createFakeRecordExaminer()
      api.connectionChecker = createFakeConnectionChecker()
      log.length = 0
      await database.em
        .fork()
        .execute(
          'truncate idempotency_key, bulk_action, bulk_action_target, connection, access_token, app_user, audit_entry cascade',
        )
      recentOf(database.em).forget()
    },
    async close() {
      await server.close()
      await database.close()
      await created.drop()
    },
  }
  const server = await startApi({
    database,
    runControl: {
      ping: () => api.runControl.ping(),
      start: (id) => api.runControl.start(id),
      cancel: (id) => api.runControl.cancel(id),
      waitUntilEnded: (id, timeout) => api.runControl.waitUntilEnded(id, timeout),
      pause: (id) => api.runControl.pause(id),
      resume: (id) => api.runControl.resume(id),
      hint: (id) => api.runControl.hint(id),
      startFullSynch: (input) => api.runControl.startFullSynch(input),
      waitForFullSynch: (input, timeout) => api.runControl.waitForFullSynch(input, timeout),
      startReconciliation: (id) => api.runControl.startReconciliation(id),
      wakeReconciliation: (id) => api.runControl.wakeReconciliation(id),
      waitForReconciliation: (id, timeout) => api.runControl.waitForReconciliation(id, timeout),
      startBulkAction: (id) => api.runControl.startBulkAction(id),
      startRehearsal: (id) => api.runControl.startRehearsal(id),
      waitForRehearsal: (id, timeout) => api.runControl.waitForRehearsal(id, timeout),
      urlOf: (run) => api.runControl.urlOf(run),
    },
    tableReader: { read: (input, timeout) => api.tableReader.read(input, timeout) },
    recordExaminer: { examine: (input, timeout) => api.recordExaminer.examine(input, timeout) },
    settingsKeeper: createTestSettingsKeeper(),
    installation: createTestInstallation(),
    connectionChecker: { check: (input, timeout) => api.connectionChecker.check(input, timeout) },
    token: TOKEN,
    signIn,
    ...options,
    host: '127.0.0.1',
    port: 0,
    logger: pino({ level: 'info' }, { write: (line: string) => log.push(line) }),
  })
  return Object.assign(api, { url: server.url })
}

export function createTestInstallation(): Installation {
  return createInstallation(
    { dataDirectory: '/nowhere', secrets: { key: SECRET_KEY, previousKeys: null } },
    {},
  )
}

/** As the API has it, with the tests' key. */
export function createTestSettingsKeeper(): SettingsKeeper {
  return createSettingsKeeper({ dataDirectory: '/nowhere', secrets: { key: SECRET_KEY, previousKeys: null } })
}

/** Sends one GraphQL operation with the token: the one of this machine, unless another is named. */
export async function ask<Data>(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  token: string = TOKEN,
): Promise<Answer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  })
  const body = (await response.json()) as Partial<Answer<Data>>
  return { status: response.status, data: body.data ?? ({} as Data), errors: body.errors ?? [] }
}
