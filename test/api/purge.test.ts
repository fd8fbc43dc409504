import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { RecordState } from '../../src/persistence/entities/record-state.js'
import { SynchError } from '../../src/persistence/entities/synch-error.js'
import { startTestApi, type Answer, type TestApi } from './support/api.js'
import { nameConflict, Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_purge')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const DAY = 24 * 60 * 60 * 1000
const daysAgo = (days: number): Date => new Date(Date.now() - days * DAY)
const RESULT = '{ deleted kept stillRelevant }'

const deleteOlder = (args = ''): Promise<Answer> =>
  api.ask(`mutation { deleteIntegrationSynchErrorsOlderThan${args} ${RESULT} }`)
const deleteAll = (args = ''): Promise<Answer> =>
  api.ask(`mutation { deleteAllIntegrationSynchErrors${args} ${RESULT} }`)

async function left(): Promise<string[]> {
  const errors = await api.database.em.fork().find(SynchError, {})
  return errors.map((error) => error.id).toSorted()
}

/** An old log: what a purge may take, and what is still relevant. */
async function oldLog(mapping: string): Promise<{ readonly gone: string[]; readonly relevant: string[] }> {
  const lastSeen = daysAgo(30)
  const resolvedAt = daysAgo(29)
  const settled = await rows.error(mapping, {
    lastSeen,
    resolvedAt,
    couplingId: await rows.coupling(mapping),
  })
  const settledUncoupled = await rows.error(mapping, { lastSeen, resolvedAt })
  const open = await rows.error(mapping, { lastSeen })
  const openRun = await rows.error(mapping, { lastSeen, recordKey: 'run', sourceSide: null, sourceId: null })

  const pendingAgain = await rows.coupling(mapping)
  await rows.skipped(mapping, { couplingId: pendingAgain, state: 'PENDING', reason: 'VALIDATION' })
  const ofPending = await rows.error(mapping, { lastSeen, resolvedAt, couplingId: pendingAgain })

  const ofUncoupledSkip = await rows.error(mapping, {
    lastSeen,
    resolvedAt,
    recordKey: 'INTEGRATION:an-account',
  })
  await rows.skipped(mapping, { side: 'INTEGRATION', recordId: 'an-account', reason: 'VALIDATION' })

  const localId = randomUUID()
  const coupledLater = await rows.coupling(mapping, { localId })
  await rows.skipped(mapping, { couplingId: coupledLater, side: 'INTEGRATION' })
  const ofCoupledLater = await rows.error(mapping, { lastSeen, resolvedAt, recordKey: `LOCAL:${localId}` })
  return {
    gone: [settled, settledUncoupled],
    relevant: [open, openRun, ofPending, ofUncoupledSkip, ofCoupledLater].toSorted(),
  }
}

describe('deleteIntegrationSynchErrorsOlderThan', () => {
  test('deletes what is old and in sync, and keeps what is still relevant', async () => {
    const mapping = await rows.mapping()
    const { relevant } = await oldLog(mapping)
    const recent = await rows.error(mapping, { lastSeen: daysAgo(6.9), resolvedAt: daysAgo(1) })
    expect((await deleteOlder()).data['deleteIntegrationSynchErrorsOlderThan']).toEqual({
      deleted: 2,
      kept: 5,
      stillRelevant: 5,
    })
    expect(await left()).toEqual([...relevant, recent].toSorted())
    expect((await deleteOlder()).data['deleteIntegrationSynchErrorsOlderThan']).toEqual({
      deleted: 0,
      kept: 5,
      stillRelevant: 5,
    })
  })

  test('a dry run counts the same and deletes nothing', async () => {
    const mapping = await rows.mapping()
    await oldLog(mapping)
    expect((await deleteOlder('(dryRun: true)')).data['deleteIntegrationSynchErrorsOlderThan']).toEqual({
      deleted: 2,
      kept: 5,
      stillRelevant: 5,
    })
    expect(
      (await deleteOlder('(dryRun: true, includeStillRelevant: true)')).data[
        'deleteIntegrationSynchErrorsOlderThan'
      ],
    ).toEqual({ deleted: 7, kept: 0, stillRelevant: 5 })
    expect(await left()).toHaveLength(7)
  })

  test('with includeStillRelevant takes those too; skips, pending records and conflicts stay', async () => {
    const mapping = await rows.mapping()
    await oldLog(mapping)
    const couplingId = await rows.coupling(mapping)
    const errorId = await rows.error(mapping, { couplingId, lastSeen: daysAgo(30), errorClass: 'CONFLICT' })
    const skip = await rows.skipped(mapping, { couplingId, errorId, detail: nameConflict() })
    const before = await api.database.em.fork().count(RecordState)
    expect(
      (await deleteOlder('(includeStillRelevant: true)')).data['deleteIntegrationSynchErrorsOlderThan'],
    ).toEqual({ deleted: 8, kept: 0, stillRelevant: 6 })
    expect(await left()).toEqual([])
    expect(await api.database.em.fork().count(RecordState)).toBe(before)
    const state = await api.database.em.fork().findOneOrFail(RecordState, { id: skip })
    expect(state).toMatchObject({ state: 'SKIPPED', errorId: null })
    expect(state.detail?.fields).toHaveLength(2)
    const { data } = await api.ask(
      `{ skippedSynchRecord(id: "${skip}") { message error { id } conflict { fields { name } } } }`,
    )
    expect(data['skippedSynchRecord']).toMatchObject({
      message: expect.stringContaining('later modified date'),
      error: null,
      conflict: { fields: [{}, {}] },
    })
  })

  test('days and filter narrow it', async () => {
    const mapping = await rows.mapping()
    const resolvedAt = new Date()
    const old = await rows.error(mapping, { lastSeen: daysAgo(3), resolvedAt })
    const validation = await rows.error(mapping, { lastSeen: daysAgo(9), resolvedAt })
    const duplicate = await rows.error(mapping, { lastSeen: daysAgo(9), resolvedAt, errorClass: 'DUPLICATE' })
    await deleteOlder('(filter: { errorClass: DUPLICATE })')
    expect(await left()).toEqual([old, validation].toSorted())
    expect(duplicate).toBeTruthy()
    await deleteOlder('(days: 9)')
    expect(await left()).toEqual([old])
    await deleteOlder('(days: 0)')
    expect(await left()).toEqual([])
  })

  test('days that are none, an unknown mapping and a malformed id delete nothing', async () => {
    const mapping = await rows.mapping()
    await oldLog(mapping)
    expect((await deleteOlder('(days: -1)')).errors).toMatchObject([
      { message: expect.stringContaining('days: Expected'), extensions: { code: 'BAD_USER_INPUT' } },
    ])
    expect((await deleteOlder('(days: 40000)')).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ])
    expect((await deleteOlder('(filter: { mapping: "NOBODY" })')).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ])
    expect((await deleteOlder('(filter: { run: "1" })')).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', problems: [{ argument: 'filter.run' }] } },
    ])
    expect(await left()).toHaveLength(7)
  })
})

