import { parse as parseCsv } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestApi, TOKEN, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows
let mapping: string

beforeAll(async () => {
  api = await startTestApi('export')
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.reset()
  rows = new Rows(api.database)
  mapping = await rows.mapping({ name: 'CUSTOMER' })
})

function get(path: string, filter?: object, token: string | null = TOKEN): Promise<Response> {
  const query = filter === undefined ? '' : `?filter=${encodeURIComponent(JSON.stringify(filter))}`
  return fetch(`${api.url}/export/${path}${query}`, {
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  })
}

async function lines(path: string, filter?: object): Promise<Record<string, unknown>[]> {
  const text = await (await get(path, filter)).text()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('errors are exported whole, over many pages, each once, the oldest first', async () => {
  await rows.error(mapping)
  await api.database.em.fork().execute(`
    insert into integration_synch_error
    select (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'record_key', 'LOCAL:copy-' || n,
      'first_seen', e.first_seen + make_interval(secs => n % 700)))).*
    from integration_synch_error e, generate_series(1, 1200) n`)
  const exported = await lines('errors.ndjson')
  expect(new Set(exported.map(({ id }) => id)).size).toBe(1201)
  expect(exported).toHaveLength(1201)
  const times = exported.map(({ firstSeen }) => String(firstSeen))
  expect(times).toEqual(times.toSorted())
  expect(exported[0]).toMatchObject({ connection: 'Contoso', mapping: 'CUSTOMER', status: 'OPEN' })
})

test('the filter is that of the query', async () => {
  await rows.error(mapping, { sourceName: 'Adatum' })
  await rows.error(mapping, { sourceName: 'Fabrikam', resolvedAt: new Date() })
  expect((await lines('errors.ndjson', { status: 'OPEN' })).map((row) => row['sourceName'])).toEqual([
    'Adatum',
  ])
  expect(await lines('errors.ndjson', { time: { to: '2020-01-01T00:00:00Z' } })).toEqual([])
})

test.each([
  [{ mapping: 'NOTHING' }, 404, 'NOT_FOUND'],
  [{ state: 'OPEN' }, 400, 'BAD_USER_INPUT'],
  [{ status: 'open' }, 400, 'BAD_USER_INPUT'],
  ['OPEN', 400, 'BAD_USER_INPUT'],
])('a filter without meaning is refused: %j', async (filter, status, code) => {
  const response = await get('errors.csv', filter as object)
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] })
})

test('a spreadsheet gets columns, and takes no name for a formula', async () => {
  await rows.error(mapping, { sourceName: '=HYPERLINK("http://evil")', destinationName: 'A, "B"\nC' })
  const response = await get('errors.csv')
  expect(response.headers.get('content-type')).toContain('text/csv')
  expect(response.headers.get('content-disposition')).toContain('accord-errors.csv')
  const [row] = parseCsv<Record<string, string>>(await response.text(), { columns: true })
  expect(row).toMatchObject({
    mapping: 'CUSTOMER',
    sourceName: `'=HYPERLINK("http://evil")`,
    occurrences: '1',
  })
  expect(row?.['destinationName']).toBe('A, "B"\nC')
})

test('jobs and history are exported as well', async () => {
  const run = await rows.run(mapping)
  await rows.job(mapping, run, { inserted: 3 })
  expect(await lines('jobs.ndjson', { mapping: 'CUSTOMER' })).toMatchObject([
    { mapping: 'CUSTOMER', run, inserted: 3, status: 'COMPLETED' },
  ])
  expect(await lines('history.ndjson')).toEqual([])
  expect((await (await get('history.csv', { kind: ['CREATE'] })).text()).trim()).toBe('')
})

test('nobody gets them without sign-in', async () => {
  expect((await get('errors.ndjson', undefined, null)).status).toBe(401)
})
