import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connector, WriteRequest } from '../../src/connectors/connector.js'
import { createConnector } from '../../src/connectors/create-connector.js'
import type { Governor } from '../../src/connectors/governor.js'
import { MemoryGovernorStore, SharedGovernor } from '../../src/connectors/shared-governor.js'
import { ACCOUNT } from '../../src/domain/catalog/dataverse.js'
import { Lane } from '../../src/domain/lane.js'
import { migrate, openDatabase, type Database } from '../../src/persistence/database.js'
import { governedPrincipals, PostgresGovernorStore } from '../../src/persistence/governor.js'
import { createTestDatabase } from '../support/environment.js'
import { answerBatch, idOf } from './support/rig.js'
import {
  startScriptedServer,
  tokenAnswer,
  type ReceivedRequest,
  type ScriptedAnswer,
  type ScriptedServer,
} from './support/scripted-server.js'

const updates = (count: number, deadline = Infinity): readonly WriteRequest[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'update',
    ref: String(index),
    id: idOf(index),
    version: 'W/"1"',
    values: {},
    deadline,
  }))

const accept = (request: ReceivedRequest): ScriptedAnswer =>
  answerBatch(request, ({ url }) => {
    const id = /\(([0-9a-f-]{36})\)(\?|$)/.exec(url)?.[1]
    return {
      status: 200,
      body: { accountid: id, '@odata.etag': 'W/"2"', modifiedon: '2026-01-01T00:00:00Z' },
    }
  })

function connectorTo(
  server: ScriptedServer,
  governor: Governor,
  lane: Lane,
  { limits = {}, throttlePatience }: { readonly limits?: object; readonly throttlePatience?: number } = {},
): Connector {
  return createConnector(
    'DATAVERSE',
    {
      url: `${server.url}/api/data/v9.2`,
      signIn: { kind: 'basic', username: 'accord', password: 'p' },
      limits,
    },
    { governor, lane, throttlePatience },
  )
}

/** Writes and gives the number of results of each kind. */
async function write(
  connector: Connector,
  requests: readonly WriteRequest[],
  more: { readonly renewDeadlines?: () => Promise<number>; readonly beforeCall?: () => void } = {},
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {}
  const { renewDeadlines, beforeCall } = more
  await connector.write(ACCOUNT, requests, {
    returnFields: [],
    beforeCall: async () => beforeCall?.(),
    onResults: async (results) => {
      for (const { kind } of results) counts[kind] = (counts[kind] ?? 0) + 1
    },
    ...(renewDeadlines === undefined ? {} : { renewDeadlines }),
  })
  return counts
}

describe('two processes', () => {
  let database: Database
  let drop: () => Promise<void>
  beforeAll(async () => {
    const made = await createTestDatabase('governor')
    drop = made.drop
    database = await openDatabase(made.url)
    await migrate(database, made.url)
  })
  afterAll(async () => {
    await database.close(true)
    await drop()
  })

  test('that share a principal never call more often, nor more at a time, than its limits allow', async () => {
    const limits = { window: 1_000, requests: 12, execution: null, concurrency: 3 }
    const arrivals: number[] = []
    let running = 0
    let most = 0
    await using server = await startScriptedServer(async (request) => {
      arrivals.push(performance.now())
      running += 1
      most = Math.max(most, running)
      // Others get the chance to arrive meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 20))
      running -= 1
      return accept(request)
    })
    const governors = [1, 2].map(() => new SharedGovernor(new PostgresGovernorStore(database)))
    const connectors = governors.map((governor) => connectorTo(server, governor, Lane.live, { limits }))
    const counts = await Promise.all(connectors.map((connector) => write(connector, updates(900))))
    expect(counts).toEqual([{ written: 900 }, { written: 900 }])
    expect(most).toBe(3)
    for (const from of arrivals) {
      const within = arrivals.filter((at) => at >= from && at < from + limits.window)
      expect(within.length).toBeLessThanOrEqual(limits.requests)
    }
    await Promise.all(connectors.map((connector) => connector.close()))
    await Promise.all(governors.map((governor) => governor.close()))
    const { principals } = await governedPrincipals(database)
    expect(principals).toMatchObject([
      { endpoint: server.url, principal: 'accord', state: { running: [], waiting: [] } },
    ])
  })
})

