import { describe, expect, test } from 'vitest'
import type { Connector, WriteRequest, WriteResult } from '../../src/connectors/connector.js'
import { CUSTOMER } from '../../src/domain/catalog/business-central.js'
import { failureOf } from './support/failures.js'
import type { Rig, RigAnswer } from './support/rig.js'
import { answerBatch, BUSINESS_CENTRAL, COMPANY, DATAVERSE, idOf, SYSTEMS, withRig } from './support/rig.js'
import type { ReceivedRequest, ScriptedAnswer, ScriptedServer } from './support/scripted-server.js'
import { deadAddress, startScriptedServer } from './support/scripted-server.js'

function updates(count: number, deadline = Infinity): readonly WriteRequest[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: 'update',
    ref: String(index),
    id: idOf(index),
    version: 'W/"1"',
    values: {},
    deadline,
  }))
}

/** Answers every item of a batch as written. */
const acceptBatch = (request: ReceivedRequest): ScriptedAnswer =>
  answerBatch(request, ({ url }) => {
    const id = /\(([0-9a-f-]{36})\)(\?|$)/.exec(url)?.[1]
    const stamp = '2026-01-01T00:00:00Z'
    return {
      status: 200,
      body: { id, accountid: id, '@odata.etag': 'W/"2"', lastModifiedDateTime: stamp, modifiedon: stamp },
    }
  })

interface Written {
  readonly results: Map<string, WriteResult['kind']>
  readonly calls: (readonly string[])[]
}

async function write(
  { connector, table }: Rig,
  requests: readonly WriteRequest[],
  written: Written,
  beforeCall: (refs: readonly string[]) => void = () => {},
  signal?: AbortSignal,
): Promise<void> {
  await connector.write(table, requests, {
    returnFields: [],
    beforeCall: async (refs) => {
      written.calls.push(refs)
      beforeCall(refs)
    },
    onResults: async (results) => {
      for (const result of results) {
        expect(written.results.has(result.ref)).toBe(false)
        written.results.set(result.ref, result.kind)
      }
    },
    ...(signal === undefined ? {} : { signal }),
  })
}

const nothingWritten = (): Written => ({ results: new Map(), calls: [] })
const countOf = (written: Written, kind: WriteResult['kind']): number =>
  [...written.results.values()].filter((found) => found === kind).length
const isBatch = (request: ReceivedRequest): boolean => request.path.endsWith('/$batch')

