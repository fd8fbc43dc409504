import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ApiAddressError, startApi } from '../../src/api/server.js'
import { openDatabase } from '../../src/persistence/database.js'
import { createFakeConnectionChecker } from './support/connection-checker.js'
import { createFakeRecordExaminer } from './support/record-examiner.js'
import { createRunControl } from './support/run-control.js'
import { createFakeTableReader } from './support/table-reader.js'
import {
  startTestApi,
  TOKEN,
  type TestApi,
  createTestInstallation,
  createTestSettingsKeeper,
} from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi

beforeAll(async () => {
  api = await startTestApi('api_server')
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const QUESTION = JSON.stringify({ query: '{ integrationTableMappings { name } }' })

function send(headers: Readonly<Record<string, string>>, body: string = QUESTION): Promise<Response> {
  return fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
}

describe('the bearer token', () => {
  test.each([
    ['no header', {}],
    ['a wrong token', { authorization: 'Bearer a-token-for-testing' }],
    ['a part of the token', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['no token', { authorization: 'Bearer' }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
    ['two tokens', { authorization: `Bearer ${TOKEN} ${TOKEN}` }],
  ])('%s is refused with 401 and a GraphQL error', async (_case, headers) => {
    const response = await send(headers as Record<string, string>)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
    expect(await response.json()).toEqual({
      errors: [
        { message: expect.stringContaining('accord status'), extensions: { code: 'UNAUTHENTICATED' } },
      ],
    })
  })

  test('the right token is let in, whatever the case of the scheme', async () => {
    const response = await send({ authorization: `bearer ${TOKEN}` })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ data: { integrationTableMappings: [] } })
  })

  test('introspection is for those who are let in', async () => {
    const body = JSON.stringify({ query: '{ __schema { queryType { name } } }' })
    expect((await send({}, body)).status).toBe(401)
    const response = await send({ authorization: `Bearer ${TOKEN}` }, body)
    expect(await response.json()).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } })
  })
})

describe('the pages', () => {
  test('the root says in HTML what this is and where GraphQL is', async () => {
    const response = await fetch(api.url)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/html')
    const page = await response.text()
    expect(page).toContain('Accord')
    expect(page).toContain('/graphql')
    expect(page).not.toMatch(/https?:\/\//)
  })

  test('health is 200 while the database answers', async () => {
    const response = await fetch(`${api.url}/health`)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      status: 'ok',
      checks: { database: 'ok', schema: 'ok', temporal: 'ok' },
    })
  })

  test('anything else is 404', async () => {
    const response = await fetch(`${api.url}/console`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] })
  })

  test('other origins get no permission from CORS', async () => {
    const response = await send({ authorization: `Bearer ${TOKEN}`, origin: 'https://example.com' })
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    const preflight = await fetch(`${api.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'https://example.com', 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(404)
  })
})

describe('what is refused before it is read', () => {
  const authorized = { authorization: `Bearer ${TOKEN}` }

  test('a form of a foreign page (CSRF)', async () => {
    const response = await fetch(
      `${api.url}/graphql?query=${encodeURIComponent('{ integrationTableMappings { name } }')}`,
      {
        headers: authorized,
      },
    )
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('CSRF')
  })

  test('a body that is not JSON', async () => {
    const response = await send(authorized, '{"query": ')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
  })

  test('a body of more than a megabyte', async () => {
    const response = await send(
      authorized,
      JSON.stringify({ query: `#${'x'.repeat(1024 * 1024)}\n{ __typename }` }),
    )
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
  })

  test('a document of very many words', async () => {
    const { errors } = await api.ask(`{ ${'__typename '.repeat(6_000)} }`)
    expect(errors).toMatchObject([
      { extensions: { code: 'QUERY_TOO_COMPLEX', what: 'tokens', limit: 5_000, remedy: expect.any(String) } },
    ])
  })

  test('an operation of endless depth', async () => {
    const nested = (levels: number): string =>
      levels === 0 ? 'id' : `lastRun { mapping { ${nested(levels - 1)} } }`
    expect((await api.ask(`{ integrationTableMappings { ${nested(7)} } }`)).errors).toEqual([])
    const { errors } = await api.ask(`{ integrationTableMappings { ${nested(9)} } }`)
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('at most 16 levels of fields; this has 20'),
        extensions: { code: 'QUERY_TOO_COMPLEX', what: 'depth', limit: 16, found: 20 },
      },
    ])
  })

  test('an operation that asks for too much, also by fragments that multiply and by a variable', async () => {
    const fragments = Array.from(
      { length: 60 },
      (_, index) => `fragment F${index} on Query { ...F${index + 1} a${index}: __typename ...F${index + 1} }`,
    ).join('\n')
    const exponential = `query Q($first: Int!) { ...F0 } ${fragments} fragment F60 on Query {
      couplings(first: $first) { nodes { id } } }`
    const { errors } = await api.ask(exponential, { first: 500 })
    expect(errors.map(({ extensions }) => extensions.code)).toContain('QUERY_TOO_COMPLEX')
  })

  test('ten aliases of a full page', async () => {
    const page = (alias: string) => `${alias}: couplings(first: 500) { nodes {
      id lastSynchModifiedOn lastSynchCrmModifiedOn skipped localRecord { id name url table } integrationRecord { id name url table }
      mapping { name localTable integrationTable direction } } }`
    expect((await api.ask(`{ ${page('a')} }`)).errors).toEqual([])
    const { errors } = await api.ask(`{ ${[...'abcdefghij'].map(page).join('\n')} }`)
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }])
  })
})