describe('deleteAllIntegrationSynchErrors', () => {
  test.each(['', '(confirm: false)', '(includeStillRelevant: true)'])(
    'without confirmation deletes nothing: %s',
    async (args) => {
      const mapping = await rows.mapping()
      await oldLog(mapping)
      const { errors } = await deleteAll(args)
      expect(errors).toMatchObject([{ extensions: { code: 'CONFIRMATION_REQUIRED' } }])
      expect(await left()).toHaveLength(7)
    },
  )

  test('deletes entries of any age, and keeps what is still relevant', async () => {
    const mapping = await rows.mapping()
    const { relevant } = await oldLog(mapping)
    await rows.error(mapping, { lastSeen: new Date(), resolvedAt: new Date() })
    expect(
      (await deleteAll('(confirm: true, dryRun: true)')).data['deleteAllIntegrationSynchErrors'],
    ).toEqual({
      deleted: 3,
      kept: 5,
      stillRelevant: 5,
    })
    expect((await deleteAll('(confirm: true)')).data['deleteAllIntegrationSynchErrors']).toEqual({
      deleted: 3,
      kept: 5,
      stillRelevant: 5,
    })
    expect(await left()).toEqual(relevant)
    await deleteAll('(confirm: true, includeStillRelevant: true)')
    expect(await left()).toEqual([])
  })

  test('goes in bounded batches to the end', async () => {
    const mapping = await rows.mapping()
    await api.database.em.fork().execute(
      `insert into integration_synch_error (id, mapping_id, record_key, direction, error_class, resolvable_by, message, cause,
         remedy, fingerprint, first_seen, last_seen, resolved_at)
       select gen_random_uuid(), ?, 'LOCAL:' || number, 'TO_INTEGRATION_TABLE', 'VALIDATION', 'USER', 'm', 'c', 'r', 'f',
         now(), now(), now() from generate_series(1, 12000) as number`,
      [mapping],
    )
    expect((await deleteAll('(confirm: true)')).data['deleteAllIntegrationSynchErrors']).toEqual({
      deleted: 12_000,
      kept: 0,
      stillRelevant: 0,
    })
    expect(await left()).toEqual([])
  })
})
