import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SynchRun } from '../../src/persistence/entities/synch-run.js'
import { startTestApi, type Answer, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'
import { createRunControl } from './support/run-control.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_runs')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

async function storedRun(id: string): Promise<SynchRun> {
  return api.database.em.fork().findOneOrFail(SynchRun, { id })
}

const RUN = 'id status kind mode direction requestedBy mapping { name } jobs { id } temporalUrl'

describe('synchronizeMapping', () => {
  const synchronize = (args: string): Promise<Answer<{ synchronizeMapping: { id: string } }>> =>
    api.ask(`mutation { synchronizeMapping(${args}) { ${RUN} } }`)

  test('makes a run and starts its workflow', async () => {
    await rows.mapping()
    const { data, errors } = await synchronize('name: "CUSTOMER"')
    expect(errors).toEqual([])
    const run = data.synchronizeMapping
    expect(run).toEqual({
      id: expect.any(String),
      status: 'RUNNING',
      kind: 'MANUAL',
      mode: 'MODIFIED',
      direction: null,
      requestedBy: 'local',
      mapping: { name: 'CUSTOMER' },
      jobs: [],
      temporalUrl: `http://127.0.0.1:8233/namespaces/default/workflows/synch-run%2F${run.id}`,
    })
    expect(api.runControl.started).toEqual([run.id])
  })

  test.each(['MODIFIED', 'FULL', 'UNCONDITIONAL'])('in mode %s and one direction', async (mode) => {
    await rows.mapping()
    const { data } = await synchronize(`name: "CUSTOMER", mode: ${mode}, direction: FROM_INTEGRATION_TABLE`)
    expect(data.synchronizeMapping).toMatchObject({ mode, direction: 'FROM_INTEGRATION_TABLE' })
  })

  test('during a run returns that run; a wider one is queued once', async () => {
    const mapping = await rows.mapping()
    const running = await rows.run(mapping, { status: 'RUNNING', finishedAt: null })
    expect((await synchronize('name: "CUSTOMER"')).data.synchronizeMapping.id).toBe(running)
    const queued = (await synchronize('name: "CUSTOMER", mode: FULL')).data.synchronizeMapping
    expect(queued).toMatchObject({ status: 'QUEUED', mode: 'FULL' })
    const wider = (await synchronize('name: "CUSTOMER", mode: UNCONDITIONAL')).data.synchronizeMapping
    expect(wider).toMatchObject({ id: queued.id, status: 'QUEUED', mode: 'UNCONDITIONAL' })
    expect(api.runControl.started).toEqual([])
  })

  test('many at once make one run', async () => {
    await rows.mapping()
    const answers = await Promise.all(Array.from({ length: 10 }, () => synchronize('name: "CUSTOMER"')))
    expect(answers.flatMap((answer) => answer.errors)).toEqual([])
    expect(new Set(answers.map((answer) => answer.data.synchronizeMapping.id)).size).toBe(1)
    expect(new Set(api.runControl.started).size).toBe(1)
  })

  test('against a one-way mapping names its direction', async () => {
    await rows.mapping({}, { direction: 'TO_INTEGRATION_TABLE' })
    const { errors } = await synchronize('name: "CUSTOMER", direction: FROM_INTEGRATION_TABLE')
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('CUSTOMER is carried TO_INTEGRATION_TABLE only'),
        extensions: { code: 'BAD_USER_INPUT', problems: [{ argument: 'direction' }] },
      },
    ])
    expect(await api.database.em.fork().count(SynchRun)).toBe(0)
  })

  test('of an unknown mapping or mode', async () => {
    await rows.mapping()
    expect((await synchronize('name: "CUSTMER"')).errors).toMatchObject([
      { message: expect.stringContaining('Mappings: CUSTOMER.'), extensions: { code: 'NOT_FOUND' } },
    ])
    expect(await synchronize('name: "CUSTOMER", mode: SOME')).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    })
  })

  test('without Temporal says so and calls the run off; the next request makes another', async () => {
    await rows.mapping()
    api.runControl.beUnreachable()
    const { errors } = await synchronize('name: "CUSTOMER"')
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('Temporal cannot be reached'),
        extensions: { code: 'ENGINE_UNAVAILABLE' },
      },
    ])
    expect(JSON.stringify(errors)).not.toContain('ECONNREFUSED')
    expect(api.log.join('')).toContain('ECONNREFUSED')
    expect(await api.database.em.fork().find(SynchRun, {})).toMatchObject([
      { status: 'FAILED', message: expect.stringContaining('Temporal'), finishedAt: expect.any(Date) },
    ])

    api.runControl = createRunControl()
    const again = await synchronize('name: "CUSTOMER"')
    expect(again.data.synchronizeMapping).toMatchObject({ status: 'RUNNING' })
    expect(api.runControl.started).toEqual([again.data.synchronizeMapping.id])
  })
})

