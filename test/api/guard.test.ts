import { createHash } from 'node:crypto'
import { get } from 'node:http'
import { createClient } from 'graphql-ws'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashOf, newSecret } from '../../src/api/sign-in/secrets.js'
import { startTestApi, TOKEN, type TestApi } from './support/api.js'
import { asStream, overClient, overWebSocket, type Heard } from './support/subscriber.js'

/** How long something that is told at once may take on a busy machine. */
const PATIENT = { timeout: 20_000 }

/** Requests a minute that the guarded API answers to one token. */
const MOST_REQUESTS = 20

const MAPPINGS = '{ integrationTableMappings { id } }'

let api: TestApi
/** As one stands in front of strangers. */
let guarded: TestApi

beforeAll(async () => {
  ;[api, guarded] = await Promise.all([
    startTestApi('guard_plain'),
    startTestApi('guard_strict', undefined, undefined, {
      introspection: false,
      limits: { requestsPerMinute: MOST_REQUESTS, deadlineSeconds: 2 },
      statementSeconds: 1,
    }),
  ])
})
afterAll(async () => {
  await Promise.all([api.close(), guarded.close()])
})

function post(url: string, body: unknown): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(body),
  })
}

const aliases = (count: number) =>
  Array.from({ length: count }, (_, index) => `a${index}: integrationTableMappings { id }`).join(' ')

describe('a document of hostile shape is refused with limit and remedy', () => {
  test.each([
    ['aliases', `{ ${aliases(51)} }`],
    ['aliases', `{ ...A b: integrationTableMappings { id } ...A } fragment A on Query { ${aliases(25)} }`],
    ['directives', `{ ${'integrationTableMappings @include(if: true) { id } '.repeat(51)} }`],
  ])('too many %s', async (what, query) => {
    const { errors } = await api.ask(query)
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining(`at most 50 ${what}; this has 51`),
      extensions: { code: 'QUERY_TOO_COMPLEX', what, limit: 50, found: 51, remedy: expect.any(String) },
    })
  })

  test('as many as one may have are answered', async () => {
    expect((await api.ask(`{ ${aliases(50)} }`)).errors).toEqual([])
  })

  test('several operations in one request', async () => {
    const response = await post(api.url, [{ query: MAPPINGS }, { query: MAPPINGS }])
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'BATCH_REFUSED', limit: 1, found: 2 } }],
    })
  })
})

describe('the schema', () => {
  test('is told, with suggestions, where introspection is on', async () => {
    expect((await api.ask('{ __schema { queryType { name } } }')).errors).toEqual([])
    const { errors } = await api.ask('{ integrationTableMappingz { id } }')
    expect(errors[0]?.message).toContain('Did you mean')
  })

  test('is not, where it is off: neither by introspection nor by suggestions', async () => {
    const introspected = await guarded.ask('{ __schema { queryType { name } } }')
    expect(introspected.errors[0]?.message).toContain('introspection')
    for (const query of ['{ integrationTableMappingz { id } }', '{ integrationTableMappings { nam } }']) {
      const { errors } = await guarded.ask(query)
      expect(errors[0]?.message).toContain('Cannot query field')
      expect(errors[0]?.message).not.toContain('Did you mean')
    }
  })
})

test('every answer forbids browsers to run or frame it', async () => {
  for (const path of ['/', '/healthz', '/nothing', '/graphql']) {
    const { headers } = await fetch(`${api.url}${path}`)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  }
})

describe('a persisted query', () => {
  const sha256Hash = createHash('sha256').update(MAPPINGS).digest('hex')
  const persisted = { extensions: { persistedQuery: { version: 1, sha256Hash } } }

  test('is asked for by its hash once it was sent whole', async () => {
    const unknown = await post(api.url, persisted)
    expect(await unknown.json()).toMatchObject({
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    })
    await post(api.url, { ...persisted, query: MAPPINGS })
    expect(await (await post(api.url, persisted)).json()).toEqual({ data: { integrationTableMappings: [] } })
  })

  test('is none of another text', async () => {
    const response = await post(api.url, { ...persisted, query: '{ __typename }' })
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    })
  })
})

describe('time', () => {
  /** What the API answers while nobody can read mappings. */
  async function askedInVain(of: TestApi): Promise<Response> {
    const other = new pg.Client({ connectionString: of.databaseUrl })
    await other.connect()
    try {
      await other.query('begin')
      await other.query('lock table integration_table_mapping in access exclusive mode')
      return await post(of.url, { query: MAPPINGS })
    } finally {
      await other.end()
    }
  }

  test('a statement that takes too long ends, without a word of the database', async () => {
    const text = await (await askedInVain(guarded)).text()
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'TIMEOUT' } }] })
    expect(text).not.toContain('statement timeout')
  })

  test('a request that takes too long is answered all the same', async () => {
    const slow = await startTestApi('guard_slow', undefined, undefined, {
      limits: { requestsPerMinute: null, deadlineSeconds: 1 },
    })
    try {
      const response = await askedInVain(slow)
      expect(response.status).toBe(503)
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'TIMEOUT', limit: 1 } }] })
      expect((await post(slow.url, { query: MAPPINGS })).status).toBe(200)
    } finally {
      await slow.close()
    }
  })
})