describe('a service that throttles', () => {
  const throttle = {
    status: 429,
    headers: { 'retry-after': '0.05' },
    body: '{"error":{"code":"0x80072322"}}',
  }

  test('fails no record: the calls are put back and sent later', async () => {
    let calls = 0
    await using server = await startScriptedServer((request) =>
      (calls += 1) % 3 === 0 ? throttle : accept(request),
    )
    const governor = new SharedGovernor(new MemoryGovernorStore())
    const connector = connectorTo(server, governor, Lane.live)
    expect(await write(connector, updates(600))).toEqual({ written: 600 })
    await connector.close()
    await governor.close()
  })

  test('reads wait as well', async () => {
    let calls = 0
    await using server = await startScriptedServer(() =>
      (calls += 1) === 1
        ? throttle
        : { body: '{"value":[]}', headers: { date: 'Mon, 01 Jun 2026 10:00:00 GMT' } },
    )
    const governor = new SharedGovernor(new MemoryGovernorStore())
    const connector = connectorTo(server, governor, Lane.person)
    expect((await connector.readClock()).at).toBe(Date.parse('2026-06-01T10:00:00Z'))
    await connector.close()
    await governor.close()
  })

  const readClock = async (connector: Connector): Promise<unknown> => (await connector.readClock()).at
  const writeOne = (connector: Connector): Promise<unknown> => write(connector, updates(1))
  test.each([
    { name: 'read', call: readClock, gives: Date.parse('2026-06-01T10:00:00Z') },
    { name: 'write', call: writeOne, gives: { written: 1 } },
  ])('a sign-in that is throttled: a $name waits, and asks no sooner', async ({ call, gives }) => {
    const asked: number[] = []
    await using server = await startScriptedServer((request) => {
      if (request.path === '/token') {
        const now = performance.now()
        asked.push(now)
        return now - (asked[0] ?? now) < 150 && asked.length < 20
          ? { status: 429, headers: { 'retry-after': '0.2' }, body: '{}' }
          : tokenAnswer('token')
      }
      return request.method === 'POST'
        ? accept(request)
        : { body: '{"value":[]}', headers: { date: 'Mon, 01 Jun 2026 10:00:00 GMT' } }
    })
    const governor = new SharedGovernor(new MemoryGovernorStore())
    const signIn = {
      kind: 'clientSecret',
      tokenUrl: `${server.url}/token`,
      clientId: 'accord',
      clientSecret: 'a secret',
      scope: 'scope',
    }
    const settings = { url: `${server.url}/api/data/v9.2`, signIn }
    const connector = createConnector('DATAVERSE', settings, { governor, lane: Lane.live })
    expect(await call(connector)).toEqual(gives)
    expect(asked).toHaveLength(2)
    await connector.close()
    await governor.close()
  })

  test('single reads of a call: they alone are put back, and nothing else begins meanwhile', async () => {
    const asked = new Map<string, number>()
    const batches: number[] = []
    await using server = await startScriptedServer((request) => {
      batches.push(0)
      return answerBatch(request, ({ url }) => {
        batches[batches.length - 1] = (batches.at(-1) ?? 0) + 1
        if (url.includes('$filter=')) return { status: 200, body: { value: [] } }
        const id = /\(([0-9a-f-]{36})\)/.exec(url)?.[1] ?? ''
        const times = (asked.get(id) ?? 0) + 1
        asked.set(id, times)
        const isThrottled = times <= (id === idOf(3) ? 2 : id === idOf(5) ? 1 : 0)
        return isThrottled
          ? { status: 429, headers: { 'retry-after': '0.05' } }
          : { status: 404, body: { error: { code: '0x80040217', message: 'Gone.' } } }
      })
    })
    const store = new MemoryGovernorStore()
    const governor = new SharedGovernor(store)
    const connector = connectorTo(server, governor, Lane.live)
    const ids = Array.from({ length: 10 }, (_, index) => idOf(index))
    const read = await connector.readByIds(ACCOUNT, [], ids)
    expect(read.map(({ kind }) => kind)).toEqual(ids.map(() => 'gone'))
    expect(batches).toEqual([1, 10, 2, 1])
    const throttles = await store.change({ endpoint: server.url, principal: 'accord' }, (state) => {
      if (state === null) throw new Error('The governor was not told of any call.')
      return { state, result: state.blockedAt }
    })
    expect(throttles).toBeGreaterThan(0)
    await connector.close()
    await governor.close()
  })

  test.each(['86400', 'Wed, 01 Jan 2200 00:00:00 GMT'])(
    'that asks for Retry-After: %s is asked again after ten minutes, and the log tells',
    async (retryAfter) => {
      await using server = await startScriptedServer(() => ({
        ...throttle,
        headers: { 'retry-after': retryAfter },
      }))
      const lines: string[] = []
      const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
      const store = new MemoryGovernorStore()
      const governor = new SharedGovernor(store)
      const connector = createConnector(
        'DATAVERSE',
        {
          url: `${server.url}/api/data/v9.2`,
          signIn: { kind: 'basic', username: 'accord', password: 'p' },
        },
        { governor, lane: Lane.live, throttlePatience: 0, logger },
      )
      await expect(connector.readClock()).rejects.toMatchObject({ retryAfter: 600_000 })
      await governor.close()
      const blocked = await store.change({ endpoint: server.url, principal: 'accord' }, (state) => {
        if (state === null) throw new Error('The governor was not told of any call.')
        return { state, result: state.blockedUntil - state.blockedAt }
      })
      expect(blocked).toBe(600_000)
      expect(lines.join('')).toContain('asks to be left alone for longer')
      await connector.close()
    },
  )

  test('and goes on doing so is a failure in the end', async () => {
    await using server = await startScriptedServer(() => ({
      ...throttle,
      headers: { 'retry-after': '0.001' },
    }))
    const governor = new SharedGovernor(new MemoryGovernorStore())
    const connector = connectorTo(server, governor, Lane.live, {
      limits: { window: 50 },
      throttlePatience: 100,
    })
    await expect(write(connector, updates(1))).rejects.toMatchObject({ failure: { errorClass: 'THROTTLED' } })
    await connector.close()
    await governor.close()
  }, 30_000)
})

