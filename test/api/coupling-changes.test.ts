import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CouplingRecord } from '../../src/persistence/entities/coupling.js'
import { RecordState } from '../../src/persistence/entities/record-state.js'
import { SynchRun } from '../../src/persistence/entities/synch-run.js'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_coupling_changes')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const runs = () => api.database.em.fork().find(SynchRun, {})

describe('coupleRecords', () => {
  const [localId, integrationId] = [randomUUID(), randomUUID()]
  const couple = (rest = '', local: string = localId) =>
    api.ask(`mutation { coupleRecords(mapping: "CUSTOMER", localId: "${local}", integrationId: "${integrationId}" ${rest}) {
      __typename
      ... on RecordsCoupled { couplingId written synchronized message }
      ... on RecordsNotCoupled { localId integrationId message fields { name } } } }`)

  test('asks for a run over the pair, and tells what it did', async () => {
    await rows.mapping()
    const couplingId = randomUUID()
    api.runControl.behave(async (runId) => {
      await rows.result(runId, couplingId, { outcome: 'APPLIED', localId, integrationId })
    })
    const { data } = await couple('synchronize: TO_INTEGRATION_TABLE, recouple: true')
    expect(data).toEqual({
      coupleRecords: {
        __typename: 'RecordsCoupled',
        couplingId,
        written: true,
        synchronized: true,
        message: null,
      },
    })
    const [run] = await runs()
    expect(run).toMatchObject({
      kind: 'RECORDS',
      scope: {
        kind: 'couple',
        couplingIds: [],
        pairs: [{ localId, integrationId }],
        synchronize: 'TO_INTEGRATION_TABLE',
        recouple: true,
      },
    })
  })

  test('a run that has not ended in time is named, so that it can be asked for', async () => {
    await rows.mapping()
    api.runControl.neverEnd()
    const { data } = await couple()
    const [run] = await runs()
    expect(data).toMatchObject({
      coupleRecords: { __typename: 'RecordsNotCoupled', message: expect.stringContaining(run?.id ?? '') },
    })
  })

  test('what cannot be is refused, and no run is made', async () => {
    await rows.mapping()
    expect((await couple('', 'ten')).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    await api.reset()
    expect((await couple()).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    expect(await runs()).toEqual([])
  })

  test('Temporal that is gone is told, and the run is called off', async () => {
    await rows.mapping()
    api.runControl.beUnreachable()
    expect((await couple()).errors).toMatchObject([{ extensions: { code: 'ENGINE_UNAVAILABLE' } }])
    expect(await runs()).toMatchObject([{ status: 'FAILED' }])
  })
})

describe('deleteCouplings', () => {
  test('of several mappings at once, each with its row in the log; states and open errors go with them', async () => {
    const connectionId = await rows.connection()
    const customer = await rows.mapping({ connectionId })
    const vendor = await rows.mapping({ connectionId, name: 'VENDOR' }, { localTable: 'vendors' })
    const [one, two, kept] = [
      await rows.coupling(customer),
      await rows.coupling(vendor),
      await rows.coupling(vendor),
    ]
    await rows.skipped(customer, { couplingId: one })
    const unknown = randomUUID()
    const { data } = await api.ask<{ deleteCouplings: { runIds: string[] } }>(
      'mutation ($ids: [ID!]) { deleteCouplings(ids: $ids) { removed busy unknown runIds } }',
      { ids: [one, two, unknown] },
    )
    expect(data.deleteCouplings).toMatchObject({ removed: 2, busy: 0, unknown: [unknown] })
    expect(data.deleteCouplings.runIds).toHaveLength(2)
    const em = api.database.em.fork()
    expect((await em.find(CouplingRecord, {})).map((coupling) => coupling.id)).toEqual([kept])
    expect(await em.find(RecordState, {})).toEqual([])
    const { data: log } = await api.ask(
      'query ($id: ID!) { synchRun(id: $id) { status requestedBy temporalUrl jobs { uncoupled status } } }',
      { id: data.deleteCouplings.runIds[0] },
    )
    expect(log).toEqual({
      synchRun: {
        status: 'COMPLETED',
        requestedBy: 'local',
        temporalUrl: null,
        jobs: [{ uncoupled: 1, status: 'COMPLETED' }],
      },
    })
  })

  test('of a whole mapping only once confirmed: the number is told', async () => {
    const mapping = await rows.mapping()
    await rows.coupling(mapping)
    const { errors } = await api.ask('mutation { deleteCouplings(mapping: "CUSTOMER") { removed } }')
    expect(errors).toMatchObject([{ extensions: { code: 'CONFIRMATION_REQUIRED', couplings: 1 } }])
    expect(await api.database.em.fork().count(CouplingRecord, {})).toBe(1)
  })

  test('ids and a mapping at once, or neither, have no meaning', async () => {
    const both = await api.ask(
      `mutation { deleteCouplings(ids: ["${randomUUID()}"], mapping: "CUSTOMER") { removed } }`,
    )
    const neither = await api.ask('mutation { deleteCouplings(confirm: true) { removed } }')
    for (const { errors } of [both, neither])
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })
})

describe('coupleByMatching', () => {
  const ask = (options = '') =>
    api.ask<{ coupleByMatching: { id: string; mode: string } }>(
      `mutation { coupleByMatching(mapping: "CUSTOMER" ${options}) { id mode status } }`,
    )

  test('as the mapping says, unless he says otherwise; during such a run that one, unless more is asked for', async () => {
    await rows.mapping({}, { coupling: { createNew: true, synchronizeAfterwards: false } })
    const first = await ask('createNew: false')
    const same = await ask('createNew: false')
    const more = await ask()
    expect(same.data.coupleByMatching.id).toBe(first.data.coupleByMatching.id)
    expect(more.data.coupleByMatching.id).not.toBe(first.data.coupleByMatching.id)
    expect(
      await api.database.em.fork().find(SynchRun, {}, { orderBy: { requestedAt: 'asc' } }),
    ).toMatchObject([
      { status: 'RUNNING', mode: 'COUPLE', coupling: { createNew: false, synchronizeAfterwards: false } },
      { status: 'QUEUED', mode: 'COUPLE', coupling: { createNew: true, synchronizeAfterwards: false } },
    ])
    expect(api.runControl.started).toEqual([first.data.coupleByMatching.id])
  })

  test('a synchronization of the mapping waits behind it, and it behind one', async () => {
    await rows.mapping()
    const { data } = await ask()
    const after = await api.ask<{ synchronizeMapping: { id: string } }>(
      'mutation { synchronizeMapping(name: "CUSTOMER") { id status } }',
    )
    expect(after.data.synchronizeMapping.id).not.toBe(data.coupleByMatching.id)
    expect(after.data).toMatchObject({ synchronizeMapping: { status: 'QUEUED' } })
  })
})
