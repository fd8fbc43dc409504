import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { SynchRun } from '../../src/persistence/entities/synch-run.js'
import { startTestApi, type Answer, type TestApi } from './support/api.js'
import { nameConflict, Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_synchronize_record')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

function synchronize(couplingId: string, rest = ''): Promise<Answer<{ synchronizeRecord: { id: string } }>> {
  return api.ask(`mutation { synchronizeRecord(couplingId: "${couplingId}", direction: TO_INTEGRATION_TABLE ${rest}) {
    __typename
    ... on SynchRun { id kind status direction message recordResults { couplingId outcome message } }
    ... on DestinationChanged { couplingId message versions { local integration } stamps { editedLast }
      fields { name local integration base } } } }`)
}

async function end(runId: string): Promise<void> {
  await api.database.em
    .fork()
    .nativeUpdate(SynchRun, { id: runId }, { status: 'COMPLETED', finishedAt: new Date() })
}

test('starts a run over the one record, waits, and returns it', async () => {
  const couplingId = await rows.coupling(await rows.mapping())
  api.runControl.behave(async (runId) => {
    await rows.result(runId, couplingId, { outcome: 'APPLIED' })
    await end(runId)
  })
  const { data, errors } = await synchronize(couplingId)
  expect(errors).toEqual([])
  const run = data.synchronizeRecord
  expect(run).toEqual({
    __typename: 'SynchRun',
    id: expect.any(String),
    kind: 'RECORDS',
    status: 'COMPLETED',
    direction: 'TO_INTEGRATION_TABLE',
    message: null,
    recordResults: [{ couplingId, outcome: 'APPLIED', message: null }],
  })
  expect((await api.database.em.fork().findOneOrFail(SynchRun, { id: run.id })).scope).toEqual({
    kind: 'forced',
    couplingIds: [couplingId],
    overwrite: false,
    seen: null,
  })
})

test('passes on what was seen and whether to overwrite', async () => {
  const couplingId = await rows.coupling(await rows.mapping())
  const { data } = await synchronize(
    couplingId,
    ', overwrite: true, seenVersions: { local: "W/\\"\\u0000\\"" }',
  )
  const run = await api.database.em.fork().findOneOrFail(SynchRun, { id: data.synchronizeRecord.id })
  expect(run.scope).toMatchObject({ overwrite: true, seen: { local: 'W/"\0"', integration: null } })
})

test('a destination that was changed since is a type of its own', async () => {
  const couplingId = await rows.coupling(await rows.mapping())
  api.runControl.behave(async (runId) => {
    await rows.result(runId, couplingId, {
      outcome: 'DESTINATION_CHANGED',
      message: 'The Account was changed since.',
      detail: nameConflict(),
    })
    await end(runId)
  })
  const { data, errors } = await synchronize(couplingId)
  expect(errors).toEqual([])
  expect(data.synchronizeRecord).toMatchObject({
    __typename: 'DestinationChanged',
    couplingId,
    message: 'The Account was changed since.',
    versions: { local: 'W/"local-2"', integration: 'W/"integration-2"' },
    stamps: { editedLast: 'INTEGRATION' },
    fields: [
      { name: 'displayName:name', local: 'Adatum Corporation', integration: 'Adatum Ltd.', base: 'Adatum' },
      { name: 'creditLimit:creditlimit' },
    ],
  })
})

test('a run that has not ended in time is returned as it stands', async () => {
  const couplingId = await rows.coupling(await rows.mapping())
  api.runControl.neverEnd()
  const { data } = await synchronize(couplingId)
  expect(data.synchronizeRecord).toMatchObject({
    __typename: 'SynchRun',
    status: 'RUNNING',
    recordResults: [],
  })
})

test('without Temporal the request is called off, so that nothing is overwritten later', async () => {
  const couplingId = await rows.coupling(await rows.mapping())
  api.runControl.beUnreachable()
  const { errors } = await synchronize(couplingId, ', overwrite: true')
  expect(errors).toMatchObject([{ extensions: { code: 'ENGINE_UNAVAILABLE', runId: expect.any(String) } }])
  expect(await api.database.em.fork().find(SynchRun, {})).toMatchObject([
    { status: 'FAILED', message: expect.stringContaining('Temporal') },
  ])
})

test('a direction in which the mapping carries nothing', async () => {
  const couplingId = await rows.coupling(await rows.mapping({}, { direction: 'FROM_INTEGRATION_TABLE' }))
  expect((await synchronize(couplingId)).errors).toMatchObject([
    {
      message: expect.stringContaining('carried FROM_INTEGRATION_TABLE only'),
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ])
})

test('an unknown or malformed coupling', async () => {
  expect((await synchronize(randomUUID())).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  expect((await synchronize('x')).errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT', problems: [{ argument: 'couplingId' }] } },
  ])
})