test('a run shows its jobs, To first, with all their counters', async () => {
  const mapping = await rows.mapping()
  const run = await rows.run(mapping, { message: 'Sales was unavailable.', status: 'FAILED' })
  const counters = {
    inserted: 1,
    modified: 2,
    deleted: 3,
    unchanged: 4,
    skipped: 5,
    failed: 6,
    conflicts: 7,
    retried: 8,
  }
  await rows.job(mapping, run, { direction: 'FROM_INTEGRATION_TABLE', finish: null })
  await rows.job(mapping, run, { ...counters, ignored: { BUSY: 4, OUT_OF_FILTER: 5 } })
  const { data, errors } =
    await api.ask(`{ synchRun(id: "${run}") { id status message requestedBy requestedAt startedAt finishedAt
    mapping { name } retryOf { id } jobs { direction status inserted modified deleted unchanged skipped failed conflicts ignored retried
    ignoredByReason { reason count } start finish message } } }`)
  expect(errors).toEqual([])
  expect(data['synchRun']).toMatchObject({
    status: 'FAILED',
    message: 'Sales was unavailable.',
    requestedBy: 'schedule',
    requestedAt: '2026-03-01T10:00:00.000Z',
    retryOf: null,
    jobs: [
      {
        direction: 'TO_INTEGRATION_TABLE',
        ...counters,
        ignored: 9,
        start: '2026-03-01T10:00:00.000Z',
        finish: '2026-03-01T10:01:00.000Z',
      },
      { direction: 'FROM_INTEGRATION_TABLE', ignored: 0, finish: null },
    ],
  })
})

describe('cancelSynchRun', () => {
  const cancel = (id: string): Promise<Answer> =>
    api.ask(`mutation { cancelSynchRun(id: "${id}") { id status } }`)

  test('asks a running workflow to stop', async () => {
    const run = await rows.run(await rows.mapping(), { status: 'RUNNING', finishedAt: null })
    expect((await cancel(run)).data['cancelSynchRun']).toEqual({ id: run, status: 'RUNNING' })
    expect(api.runControl.cancelled).toEqual([run])
  })

  test('calls a queued run off at once', async () => {
    const run = await rows.run(await rows.mapping(), { status: 'QUEUED', startedAt: null, finishedAt: null })
    expect((await cancel(run)).data['cancelSynchRun']).toEqual({ id: run, status: 'CANCELLED' })
    expect((await storedRun(run)).finishedAt).toBeInstanceOf(Date)
    expect(api.runControl.cancelled).toEqual([])
  })

  test('ends a run at once whose workflow never began, and tells the workflow as well', async () => {
    const run = await rows.run(await rows.mapping(), {
      status: 'RUNNING',
      startedAt: null,
      finishedAt: null,
    })
    expect((await cancel(run)).data['cancelSynchRun']).toEqual({ id: run, status: 'CANCELLED' })
    expect(api.runControl.cancelled).toEqual([run])
  })

  test('without Temporal says so', async () => {
    const run = await rows.run(await rows.mapping(), { status: 'RUNNING', finishedAt: null })
    api.runControl.beUnreachable()
    expect((await cancel(run)).errors).toMatchObject([{ extensions: { code: 'ENGINE_UNAVAILABLE' } }])
    expect((await storedRun(run)).status).toBe('RUNNING')
  })

  test('twice is harmless; of a run that has ended it is a conflict', async () => {
    const mapping = await rows.mapping()
    const cancelled = await rows.run(mapping, { status: 'CANCELLED' })
    expect((await cancel(cancelled)).data['cancelSynchRun']).toEqual({ id: cancelled, status: 'CANCELLED' })
    const completed = await rows.run(mapping)
    expect((await cancel(completed)).errors).toMatchObject([
      { extensions: { code: 'CONFLICTING_STATE', status: 'COMPLETED' } },
    ])
  })

  test('of an unknown or malformed id', async () => {
    expect((await cancel(randomUUID())).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    expect((await cancel('x')).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })
})
