import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findFreePort } from '../../src/embedded/port.js'
import { waitUntil } from '../../src/embedded/wait.js'
import { run, start, type RunningCommand } from '../cli/support.js'
import { TestEngine } from '../support/engine.js'

/** What must appear nowhere; `right` opens both systems, the others are refused. */
const mark = (what: string): string => `MARK${what}${randomBytes(9).toString('hex')}`
const MARKS = {
  right: mark('right'),
  wrong: mark('wrong'),
  refused: mark('refused'),
  rejected: mark('rejected'),
}
const TOKEN = 'token-of-the-api-in-this-test'

let engine: TestEngine
let settings: Record<string, string>
let worker: RunningCommand
let api: RunningCommand
const folder = mkdtempSync(join(tmpdir(), 'accord-secrets-'))
/** Everything that the API and the command line have answered. */
const answers: string[] = []

beforeAll(async () => {
  engine = await TestEngine.start({ worker: false, sandbox: { clientSecret: MARKS.right } })
  const { config } = engine
  settings = {
    ACCORD_DATA: folder,
    ACCORD_DATABASE_URL: config.databaseUrl,
    TEMPORAL_ADDRESS: config.temporal.address,
    ACCORD_TASK_QUEUE: config.temporal.taskQueue,
    ACCORD_API_PORT: String(await findFreePort()),
    ACCORD_API_TOKEN: TOKEN,
    ACCORD_SECRET_KEY: randomBytes(32).toString('base64'),
    ACCORD_COMMIT_DELAY_SECONDS: '0',
    ACCORD_UNAVAILABLE_PATIENCE_SECONDS: '2',
    ACCORD_SCHEDULES: 'off',
    ACCORD_LOG_LEVEL: 'trace',
  }
  worker = start(['worker'], settings)
  api = start(['serve'], settings)
  await waitUntil('the API', 30, async () => {
    const healthy = await fetch(`${url()}/health`).catch(() => null)
    return healthy?.ok === true ? true : null
  })
})
afterAll(async () => {
  for (const command of [worker, api]) {
    command.child.kill('SIGTERM')
    await command.ended
  }
  await engine.stop()
  rmSync(folder, { recursive: true, force: true })
})

const url = (): string => `http://127.0.0.1:${settings['ACCORD_API_PORT']}`

async function ask<Data>(query: string, variables: object = {}): Promise<Data> {
  const response = await fetch(`${url()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({ query, variables }),
  })
  const text = await response.text()
  answers.push(text)
  return (JSON.parse(text) as { data: Data }).data
}

interface Shown {
  readonly localSystem: { readonly settings: { readonly signIn: object } }
  readonly integrationSystem: { readonly settings: { readonly signIn: object } }
}

/** Gives both systems of the demo's connection this secret. */
async function enter(secret: string): Promise<void> {
  const { connection } = await ask<{ connection: Shown }>(
    '{ connection(name: "demo") { localSystem { settings } integrationSystem { settings } } }',
  )
  const given = ({ settings: shown }: Shown['localSystem']): object => ({
    ...shown,
    signIn: { ...shown.signIn, clientSecret: secret },
  })
  const changed = await ask<{ updateConnection: { readonly version: number } | null }>(
    `mutation ($input: UpdateConnectionInput!) { updateConnection(name: "demo", input: $input) { version } }`,
    {
      input: {
        localSettings: given(connection.localSystem),
        integrationSettings: given(connection.integrationSystem),
      },
    },
  )
  expect(changed.updateConnection?.version).toBeGreaterThan(1)
}

/** Runs a mapping to its end, and looks at everything that people look at then. */
async function synchronize(name: string): Promise<string> {
  const { synchronizeMapping } = await ask<{ synchronizeMapping: { readonly id: string } }>(
    'mutation ($name: String!) { synchronizeMapping(name: $name) { id } }',
    { name },
  )
  await engine.control.waitUntilEnded(synchronizeMapping.id, 60_000)
  const { synchRun } = await ask<{ synchRun: { readonly status: string } }>(
    'query ($id: ID!) { synchRun(id: $id) { status message jobs { message failed conflicts } } }',
    { id: synchronizeMapping.id },
  )
  await ask('{ integrationSynchErrors(first: 50) { nodes { message cause remedy code } } }')
  return synchRun.status
}

test('secrets of connections are in no answer, log, history or table, whatever goes wrong', async () => {
  await enter(MARKS.right)
  expect(await synchronize('CURRENCY')).toBe('COMPLETED')
  await refuseACity()
  expect(await synchronize('CUSTOMER')).toBe('COMPLETED')

  await enter(MARKS.wrong)
  expect(await synchronize('CUSTOMER')).toBe('FAILED')
  await ask(
    'mutation { checkConnection(connection: "demo") { findings { code what cause remedy evidence } } }',
  )
  await ask('mutation { disableConnection(name: "demo") { id } }')
  await ask('mutation { enableConnection(name: "demo") { id } }')
  await ask('mutation { enableConnection(name: "demo", force: "A test.") { id } }')

  await refuseSettings()
  await enter(MARKS.right)
  await engine.loseDataverse()
  expect(await synchronize('CUSTOMER')).toBe('FAILED')
  for (const words of [
    ['connections', 'show', 'demo', '--json'],
    ['connections', 'export'],
    ['status', '--json'],
  ])
    answers.push(...Object.values(await run(words, settings)).map(String))

  const places: Record<string, string> = {
    answers: answers.join('\n'),
    'log of the worker': worker.output + worker.trouble,
    'log of the API': api.output + api.trouble,
    histories: await histories(),
    ...(await tables()),
  }
  // They must have been looked at: each holds what belongs there.
  expect(places['answers']).toContain('signIn.clientSecret')
  expect(places['answers']).toContain('AADSTS7000215')
  expect(places['log of the worker']).toContain('/api/data/v9.2')
  expect(places['histories']).toContain('fetchChanges')
  expect(places['table connection']).toContain('encrypted:v1:')
  const found = Object.entries(places).flatMap(([place, text]) =>
    Object.entries(MARKS).flatMap(([name, secret]) =>
      spellings(secret).some((spelling) => text.includes(spelling)) ? [`${name} in ${place}`] : [],
    ),
  )
  expect(found).toEqual([])
})

/** Sales refuses a record for its own reasons. */
async function refuseACity(): Promise<void> {
  const customer = await engine.person.customer('WARTH')
  await engine.person.editCustomer(String(customer?.['id']), { city: 'Nowhere' })
  await fetch(`${engine.sandbox.dataverse.origin}/sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      path: 'accounts',
      times: null,
      action: {
        kind: 'reject',
        field: 'address1_city',
        value: 'Nowhere',
        code: '0x80040265',
        message: 'No.',
      },
    }),
  })
}