describe('a call that had to wait for its turn', () => {
  test('gets a new deadline before it is announced, and is sent', async () => {
    let first = true
    await using server = await startScriptedServer((request) => {
      if (!first) return accept(request)
      first = false
      return { status: 429, headers: { 'retry-after': '0.3' } }
    })
    const governor = new SharedGovernor(new MemoryGovernorStore())
    const connector = connectorTo(server, governor, Lane.live)
    const events: string[] = []
    const counts = await write(connector, updates(10, Date.now() + 200), {
      renewDeadlines: async () => {
        events.push('renewed')
        return Date.now() + 10_000
      },
      beforeCall: () => events.push('announced'),
    })
    expect(counts).toEqual({ written: 10 })
    expect(events).toEqual(['announced', 'renewed', 'announced'])
    await connector.close()
    await governor.close()
  })

  test('stops waiting when the work is given up', async () => {
    await using server = await startScriptedServer(accept)
    const governor = new SharedGovernor(new MemoryGovernorStore())
    const connector = connectorTo(server, governor, Lane.live, {
      limits: { requests: 1, window: 600_000 },
    })
    await write(connector, updates(1))
    const controller = new AbortController()
    const given = new Error('given up')
    const writing = connector.write(ACCOUNT, updates(1), {
      returnFields: [],
      beforeCall: () => Promise.resolve(),
      onResults: () => Promise.resolve(),
      signal: controller.signal,
    })
    controller.abort(given)
    await expect(writing).rejects.toBe(given)
    expect(server.requests).toHaveLength(1)
    await connector.close()
    await governor.close()
  })
})
