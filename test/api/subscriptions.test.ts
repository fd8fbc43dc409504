import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { startApi, type Api } from '../../src/api/server.js'
import { judgeAlerts } from '../../src/persistence/alerts.js'
import { PostgresGovernorStore } from '../../src/persistence/governor.js'
import { SharedGovernor } from '../../src/connectors/shared-governor.js'
import { Lane } from '../../src/domain/lane.js'
import { recordErrors, resolveErrors } from '../../src/persistence/queries/errors.js'
import { addCounts, NO_COUNTS } from '../../src/persistence/queries/jobs.js'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { openDatabase, type Database } from '../../src/persistence/database.js'
import {
  createTestInstallation,
  createTestSettingsKeeper,
  startTestApi,
  TOKEN,
  type TestApi,
} from './support/api.js'
import { createFakeConnectionChecker } from './support/connection-checker.js'
import { createFakeRecordExaminer } from './support/record-examiner.js'
import { Rows } from './support/rows.js'
import { createRunControl } from './support/run-control.js'
import { asStream, overWebSocket, type Heard } from './support/subscriber.js'
import { createFakeTableReader } from './support/table-reader.js'

let api: TestApi
let rows: Rows
/** A second process that serves the API of the same database. */
let second: Api
let secondDatabase: Database
const heard: Heard<never>[] = []

beforeAll(async () => {
  api = await startTestApi('subscriptions')
  rows = new Rows(api.database)
  secondDatabase = await openDatabase(api.databaseUrl)
  second = await startSecond(secondDatabase)
})
beforeEach(async () => {
  for (const one of heard.splice(0)) one.stop()
  await api.reset()
})
afterAll(async () => {
  for (const one of heard) one.stop()
  await second.close()
  await secondDatabase.close()
  await api.close()
})

function startSecond(database: Database): Promise<Api> {
  return startApi({
    database,
    runControl: createRunControl(),
    tableReader: createFakeTableReader(),
    recordExaminer: createFakeRecordExaminer(),
    settingsKeeper: createTestSettingsKeeper(),
    installation: createTestInstallation(),
    connectionChecker: createFakeConnectionChecker(),
    token: TOKEN,
    host: '127.0.0.1',
    port: 0,
    logger: pino({ level: 'silent' }),
  })
}

/** As often as it takes: a busy machine is slow. */
const PATIENT = { timeout: 30_000 }

function keep<Data>(one: Heard<Data>): Heard<Data> {
  heard.push(one as never)
  return one
}

interface Progress {
  readonly runProgress: {
    readonly run: { readonly id: string; readonly status: string }
    readonly passes: readonly {
      readonly done: number
      readonly total: number | null
      readonly rate: number | null
      readonly secondsLeft: number | null
    }[]
  }
}

const PROGRESS = (argument: string): string =>
  `subscription { runProgress(${argument}) { run { id status mapping { name } } passes { done total rate secondsLeft job { direction modified } } } }`
const COUNTERS = 'subscription { countersChanged { mapping { name } openErrors skipped pending couplings } }'
const ERRORS =
  'subscription { errorsChanged(mapping: "CUSTOMER") { mapping { name } openErrors byClass { errorClass count } } }'

/** Announcements that the database sends during `work`. */
async function announcementsOf(work: () => Promise<unknown>): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: api.databaseUrl })
  const payloads: unknown[] = []
  client.on('notification', ({ payload }) => payloads.push(JSON.parse(payload ?? '')))
  await client.connect()
  try {
    await client.query('listen accord_events')
    await work()
    // Notifications come before the answer to what is asked after them.
    await client.query('select 1')
    return payloads
  } finally {
    await client.end()
  }
}

function failures(count: number) {
  return Array.from(
    { length: count },
    (_, index) =>
      ({
        recordKey: `LOCAL:record-${index}`,
        couplingId: null,
        failure: {
          errorClass: 'VALIDATION',
          message: 'Too long.',
          cause: 'The limit.',
          remedy: 'Shorten it.',
        } as const,
        table: 'accounts',
        sourceSide: 'LOCAL',
        sourceId: `record-${index}`,
        sourceName: null,
        destinationId: null,
        destinationName: null,
        detail: null,
      }) as const,
  )
}