/** Settings that cannot be used, with secrets in all kinds of places. */
async function refuseSettings(): Promise<void> {
  const { refused, rejected } = MARKS
  const wrong = {
    url: `https://user:${refused}@example.com/api/v2.0`,
    signIn: { kind: 'clientSecret', clientSecret: rejected, clientId: 7 },
    clientSecret: refused,
    password: { text: rejected },
  }
  const input = {
    name: 'refused',
    localSystem: { kind: 'BUSINESS_CENTRAL', settings: wrong },
    integrationSystem: { kind: 'DATAVERSE', settings: wrong },
  }
  await ask('mutation ($input: ConnectionInput!) { createConnection(input: $input) { id } }', { input })
  await ask('mutation ($all: [JSONObject!]!) { applyConnections(connections: $all) { name } }', {
    all: [input, { name: 'other', localSystem: { kind: rejected, settings: refused } }],
  })
  await ask('mutation ($input: ConnectionInput!) { createConnection(input: $input) { id } }', {
    input: { ...input, localSystem: { kind: refused, settings: rejected } },
  })
  // In the document itself, where it is not even text that can be parsed, or of the right kind.
  await ask(`mutation { createConnection(input: { name: "x", localSystem: "${refused}" }) { id } }`)
  await ask(`mutation { createConnection(input: { name: "${rejected}" "${refused}" }) { id } }`)
  await ask(`mutation { updateConnection(name: "demo", input: { localSettings: "${refused}" }) { id } }`)
}

/** Everything that Temporal has of this test, payloads decoded. */
async function histories(): Promise<string> {
  const { client } = engine.control
  const texts: string[] = []
  const query = `TaskQueue = '${engine.config.temporal.taskQueue}'`
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    texts.push(JSON.stringify(history, (_key, value: unknown) => readable(value)))
  }
  return texts.join('\n')
}

/** Bytes are payloads; JSON has made objects of buffers already. */
function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  if (typeof value !== 'object' || value === null || !('type' in value) || !('data' in value)) return value
  return value.type === 'Buffer' && Array.isArray(value.data)
    ? Buffer.from(value.data as number[]).toString('utf8')
    : value
}

/** Every row of every table, bytes as text. */
async function tables(): Promise<Readonly<Record<string, string>>> {
  const client = new Client({ connectionString: engine.config.databaseUrl })
  await client.connect()
  try {
    const { rows: names } = await client.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    )
    const texts: Record<string, string> = {}
    for (const { name } of names) {
      const { rows } = await client.query<object>(`select * from "${name}"`)
      texts[`table ${name}`] = JSON.stringify(rows, (_key, value: unknown) => readable(value))
    }
    return texts
  } finally {
    await client.end()
  }
}

/** As it is, and within base64 at each of the three offsets. */
function spellings(secret: string): readonly string[] {
  return [
    secret,
    ...[0, 1, 2].map((offset) =>
      Buffer.from(`${'x'.repeat(offset)}${secret}`)
        .toString('base64')
        .slice(offset === 0 ? 0 : 4, -4),
    ),
  ]
}