test.each(['[', 'a b', 'x; script-src *', 'somebody@example.com', 'example.com/path', '[::1'])(
  'a request for a host that is none is refused, and is no fault of ours: %s',
  async (host) => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      get(`${api.url}/`, { headers: { host, accept: 'text/html' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).on('error', reject)
    })
    expect(status).toBe(400)
  },
)

test('who sends too many requests is told when to come again, and nobody else is', async () => {
  let refused: Response | null = null
  for (let sent = 0; refused === null && sent <= MOST_REQUESTS; sent += 1) {
    const response = await post(guarded.url, { query: MAPPINGS })
    if (response.status !== 200) refused = response
  }
  expect(refused?.status).toBe(429)
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refused?.json()).toMatchObject({
    errors: [{ extensions: { code: 'RATE_LIMITED', limit: MOST_REQUESTS } }],
  })
  expect((await fetch(`${guarded.url}/healthz`)).status).toBe(200)
})

describe('subscriptions', () => {
  const MOST = 5
  const COUNTERS = 'subscription { countersChanged { mapping { name } } }'
  let live: TestApi

  beforeAll(async () => {
    live = await startTestApi('guard_live', undefined, undefined, {
      limits: { requestsPerMinute: MOST, deadlineSeconds: 10 },
    })
  })
  afterAll(() => live.close())

  const tokenOf = async (name: string): Promise<string> => {
    const token = newSecret()
    await live.database.em
      .fork()
      .execute(
        `insert into access_token (id, name, role, hash, prefix, created_at, created_by) values (gen_random_uuid(), ?, 'VIEWER', ?, 'accord_', now(), 'test')`,
        [name, hashOf(`accord_${token}`)],
      )
    return `accord_${token}`
  }

  test.each([
    ['over one connection of WebSocket', 'together'],
    ['over a connection each', 'apart'],
    ['as streams', 'streams'],
  ] as const)('count like requests: %s', async (_, how) => {
    const token = await tokenOf(how)
    const client = createClient({
      url: `${live.url.replace('http', 'ws')}/graphql/ws`,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    })
    const started: Heard<unknown>[] = []
    const subscribe = (): Heard<unknown> => {
      const one = how === 'together' ? overClient(client, COUNTERS) : null
      started.push(one ?? (how === 'apart' ? overWebSocket : asStream)<unknown>(live.url, COUNTERS, token))
      return started.at(-1) as Heard<unknown>
    }
    for (let count = 0; count < MOST; count += 1) {
      const heard = subscribe()
      await expect.poll(() => heard.answers.length, PATIENT).toBeGreaterThan(0)
    }
    const refused = await subscribe().ended
    expect(JSON.stringify(refused) + String(refused)).toMatch(
      /"limit":5.*"code":"RATE_LIMITED"|Too Many Requests/,
    )
    expect((await live.ask(MAPPINGS, {}, token)).status).toBe(429)
    for (const heard of started) heard.stop()
    await client.dispose()
  })

  test('of wrong tokens are counted and logged as over HTTP', async () => {
    const closedWith = (): Promise<number> =>
      new Promise((resolve) => {
        const client = createClient({
          url: `${live.url.replace('http', 'ws')}/graphql/ws`,
          connectionParams: { authorization: 'Bearer wrong' },
          retryAttempts: 0,
          on: { closed: (event) => resolve((event as CloseEvent).code) },
        })
        client.subscribe(
          { query: COUNTERS },
          { next: () => undefined, error: () => undefined, complete: () => undefined },
        )
      })
    for (let count = 0; count < 20; count += 1) expect(await closedWith()).toBe(4403)
    expect(await closedWith()).toBe(4429)
    expect((await live.ask(MAPPINGS, {}, 'wrong')).status).toBe(429)
    expect(live.log.filter((line) => line.includes('wrong credentials'))).toHaveLength(20)
  })
})

test.each([
  ['the state of the service', 'GET', '/readyz', 600, 200],
  ['the same by its other name', 'GET', '/health', 600, 200],
  ['notifications of systems', 'POST', '/hints/00000000-0000-4000-8000-000000000000', 1200, 404],
])(
  'who asks without a sign-in for %s is limited by address, generously',
  async (_, method, path, most, status) => {
    const answers = new Map<number, number>()
    const send = async (): Promise<void> => {
      const response = await fetch(`${api.url}${path}`, { method })
      await response.arrayBuffer()
      answers.set(response.status, (answers.get(response.status) ?? 0) + 1)
    }
    for (let sent = 0; sent < most + 50; sent += 50) await Promise.all(Array.from({ length: 50 }, send))
    expect(Object.fromEntries(answers)).toEqual({ [status]: most, 429: 50 })
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200)
  },
)