test('a page of a thousand failures is announced once for each topic, when it is committed', async () => {
  const mappingId = await rows.mapping()
  const runId = await rows.run(mappingId, { status: 'RUNNING', finishedAt: null })
  const jobId = await rows.job(mappingId, runId, { status: 'RUNNING', finish: null })
  const page = async (commits: boolean): Promise<void> => {
    await api.database.em.fork().transactional(async (em) => {
      await recordErrors(em, { mappingId, runId, jobId, direction: 'TO_INTEGRATION_TABLE' }, failures(1_000))
      await addCounts(em, jobId, { ...NO_COUNTS, failed: 1_000 })
      await resolveErrors(em, mappingId, ['LOCAL:record-1'])
      if (!commits) throw new Error('The page is rolled back.')
    })
  }
  expect(await announcementsOf(() => page(false).catch(() => undefined))).toEqual([])
  const announced = await announcementsOf(() => page(true))
  expect(announced).toHaveLength(3)
  expect(announced).toEqual(
    expect.arrayContaining([
      { topic: 'error', mappingId },
      { topic: 'counters', mappingId },
      { topic: 'run', mappingId, runId },
    ]),
  )
})

describe.each([
  ['WebSocket', overWebSocket],
  ['Server-Sent Events', asStream],
])('over %s', (_name, listen) => {
  test('the progress of a run is told to its end, by each of two processes', async () => {
    const mappingId = await rows.mapping()
    const runId = await rows.run(mappingId, {
      status: 'RUNNING',
      finishedAt: null,
      scope: { kind: 'restore', couplingIds: ['a', 'b', 'c', 'd'] },
    })
    const start = new Date(Date.now() - 10_000)
    const jobId = await rows.job(mappingId, runId, { status: 'RUNNING', start, finish: null })
    const both = [api.url, second.url].map((url) =>
      keep(listen<Progress>(url, PROGRESS(`runId: "${runId}"`))),
    )
    const passesOf = (one: Heard<Progress>) => one.answers.at(-1)?.runProgress.passes
    for (const one of both)
      await expect.poll(() => passesOf(one), PATIENT).toMatchObject([{ done: 0, total: 4, rate: null }])

    await addCounts(api.database.em.fork(), jobId, { ...NO_COUNTS, modified: 3 })
    for (const one of both) {
      await expect
        .poll(() => passesOf(one), PATIENT)
        .toMatchObject([{ done: 3, total: 4, job: { modified: 3 } }])
      const [pass] = passesOf(one) ?? []
      expect(pass?.rate).toBeGreaterThan(0.1)
      expect(pass?.rate).toBeLessThanOrEqual(0.3)
      expect(pass?.secondsLeft).toBe(Math.ceil(1 / (pass?.rate ?? 0)))
    }

    await api.database.em.fork().execute(`update synch_run set status = 'COMPLETED', finished_at = now()`)
    for (const one of both) {
      expect(await one.ended).toBeNull()
      expect(one.answers.at(-1)?.runProgress.run).toMatchObject({
        id: runId,
        status: 'COMPLETED',
        mapping: { name: 'CUSTOMER' },
      })
    }
  })

  test('errors and counters are told where they change', async () => {
    const mappingId = await rows.mapping()
    const { connectionId } = await api.database.em.fork().findOneOrFail(Mapping, { id: mappingId })
    const other = await rows.mapping({ name: 'CONTACT', connectionId })
    const [counters, errors] = [keep(listen(api.url, COUNTERS)), keep(listen(second.url, ERRORS))]
    const none = { openErrors: 0, skipped: 0, pending: 0, couplings: 0 }
    await expect
      .poll(() => counters.answers, PATIENT)
      .toEqual([
        {
          countersChanged: [
            { mapping: { name: 'CUSTOMER' }, ...none },
            { mapping: { name: 'CONTACT' }, ...none },
          ],
        },
      ])
    await expect
      .poll(() => errors.answers, PATIENT)
      .toEqual([{ errorsChanged: [{ mapping: { name: 'CUSTOMER' }, openErrors: 0, byClass: [] }] }])

    await rows.coupling(other)
    await expect
      .poll(() => counters.answers.at(-1), PATIENT)
      .toEqual({
        countersChanged: [{ mapping: { name: 'CONTACT' }, ...none, couplings: 1 }],
      })
    await rows.error(mappingId)
    await rows.error(other)
    await rows.error(mappingId, { errorClass: 'CONFLICT' })
    await expect
      .poll(() => errors.answers.at(-1), PATIENT)
      .toEqual({
        errorsChanged: [
          {
            mapping: { name: 'CUSTOMER' },
            openErrors: 2,
            byClass: [
              { errorClass: 'CONFLICT', count: 1 },
              { errorClass: 'VALIDATION', count: 1 },
            ],
          },
        ],
      })
    expect(JSON.stringify(errors.answers)).not.toContain('CONTACT')
    await rows.skipped(mappingId)
    await expect
      .poll(() => counters.answers.at(-1), PATIENT)
      .toMatchObject({
        countersChanged: [{ mapping: { name: 'CUSTOMER' }, openErrors: 2, skipped: 1 }],
      })
  })

  test('alerts are told as they fire, are acknowledged, recover and go with their rule, by each of two processes', async () => {
    await api.database.em.fork().execute('truncate alert_rule cascade')
    const mappingId = await rows.mapping()
    const { data } = await api.ask<{ createAlertRule: { id: string } }>(
      'mutation { createAlertRule(input: { name: "Failed", kind: RUN_FAILED, channelIds: [] }) { id } }',
    )
    const asked = `subscription { alertsChanged { total alerts { id subject acknowledgedBy rule { name } } } }`
    type Open = {
      readonly alertsChanged: { readonly total: number; readonly alerts: readonly { readonly id: string }[] }
    }
    const both = [keep(listen<Open>(api.url, asked)), keep(listen<Open>(second.url, asked))]
    const told = async (open: object) => {
      for (const one of both)
        await expect.poll(() => one.answers.at(-1)?.alertsChanged, PATIENT).toMatchObject(open)
    }
    await told({ total: 0, alerts: [] })
    await rows.run(mappingId, { status: 'FAILED', message: 'No right.' })
    await judgeAlerts(api.database)
    const alert = { subject: 'Contoso CUSTOMER', acknowledgedBy: null, rule: { name: 'Failed' } }
    await told({ total: 1, alerts: [alert] })
    const id = both[0]?.answers.at(-1)?.alertsChanged.alerts[0]?.id
    await api.ask('mutation ($id: ID!) { acknowledgeAlert(id: $id) { id } }', { id })
    await told({ total: 1, alerts: [{ ...alert, acknowledgedBy: expect.any(String) }] })
    await rows.run(mappingId, { status: 'COMPLETED', requestedAt: new Date(), finishedAt: new Date() })
    await judgeAlerts(api.database)
    await told({ total: 0, alerts: [] })

    await rows.run(mappingId, {
      status: 'FAILED',
      requestedAt: new Date(),
      finishedAt: new Date(),
      message: 'No.',
    })
    await judgeAlerts(api.database)
    await told({ total: 1 })
    await api.ask('mutation ($id: ID!) { deleteAlertRule(id: $id) }', { id: data.createAlertRule.id })
    await told({ total: 0, alerts: [] })
  })

  test('what cannot be answered is told with its code', async () => {
    const unknown = listen(api.url, PROGRESS('runId: "0b5c2f9e-8d37-4a52-9c1e-6f1f0e4b7a21"'))
    expect(await unknown.ended).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    const neither = listen(api.url, 'subscription { runProgress { run { id } } }')
    expect(await neither.ended).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    const query = listen(api.url, '{ connections { name } }')
    expect(await query.ended).toMatchObject([
      { message: expect.stringContaining('Only subscriptions'), extensions: { code: 'BAD_USER_INPUT' } },
    ])
    const misspelt = listen(api.url, 'subscription { runs }')
    expect(await misspelt.ended).toMatchObject([{ message: expect.stringContaining('runs') }])
    const nested = (levels: number): string =>
      levels === 0 ? 'id' : `lastRun { mapping { ${nested(levels - 1)} } }`
    const deep = listen(api.url, `subscription { errorsChanged { mapping { ${nested(9)} } } }`)
    expect(await deep.ended).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }])
    for (const one of [unknown, neither, query, misspelt, deep]) one.stop()
  })

  test('nobody is told anything who has not signed in', async () => {
    await rows.mapping()
    const stranger = keep(listen(api.url, COUNTERS, 'another-token'))
    expect(await stranger.ended).not.toBeNull()
    expect(stranger.answers).toEqual([])
  })
})