describe.each(SYSTEMS)('writing to %s', (...system) => {
  test('every request is answered once, announced once, in calls of a size the system takes', async () => {
    await withRig(system, acceptBatch, async (rig) => {
      const written = nothingWritten()
      await write(rig, updates(1030), written)
      expect(countOf(written, 'written')).toBe(1030)
      expect(written.calls.flat()).toHaveLength(1030)
      const largest = Math.max(...written.calls.map((refs) => refs.length))
      expect(largest).toBeLessThanOrEqual(system[0] === 'BUSINESS_CENTRAL' ? 100 : 250)
      expect(rig.server.requests.filter(isBatch)).toHaveLength(written.calls.length)
    })
  })

  test('no more calls run at once than the setting says', async () => {
    let running = 0
    let most = 0
    const gate: { release: () => void }[] = []
    const answer = (request: ReceivedRequest): Promise<ScriptedAnswer> => {
      running += 1
      most = Math.max(most, running)
      return new Promise((resolve) => {
        gate.push({
          release: () => {
            running -= 1
            resolve(acceptBatch(request))
          },
        })
        if (gate.length >= 3) for (const { release } of gate.splice(0)) release()
      })
    }
    await withRig(
      system,
      answer,
      async (rig) => {
        const written = nothingWritten()
        await write(rig, updates(system[0] === 'BUSINESS_CENTRAL' ? 600 : 1500), written)
        expect(most).toBe(3)
      },
      { settings: { concurrency: 3 } },
    )
  })

  test('a lost connection leaves its items unknown and stops nobody', async () => {
    let calls = 0
    const answer = (request: ReceivedRequest): RigAnswer =>
      (calls += 1) === 2 ? 'drop' : acceptBatch(request)
    await withRig(system, answer, async (rig) => {
      const written = nothingWritten()
      await write(rig, updates(1000), written)
      expect(countOf(written, 'unknown')).toBeGreaterThan(0)
      expect(countOf(written, 'written') + countOf(written, 'unknown')).toBe(1000)
    })
  })

  test('no answer in time: unknown', async () => {
    await withRig(
      system,
      () => 'silence',
      async (rig) => {
        const written = nothingWritten()
        await write(rig, updates(3), written)
        expect(countOf(written, 'unknown')).toBe(3)
      },
      { settings: { requestTimeout: 500 } },
    )
  })

  test('waiting ends at the deadline of the earliest item', async () => {
    await withRig(
      system,
      () => 'silence',
      async (rig) => {
        const written = nothingWritten()
        await write(rig, [...updates(1, 1150), ...updates(2).slice(1)], written)
        expect(countOf(written, 'unknown')).toBe(2)
      },
      { now: () => 1000 },
    )
  })

  test('nothing is sent after its deadline, also when it passes while the call is announced', async () => {
    let clock = 1000
    await withRig(
      system,
      acceptBatch,
      async (rig) => {
        const written = nothingWritten()
        const [late, soon, good] = updates(3)
        if (late === undefined || soon === undefined || good === undefined) throw new Error('three were made')
        const requests = [
          { ...late, deadline: 1000 },
          { ...soon, deadline: 2000 },
          { ...good, deadline: 90_000 },
        ]
        await write(rig, requests, written, () => {
          clock = 3000
        })
        expect(Object.fromEntries(written.results)).toEqual({ 0: 'notSent', 1: 'notSent', 2: 'written' })
        expect(written.calls).toEqual([['1', '2']])
        expect(rig.server.requests.find(isBatch)?.body).not.toContain(idOf(1))
      },
      { now: () => clock },
    )
  })

  test('nobody listens: nothing was sent, and the system is unavailable', async () => {
    const url = `${await deadAddress()}${system[2]}`
    // The token still comes from the server that lives.
    await withRig(
      system,
      acceptBatch,
      async (rig) => {
        const written = nothingWritten()
        const { failure } = await failureOf(write(rig, updates(1000), written))
        expect(failure).toMatchObject({ errorClass: 'UNAVAILABLE', code: 'ECONNREFUSED' })
        expect(countOf(written, 'notSent')).toBe(1000)
      },
      { settings: { url } },
    )
  })

  test('429 stops further calls, running ones end, the rest was not sent', async () => {
    let calls = 0
    const answer = (request: ReceivedRequest): RigAnswer =>
      (calls += 1) === 1 ? { status: 429, headers: { 'retry-after': '4' } } : acceptBatch(request)
    await withRig(
      system,
      answer,
      async (rig) => {
        const written = nothingWritten()
        const error = await failureOf(write(rig, updates(1000), written))
        expect(error).toMatchObject({ failure: { errorClass: 'THROTTLED' }, retryAfter: 4000 })
        expect(countOf(written, 'notSent')).toBe(1000)
        expect(rig.server.requests.filter(isBatch)).toHaveLength(1)
      },
      { settings: { concurrency: 1 } },
    )
  })

  test('a refused token is renewed once and the call repeated, announced again', async () => {
    const answer = (request: ReceivedRequest): RigAnswer =>
      request.headers.authorization === 'Bearer token-1' ? { status: 401 } : acceptBatch(request)
    await withRig(system, answer, async (rig) => {
      const written = nothingWritten()
      await write(rig, updates(1000), written)
      expect(countOf(written, 'written')).toBe(1000)
      expect(rig.server.requests.filter((request) => request.path === '/token')).toHaveLength(2)
    })
  })

  test('a token refused twice is a matter of setup', async () => {
    await withRig(
      system,
      () => ({ status: 401 }),
      async (rig) => {
        const written = nothingWritten()
        const { failure } = await failureOf(write(rig, updates(3), written))
        expect(failure).toMatchObject({ errorClass: 'SETUP', status: 401 })
        expect(countOf(written, 'notSent')).toBe(3)
        expect(rig.server.requests.filter(isBatch)).toHaveLength(2)
      },
    )
  })

  test('who announces may stop the work: his error comes back, and nothing more is sent', async () => {
    await withRig(
      system,
      acceptBatch,
      async (rig) => {
        const written = nothingWritten()
        const stop = new Error('the lease is lost')
        const work = write(rig, updates(1000), written, () => {
          if (written.calls.length === 2) throw stop
        })
        await expect(work).rejects.toBe(stop)
        expect(rig.server.requests.filter(isBatch)).toHaveLength(1)
        expect(countOf(written, 'written')).toBe(written.calls[0]?.length)
      },
      { settings: { concurrency: 1 } },
    )
  })

  test('a signal stops further calls, running ones end', async () => {
    const controller = new AbortController()
    await withRig(
      system,
      (request) => {
        controller.abort(new Error('cancelled'))
        return acceptBatch(request)
      },
      async (rig) => {
        const written = nothingWritten()
        await expect(write(rig, updates(1000), written, undefined, controller.signal)).rejects.toThrow(
          'cancelled',
        )
        expect(countOf(written, 'written')).toBe(written.calls[0]?.length)
        expect(rig.server.requests.filter(isBatch)).toHaveLength(1)
      },
      { settings: { concurrency: 1 } },
    )
  })
})