test('an unexpected failure leaves a reference to the log and nothing else', async () => {
  const mapping = await new Rows(api.database).mapping()
  await api.database.em.fork().execute('alter table synch_run rename to hidden_run')
  try {
    const { errors, data } = await api.ask('{ integrationTableMappings { id lastRun { id } } }')
    expect(data['integrationTableMappings']).toEqual([{ id: mapping, lastRun: null }])
    const [error] = errors
    expect(error?.extensions.code).toBe('INTERNAL_SERVER_ERROR')
    expect(Object.keys(error?.extensions ?? {}).sort()).toEqual(['code', 'reference'])
    expect(JSON.stringify(error)).not.toMatch(/synch_run|select|relation|node_modules/i)
    const logged = api.log.find((line) => line.includes(String(error?.extensions['reference'])))
    expect(logged).toContain('relation \\"synch_run\\" does not exist')
  } finally {
    await api.database.em.fork().execute('alter table hidden_run rename to synch_run')
  }
})

test('a taken port is an error that names it', async () => {
  const port = Number(new URL(api.url).port)
  const starting = startApi({
    database: api.database,
    runControl: createRunControl(),
    tableReader: createFakeTableReader(),
    recordExaminer: createFakeRecordExaminer(),
    settingsKeeper: createTestSettingsKeeper(),
    installation: createTestInstallation(),
    connectionChecker: createFakeConnectionChecker(),
    token: TOKEN,
    host: '127.0.0.1',
    port,
    logger: pino({ level: 'silent' }),
  })
  await expect(starting).rejects.toThrow(ApiAddressError)
  await expect(starting).rejects.toThrow(`Port ${port} on 127.0.0.1 for the API is in use`)
})

test('two of them run beside one another, and closing one lets its requests end', async () => {
  const second = await startApi({
    database: api.database,
    runControl: createRunControl(),
    tableReader: createFakeTableReader(),
    recordExaminer: createFakeRecordExaminer(),
    settingsKeeper: createTestSettingsKeeper(),
    installation: createTestInstallation(),
    connectionChecker: createFakeConnectionChecker(),
    token: 'another-token',
    host: '127.0.0.1',
    port: 0,
    logger: pino({ level: 'silent' }),
  })
  const answered = fetch(`${second.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer another-token' },
    body: QUESTION,
  })
  expect((await answered).status).toBe(200)
  await second.close()
  await expect(fetch(`${second.url}/health`)).rejects.toThrow('fetch failed')
  expect((await fetch(`${api.url}/health`)).status).toBe(200)
})

test('health is 503 while the database does not answer', async () => {
  const database = await openDatabase('postgres://nobody@127.0.0.1:1/nothing')
  const lonely = await startApi({
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
  try {
    expect((await fetch(`${lonely.url}/health`)).status).toBe(503)
  } finally {
    await lonely.close()
    await database.close()
  }
})