test('an answer shows a mapping as it is, whatever was asked a moment before', async () => {
  const mappingId = await rows.mapping()
  const runId = await rows.run(mappingId)
  const asked = await api.ask(`{ synchRun(id: "${runId}") { mapping { toWatermark } } }`)
  expect(asked.data['synchRun']).toEqual({ mapping: { toWatermark: null } })
  await api.database.em
    .fork()
    .execute(`update integration_table_mapping set to_watermark = '2026-11-01T10:00:00Z'`)
  const told = keep(
    overWebSocket(
      api.url,
      `subscription { runProgress(runId: "${runId}") { run { mapping { toWatermark } } } }`,
    ),
  )
  expect(await told.ended).toBeNull()
  expect(told.answers).toMatchObject([
    { runProgress: { run: { mapping: { toWatermark: '2026-11-01T10:00:00.000Z' } } } },
  ])
})

test('the runs of a mapping are told one after another', async () => {
  const mappingId = await rows.mapping()
  const first = await rows.run(mappingId)
  const runs = keep(overWebSocket<Progress>(api.url, PROGRESS('mapping: "CUSTOMER"')))
  // Once more as soon as the database is listened to: something may have been missed until then.
  const told = () => [
    ...new Map(
      runs.answers.map(({ runProgress: { run } }) => [`${run.id} ${run.status}`, [run.id, run.status]]),
    ).values(),
  ]
  await expect.poll(told, PATIENT).toEqual([[first, 'COMPLETED']])
  const next = await rows.run(mappingId, { status: 'RUNNING', requestedAt: new Date(), finishedAt: null })
  await expect.poll(told, PATIENT).toEqual([
    [first, 'COMPLETED'],
    [next, 'RUNNING'],
  ])
})