describe.each(SYSTEMS)('reading from %s', (...system) => {
  const read = ({ connector, table }: Rig, next?: string): ReturnType<Connector['readChanges']> =>
    connector.readChanges({
      table,
      fields: [],
      from: next === undefined ? { kind: 'stamp', atOrAfter: 0 } : { kind: 'next', next },
      pageSize: 50_000,
      track: false,
    })

  test('a link to another host is not followed', async () => {
    await using other = await startScriptedServer(() => ({ body: '{"value":[]}' }))
    const nextLink = `${other.url}${system[2]}/x?$skiptoken=1`
    await withRig(
      system,
      () => ({ body: JSON.stringify({ value: [], '@odata.nextLink': nextLink }) }),
      async (rig) => {
        const page = await read(rig)
        const { failure } = await failureOf(read(rig, page.next ?? ''))
        expect(failure).toMatchObject({ errorClass: 'SETUP' })
        expect(failure.message).toContain(other.url)
        expect(other.requests).toHaveLength(0)
      },
    )
  })

  test('a link is followed untouched', async () => {
    const links: string[] = []
    await withRig(
      system,
      (request) => {
        links.push(request.path)
        const link = `http://${request.headers.host}${system[2]}/x?$skiptoken=a%2Fb+c%20'd'&x=%5B`
        return {
          body: JSON.stringify({ value: [], ...(links.length === 1 ? { '@odata.nextLink': link } : {}) }),
        }
      },
      async (rig) => {
        const page = await read(rig)
        expect(await read(rig, page.next ?? '')).toEqual({ changes: [], next: null, token: null })
        expect(links[1]).toBe(`${system[2]}/x?$skiptoken=a%2Fb+c%20'd'&x=%5B`)
      },
    )
  })

  test.each([
    [
      { status: 429, headers: { 'retry-after': '5' } },
      { failure: { errorClass: 'THROTTLED' }, retryAfter: 5000 },
    ],
    [{ status: 503 }, { failure: { errorClass: 'UNAVAILABLE' } }],
    [{ status: 500, body: '<html>' }, { failure: { errorClass: 'UNAVAILABLE' } }],
    [{ status: 401 }, { failure: { errorClass: 'SETUP' } }],
    [
      { status: 403, body: '{"error":{"code":"x","message":"No."}}' },
      {
        failure: {
          errorClass: 'PERMISSION',
          message: expect.stringMatching(/^(Business Central|Dataverse): No\.$/) as string,
        },
      },
    ],
    [{ status: 404 }, { failure: { errorClass: 'SETUP' } }],
    [{ status: 302, headers: { location: 'https://example.test' } }, { failure: { errorClass: 'SETUP' } }],
    [
      { status: 400, body: '{"error":{"code":"x","message":"Bad."}}' },
      { failure: { errorClass: 'UNEXPECTED' } },
    ],
    [{ body: '<html>' }, { failure: { errorClass: 'UNEXPECTED' } }],
    [{ body: '{"value":[5]}' }, { failure: { errorClass: 'UNEXPECTED' } }],
    [{ body: '{"value":[{}]}' }, { failure: { errorClass: 'UNEXPECTED' } }],
    ['drop' as const, { failure: { errorClass: 'UNAVAILABLE' } }],
  ])('%j is %j', async (answer, expected) => {
    await withRig(
      system,
      () => answer,
      async (rig) => {
        expect(await failureOf(read(rig))).toMatchObject(expected)
      },
    )
  })

  test('no failure shows the secret or a token', async () => {
    await withRig(
      system,
      () => ({ status: 403 }),
      async (rig) => {
        const { failure } = await failureOf(read(rig))
        expect(JSON.stringify(failure)).not.toMatch(/the-secret-value|token-1/)
      },
    )
  })

  test('the clock is that of the Date header', async () => {
    await withRig(
      system,
      () => ({ headers: { date: 'Sat, 28 Feb 2026 10:00:00 GMT' }, body: '{"value":[]}' }),
      async (rig) => {
        expect(await rig.connector.readClock()).toEqual({ at: Date.UTC(2026, 1, 28, 10), readAt: 5 })
      },
      { now: () => 5 },
    )
  })
})

