import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { RecordState } from '../../src/persistence/entities/record-state.js'
import { SynchRun } from '../../src/persistence/entities/synch-run.js'
import { startTestApi, type Answer, type TestApi } from './support/api.js'
import { nameConflict, Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_retry')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

async function storedRun(id: string): Promise<SynchRun> {
  return api.database.em.fork().findOneOrFail(SynchRun, { id })
}

interface Skipped {
  readonly id: string
  readonly couplingId: string
}

async function skip(mapping: string): Promise<Skipped> {
  const couplingId = await rows.coupling(mapping)
  const errorId = await rows.error(mapping, { couplingId, errorClass: 'CONFLICT', remedy: 'Choose.' })
  return { couplingId, id: await rows.skipped(mapping, { couplingId, errorId, detail: nameConflict() }) }
}

async function runs(): Promise<readonly SynchRun[]> {
  return api.database.em.fork().find(SynchRun, {}, { orderBy: { requestedAt: 'asc' } })
}

describe('retrySynchRun', () => {
  const retry = (id: string): Promise<Answer<{ retrySynchRun: { id: string } }>> =>
    api.ask(`mutation { retrySynchRun(id: "${id}") { id kind status retryOf { id } } }`)

  test('runs over the failed and pending records of that run, and no others', async () => {
    const mapping = await rows.mapping()
    const run = await rows.run(mapping)
    const other = await rows.run(mapping)
    const during = new Date('2026-03-01T10:01:00Z')
    const later = new Date('2026-03-01T11:00:00Z')

    const failing = await rows.coupling(mapping)
    const failingError = await rows.error(mapping, { couplingId: failing, runId: run })
    const failingState = await rows.skipped(mapping, {
      couplingId: failing,
      errorId: failingError,
      state: 'PENDING',
      reason: 'VALIDATION',
      attempts: 3,
      dueAtRun: 99,
      changedAt: later,
    })
    const worn = await rows.coupling(mapping)
    const wornError = await rows.error(mapping, { couplingId: worn, runId: run })
    const wornState = await rows.skipped(mapping, {
      couplingId: worn,
      errorId: wornError,
      reason: 'VALIDATION',
      attempts: 5,
      changedAt: later,
    })
    const uncoupled = await rows.error(mapping, {
      runId: run,
      recordKey: 'LOCAL:new-customer',
      sourceId: 'new-customer',
    })
    const waiting = await rows.coupling(mapping)
    await rows.skipped(mapping, {
      couplingId: waiting,
      state: 'PENDING',
      reason: 'OTHER_PASS',
      changedAt: during,
    })
    // Not of this run, settled, or a person's to decide.
    const conflict = await rows.coupling(mapping)
    const conflictError = await rows.error(mapping, {
      couplingId: conflict,
      runId: run,
      errorClass: 'CONFLICT',
    })
    await rows.skipped(mapping, { couplingId: conflict, errorId: conflictError, changedAt: during })
    await rows.error(mapping, { couplingId: await rows.coupling(mapping), runId: other })
    await rows.error(mapping, { couplingId: await rows.coupling(mapping), runId: run, resolvedAt: later })
    await rows.skipped(mapping, {
      couplingId: await rows.coupling(mapping),
      state: 'PENDING',
      reason: 'OTHER_PASS',
      changedAt: later,
    })
    await rows.error(mapping, { runId: run, recordKey: 'run', sourceSide: null, sourceId: null })
    expect(uncoupled).toBeTruthy()

    const { data, errors } = await retry(run)

    expect(errors).toEqual([])
    const started = data.retrySynchRun
    expect(started).toMatchObject({ kind: 'RECORDS', status: 'RUNNING', retryOf: { id: run } })
    expect(api.runControl.started).toEqual([started.id])
    const { scope } = await storedRun(started.id)
    expect(scope?.kind).toBe('retry')
    if (scope?.kind !== 'retry') return
    expect(scope.couplingIds.toSorted()).toEqual([failing, worn, waiting].toSorted())
    expect(scope.records).toEqual([{ side: 'LOCAL', id: 'new-customer' }])
    const em = api.database.em.fork()
    expect(await em.findOneOrFail(RecordState, { id: failingState })).toMatchObject({
      state: 'PENDING',
      reason: 'VALIDATION',
      attempts: 0,
      dueAtRun: 0,
    })
    expect(await em.findOneOrFail(RecordState, { id: wornState })).toMatchObject({
      state: 'PENDING',
      reason: 'RETRY',
      attempts: 0,
    })
    expect(await em.findOneOrFail(RecordState, { couplingId: conflict })).toMatchObject({ state: 'SKIPPED' })
  })

  test('of a run that left nothing behind says so, and makes no run', async () => {
    const mapping = await rows.mapping()
    const run = await rows.run(mapping)
    await rows.error(mapping, {
      runId: run,
      couplingId: await rows.coupling(mapping),
      errorClass: 'CONFLICT',
    })
    const { errors } = await retry(run)
    expect(errors).toMatchObject([
      { message: expect.stringContaining('synchronizeMapping'), extensions: { code: 'NOTHING_TO_RETRY' } },
    ])
    expect(await api.database.em.fork().count(SynchRun)).toBe(1)
  })

  test('of a run under way is a conflict', async () => {
    const run = await rows.run(await rows.mapping(), { status: 'RUNNING', finishedAt: null })
    expect((await retry(run)).errors).toMatchObject([
      { extensions: { code: 'CONFLICTING_STATE', status: 'RUNNING' } },
    ])
  })

  test('of an unknown or malformed id', async () => {
    expect((await retry(randomUUID())).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    expect((await retry('1')).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })
})

describe('retrySkippedSynchRecords', () => {
  const retry = (ids: readonly string[]): Promise<Answer<{ retrySkippedSynchRecords: { id: string }[] }>> =>
    api.ask(
      'mutation ($ids: [ID!]!) { retrySkippedSynchRecords(ids: $ids) { id kind status mapping { name } } }',
      { ids },
    )

  test('lifts the skips and starts one run per mapping', async () => {
    const customer = await rows.mapping()
    const contact = await rows.mapping({
      name: 'CONTACT',
      connectionId: await rows.connection({ name: 'Other' }),
    })
    const coupled = await skip(customer)
    const uncoupled = await rows.skipped(customer, {
      reason: 'VALIDATION',
      recordId: 'a-record',
      attempts: 5,
      dueAtRun: 40,
    })
    const other = await skip(contact)

    const { data, errors } = await retry([coupled.id, uncoupled, other.id])

    expect(errors).toEqual([])
    expect(data.retrySkippedSynchRecords).toHaveLength(2)
    expect(api.runControl.started.toSorted()).toEqual(
      data.retrySkippedSynchRecords.map((run) => run.id).toSorted(),
    )
    const byMapping = new Map((await runs()).map((run) => [run.mappingId, run]))
    expect(byMapping.get(customer)?.scope).toEqual({
      kind: 'retry',
      couplingIds: [coupled.couplingId],
      records: [{ side: 'LOCAL', id: 'a-record' }],
    })
    expect(byMapping.get(contact)?.scope).toEqual({
      kind: 'retry',
      couplingIds: [other.couplingId],
      records: [],
    })
    const states = await api.database.em.fork().find(RecordState, {})
    for (const state of states) {
      expect(state).toMatchObject({ state: 'PENDING', reason: 'RETRY', attempts: 0, dueAtRun: 0 })
    }
    expect(states.find((state) => state.id === coupled.id)?.detail?.fields).toHaveLength(2)
  })

  test('is all or nothing', async () => {
    const skipped = await skip(await rows.mapping())
    const unknown = randomUUID()
    const { errors } = await retry([skipped.id, unknown])
    expect(errors).toMatchObject([
      { message: expect.stringContaining(unknown), extensions: { code: 'NOT_FOUND', ids: [unknown] } },
    ])
    expect(await api.database.em.fork().find(RecordState, {})).toMatchObject([{ state: 'SKIPPED' }])
    expect(await runs()).toEqual([])
    expect((await retry(['1'])).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })
})
