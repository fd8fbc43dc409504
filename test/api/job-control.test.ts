import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { SynchRun } from '../../src/persistence/entities/synch-run.js'
import { isHeld } from '../../src/persistence/holds.js'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_job_control')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const em = () => api.database.em.fork()

describe('pausing a mapping', () => {
  const PAUSE =
    'mutation { pauseIntegrationTableMapping(name: "CUSTOMER") { pausedAt pausedBy nextScheduledAt } }'

  test('tells who paused it, and its run under way waits; a person’s work on records goes on', async () => {
    const id = await rows.mapping()
    const run = await rows.run(id, { status: 'RUNNING', finishedAt: null })
    const chosen = await rows.run(id, { status: 'RUNNING', finishedAt: null, kind: 'RECORDS' })
    const { data, errors } = await api.ask<{ pauseIntegrationTableMapping: object }>(PAUSE)
    expect(errors).toEqual([])
    expect(data.pauseIntegrationTableMapping).toEqual({
      pausedAt: expect.any(String),
      pausedBy: 'local',
      nextScheduledAt: null,
    })
    expect(api.runControl.asked).toEqual([`pause:${run}`])
    expect((await em().findOneOrFail(SynchRun, { id: run })).pausedAt).toBeInstanceOf(Date)
    expect((await em().findOneOrFail(SynchRun, { id: chosen })).pausedAt ?? null).toBeNull()
  })

  test('what was asked for stands in the rows even when Temporal cannot be told', async () => {
    const id = await rows.mapping()
    await rows.run(id, { status: 'RUNNING', finishedAt: null })
    api.runControl.beUnreachable()
    expect((await api.ask(PAUSE)).errors).toMatchObject([{ extensions: { code: 'ENGINE_UNAVAILABLE' } }])
    expect((await em().findOneOrFail(Mapping, { id })).pausedAt).toBeInstanceOf(Date)
  })

  test('pausing twice keeps the first time; resuming clears it', async () => {
    const id = await rows.mapping()
    await api.ask(PAUSE)
    const first = (await em().findOneOrFail(Mapping, { id })).pausedAt
    await api.ask(PAUSE)
    expect((await em().findOneOrFail(Mapping, { id })).pausedAt).toEqual(first)
    await api.ask('mutation { resumeIntegrationTableMapping(name: "CUSTOMER") { id } }')
    expect((await em().findOneOrFail(Mapping, { id })).pausedAt ?? null).toBeNull()
  })
})

describe('a run of a full synchronization', () => {
  const fullSynch = async (pausedAt: string | null) => {
    const connectionId = await rows.connection()
    const mappingId = await rows.mapping({ connectionId })
    const run = await rows.run(mappingId, { status: 'RUNNING', finishedAt: null })
    const id = randomUUID()
    await em().execute(
      `insert into full_synch (id, connection_id, status, requested_by, paused_at) values (?, ?, 'RUNNING', 'test', ?)`,
      [id, connectionId, pausedAt],
    )
    await em().execute(
      `insert into full_synch_line (full_synch_id, mapping_id, position, depends_on, recommendation, action, status, run_id)
       values (?, ?, 1, '[]', 'FULL', 'FULL', 'RUNNING', ?)`,
      [id, mappingId, run],
    )
    return { id, run }
  }
  const pausedAt = async (run: string) => (await em().findOneOrFail(SynchRun, { id: run })).pausedAt ?? null

  test('waits as long as that is paused, also when its mapping goes on', async () => {
    const { run } = await fullSynch(new Date().toISOString())
    expect(await isHeld(em(), run)).toBe(true)
    await api.ask('mutation { pauseIntegrationTableMapping(name: "CUSTOMER") { id } }')
    await api.ask('mutation { resumeIntegrationTableMapping(name: "CUSTOMER") { id } }')
    expect(await pausedAt(run)).toBeInstanceOf(Date)
    expect(api.runControl.asked).toEqual([`pause:${run}`])
    expect(await isHeld(em(), run)).toBe(true)
  })

  test('goes on with its mapping where that is not paused', async () => {
    const { run } = await fullSynch(null)
    expect(await isHeld(em(), run)).toBe(false)
    await api.ask('mutation { pauseIntegrationTableMapping(name: "CUSTOMER") { id } }')
    expect(await isHeld(em(), run)).toBe(true)
    await api.ask('mutation { resumeIntegrationTableMapping(name: "CUSTOMER") { id } }')
    expect(await pausedAt(run)).toBeNull()
    expect(api.runControl.asked).toEqual([`pause:${run}`, `resume:${run}`])
  })
})

test('a run that has ended can be neither paused nor resumed', async () => {
  const run = await rows.run(await rows.mapping(), { status: 'COMPLETED' })
  const { errors } = await api.ask(`mutation { pauseSynchRun(id: "${run}") { id } }`)
  expect(errors).toMatchObject([
    { message: expect.stringContaining('is COMPLETED'), extensions: { code: 'CONFLICTING_STATE' } },
  ])
})

describe('change hints', () => {
  const hint = (side: string, table: string) =>
    api.ask<{ reportChanges: { name: string }[] }>(
      `mutation { reportChanges(side: ${side}, table: "${table}") { name } }`,
    )

  test('wake every mapping of the table that listens to them', async () => {
    const connectionId = await rows.connection()
    const customer = await rows.mapping({ connectionId })
    await rows.mapping({ connectionId, name: 'DEAF' }, { wakeOnChange: false })
    await rows.mapping({ connectionId, name: 'PAUSED', pausedAt: new Date(), pausedBy: 'local' })
    const { data } = await hint('LOCAL', 'customers')
    expect(data.reportChanges).toEqual([{ name: 'CUSTOMER' }])
    expect(api.runControl.asked).toEqual([`hint:${customer}`])
  })

  test('a table that no mapping has is refused, and those that exist are named', async () => {
    await rows.mapping()
    expect((await hint('INTEGRATION', 'customers')).errors).toMatchObject([
      { message: expect.stringContaining('accounts'), extensions: { code: 'BAD_USER_INPUT' } },
    ])
    expect(api.runControl.asked).toEqual([])
  })
})

test('when a mapping is due next, by its schedule', async () => {
  await rows.mapping({}, { schedule: { kind: 'cron', expression: '0 6 * * *', timeZone: 'Europe/Berlin' } })
  const { data } = await api.ask<{ integrationTableMapping: { nextScheduledAt: string; sleepsUntil: null } }>(
    '{ integrationTableMapping(name: "CUSTOMER") { nextScheduledAt sleepsUntil } }',
  )
  const next = new Date(data.integrationTableMapping.nextScheduledAt)
  expect(next.getTime()).toBeGreaterThan(Date.now())
  expect([4, 5]).toContain(next.getUTCHours())
  expect(data.integrationTableMapping.sleepsUntil).toBeNull()
})