test('gauges are told when a call to a system begins and when it has left the window', async () => {
  const governor = new SharedGovernor(new PostgresGovernorStore(api.database))
  const gauges = keep(
    asStream<{ governorChanged: readonly { readonly concurrency: { readonly used: number } }[] }>(
      api.url,
      'subscription { governorChanged { principal concurrency { used } } }',
    ),
  )
  await expect.poll(() => gauges.answers, PATIENT).toEqual([{ governorChanged: [] }])
  const limits = { window: 300_000, requests: 6_000, execution: 1_200_000, concurrency: 2 }
  await governor.admit(
    { endpoint: 'https://org.crm4.dynamics.com', principal: 'the-client' },
    { limits, operation: 'write', rows: 1, longest: 60_000, lane: Lane.live },
  )
  await expect
    .poll(() => gauges.answers.at(-1), PATIENT)
    .toEqual({
      governorChanged: [{ principal: 'the-client', concurrency: { used: 1 } }],
    })
  await governor.close()
})

test('after the connection to the database was cut, subscribers read again what they missed', async () => {
  const mappingId = await rows.mapping()
  const counters = keep(overWebSocket<{ countersChanged: readonly unknown[] }>(api.url, COUNTERS))
  await expect.poll(() => counters.answers.length, PATIENT).toBe(1)
  const em = api.database.em.fork()
  const cut = () =>
    em.execute(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'accord events' and datname = current_database()`)
  // Told to nobody, as nobody listens.
  await em.execute('alter table coupling disable trigger accord_announce_insert')
  try {
    await rows.coupling(mappingId)
  } finally {
    await em.execute('alter table coupling enable trigger accord_announce_insert')
  }
  expect(counters.answers).toHaveLength(1)
  await cut()
  await expect
    .poll(() => counters.answers.at(-1), PATIENT)
    .toMatchObject({ countersChanged: [{ couplings: 1 }] })
  await rows.coupling(mappingId)
  await expect
    .poll(() => counters.answers.at(-1), PATIENT)
    .toMatchObject({ countersChanged: [{ couplings: 2 }] })
})

test('a page of a stranger cannot subscribe with the cookie of a person', async () => {
  const answer = await fetch(`${api.url}/graphql/stream?query=${encodeURIComponent(COUNTERS)}`, {
    headers: { cookie: `accord=${TOKEN}`, origin: 'https://example.com' },
  })
  expect(answer.status).toBe(401)
})

test('who leaves is not told any more, and nothing of him is kept', async () => {
  await rows.mapping()
  const subscriptions = async (): Promise<string | undefined> => {
    const answer = await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })
    return /^accord_subscriptions\S* (\d+)$/m.exec(await answer.text())?.[1]
  }
  await expect.poll(subscriptions, PATIENT).toBe('0')
  const both = [overWebSocket(api.url, COUNTERS), asStream(api.url, COUNTERS)]
  await expect.poll(subscriptions, PATIENT).toBe('2')
  for (const one of both) one.stop()
  await expect.poll(subscriptions, PATIENT).toBe('0')
})

test('a token that is revoked ends what it has subscribed to', async () => {
  const mappingId = await rows.mapping()
  const { data } = await api.ask<{
    createAccessToken: { readonly token: string; readonly accessToken: { readonly id: string } }
  }>('mutation { createAccessToken(input: { name: "screen", role: VIEWER }) { token accessToken { id } } }')
  const { token, accessToken } = data.createAccessToken
  const counters = keep(overWebSocket<unknown>(api.url, COUNTERS, token))
  await expect.poll(() => counters.answers.length, PATIENT).toBeGreaterThan(0)
  await api.ask('mutation ($id: ID!) { revokeAccessToken(id: $id) { id } }', { id: accessToken.id })
  // The clock of the process, half a minute later.
  const now = Date.now()
  vi.spyOn(Date, 'now').mockImplementation(() => now + 31_000)
  try {
    await rows.coupling(mappingId)
    expect(await counters.ended).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  } finally {
    vi.restoreAllMocks()
  }
})

test('over one connection there are fifty subscriptions at most', async () => {
  await rows.mapping()
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/graphql/ws`, 'graphql-transport-ws')
  const messages: { type: string; id?: string; payload?: unknown }[] = []
  socket.addEventListener('message', ({ data }) => messages.push(JSON.parse(String(data)) as never))
  await new Promise((resolve) => {
    socket.addEventListener('open', resolve)
  })
  socket.send(JSON.stringify({ type: 'connection_init', payload: { Authorization: `Bearer ${TOKEN}` } }))
  await expect.poll(() => messages, PATIENT).toEqual([{ type: 'connection_ack' }])
  for (let id = 1; id <= 51; id += 1)
    socket.send(JSON.stringify({ type: 'subscribe', id: String(id), payload: { query: COUNTERS } }))
  await expect
    .poll(() => new Set(messages.flatMap(({ type, id }) => (type === 'next' ? [id] : []))).size, PATIENT)
    .toBe(50)
  expect(messages.filter(({ type }) => type === 'error')).toMatchObject([
    { payload: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }] },
  ])
  socket.close()
})

test('a process that ends lets go of its clients, and tells none that it has heard everything', async () => {
  await rows.mapping()
  const database = await openDatabase(api.databaseUrl)
  const third = await startSecond(database)
  const [socket, stream] = [keep(overWebSocket(third.url, COUNTERS)), keep(asStream(third.url, COUNTERS))]
  await expect
    .poll(() => [socket.answers.length > 0, stream.answers.length > 0], PATIENT)
    .toEqual([true, true])
  await third.close()
  expect(await socket.ended).toMatchObject({ code: 1001 })
  expect(await stream.ended).toBeInstanceOf(Error)
  await database.close()
})
