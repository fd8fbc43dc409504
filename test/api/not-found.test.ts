import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_not_found')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const queries = ['synchRun', 'coupling', 'integrationSynchError', 'skippedSynchRecord']

test.each(queries)('%s of an unknown id is NOT_FOUND and leaves its neighbours', async (query) => {
  await rows.mapping()
  const { data, errors } = await api.ask(
    `{ ${query}(id: "${randomUUID()}") { id } integrationTableMappings { name } }`,
  )
  expect(errors).toMatchObject([{ path: [query], extensions: { code: 'NOT_FOUND' } }])
  expect(data).toEqual({ [query]: null, integrationTableMappings: [{ name: 'CUSTOMER' }] })
})

test.each(queries)('%s of a malformed id is BAD_USER_INPUT, whatever it holds', async (query) => {
  for (const id of [
    '',
    '42',
    `${randomUUID()} `,
    "'; drop table coupling; --",
    'a\u0000b',
    '😀'.repeat(5_000),
  ]) {
    const { errors } = await api.ask(`query ($id: ID!) { ${query}(id: $id) { id } }`, { id })
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/^id: Expected a UUID such as .{1,400}$/u),
        extensions: { code: 'BAD_USER_INPUT', problems: [{ argument: 'id' }] },
      },
    ])
  }
})

test('a pending record is no skipped synch. record', async () => {
  const mapping = await rows.mapping()
  const id = await rows.skipped(mapping, { state: 'PENDING', reason: 'RETRY' })
  const { errors } = await api.ask(`{ skippedSynchRecord(id: "${id}") { id } }`)
  expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
})

test.each(['NOBODY', '', 'customer', 'A\u0000B', '\ud800', '😀'.repeat(3_000), 'x'.repeat(10_000), '%'])(
  'an unknown mapping is named in short, with those that exist (%#)',
  async (name) => {
    await rows.mapping()
    const { errors } = await api.ask(
      'query ($name: String!) { integrationTableMapping(name: $name) { id } }',
      { name },
    )
    expect(errors).toHaveLength(1)
    expect(errors[0]?.extensions.code).toBe('NOT_FOUND')
    expect(errors[0]?.message).toMatch(/^There is no mapping ".*Mappings: CUSTOMER\.$/su)
    expect(errors[0]?.message.length).toBeLessThan(400)
  },
)

test('a name that two connections use asks for the connection', async () => {
  await rows.mapping()
  const second = await rows.mapping({ connectionId: await rows.connection({ name: 'Fabrikam' }) })
  const question =
    'query ($connection: String) { integrationTableMapping(name: "CUSTOMER", connection: $connection) { id } }'
  const { errors } = await api.ask(question)
  expect(errors).toMatchObject([
    {
      message: expect.stringContaining('Contoso, Fabrikam'),
      extensions: { code: 'BAD_USER_INPUT', problems: [{ argument: 'connection' }] },
    },
  ])
  expect((await api.ask(question, { connection: 'Fabrikam' })).data['integrationTableMapping']).toEqual({
    id: second,
  })
  expect((await api.ask(question, { connection: 'Nobody' })).errors).toMatchObject([
    {
      message:
        'There is no mapping "CUSTOMER" in a connection "Nobody". Mappings: CUSTOMER (Contoso), CUSTOMER (Fabrikam).',
    },
  ])
})