describe('reading from Dataverse', () => {
  const system = DATAVERSE
  const tokenOf = (server: ScriptedServer): string => `${server.url}/api/data/v9.2/accounts?$deltatoken=1`

  test.each([
    [400, '0x80044352'],
    [400, '0x0'],
    [410, ''],
  ])('a delta link refused with %i %s asks for a full read', async (status, code) => {
    await withRig(
      system,
      () => ({ status, body: JSON.stringify({ error: { code, message: 'Expired.' } }) }),
      async ({ connector, table, server }) => {
        const from = { kind: 'token', token: tokenOf(server) } as const
        const error = await failureOf(
          connector.readChanges({ table, fields: [], from, pageSize: 10, track: true }),
        )
        expect(error.tokenExpired).toBe(true)
      },
    )
  })

  test('a delta link of another address is not followed, and asks for a full read', async () => {
    await withRig(
      system,
      () => ({ body: '{"value":[]}' }),
      async ({ connector, table, server }) => {
        const from = {
          kind: 'token',
          token: 'https://old.test/api/data/v9.2/accounts?$deltatoken=1',
        } as const
        const error = await failureOf(
          connector.readChanges({ table, fields: [], from, pageSize: 10, track: true }),
        )
        expect(error).toMatchObject({ tokenExpired: true, failure: { errorClass: 'SETUP' } })
        expect(server.requests).toHaveLength(0)
      },
    )
  })

  test('a tracked read that ends without a delta link: change tracking is off', async () => {
    await withRig(
      system,
      () => ({ body: '{"value":[]}' }),
      async ({ connector, table }) => {
        const request = { table, fields: [], from: { kind: 'beginning' }, pageSize: 10, track: true } as const
        expect((await failureOf(connector.readChanges(request))).failure.errorClass).toBe('SETUP')
      },
    )
  })
})

describe('the company of Business Central', () => {
  const company = (id: string, name: string): object => ({ id, name })
  const answering =
    (...companies: object[]) =>
    (request: ReceivedRequest): ScriptedAnswer => ({
      body: JSON.stringify({
        value: request.path.includes('/companies?') ? companies : [{ id: idOf(1), currencyCode: 'USD' }],
      }),
    })

  test('the only one is found, once', async () => {
    await withRig(
      BUSINESS_CENTRAL,
      answering(company(COMPANY, 'CRONUS')),
      async ({ connector, server }) => {
        const expected = { baseCurrency: null, localCurrencyCode: 'USD' }
        expect(await Promise.all([connector.readFacts(), connector.readFacts()])).toEqual([
          expected,
          expected,
        ])
        expect(server.requests.filter((request) => request.path.includes('/companies?'))).toHaveLength(1)
        expect(connector.recordUrl(CUSTOMER, idOf(1))).toBe(
          `${server.url}/api/v2.0/companies(${COMPANY})/customers(${idOf(1)})`,
        )
      },
      { settings: { companyId: null } },
    )
  })

  test('several are named, none is explained', async () => {
    const several = answering(company(COMPANY, 'CRONUS'), company(idOf(2), 'My Company'))
    await withRig(
      BUSINESS_CENTRAL,
      several,
      async ({ connector }) => {
        const { failure } = await failureOf(connector.readFacts())
        expect(failure.errorClass).toBe('SETUP')
        expect(failure.message).toContain('CRONUS')
        expect(failure.message).toContain('My Company')
      },
      { settings: { companyId: null } },
    )
    await withRig(
      BUSINESS_CENTRAL,
      answering(),
      async ({ connector }) => {
        expect((await failureOf(connector.readFacts())).failure.errorClass).toBe('SETUP')
      },
      { settings: { companyId: null } },
    )
  })
})
