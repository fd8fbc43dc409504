import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SynchRun } from '../../src/persistence/entities/synch-run.js'
import { startTestApi, type Answer, type TestApi } from './support/api.js'
import { nameConflict, Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_skipped_records')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

interface Skipped {
  readonly id: string
  readonly couplingId: string
}

async function skip(mapping: string): Promise<Skipped> {
  const couplingId = await rows.coupling(mapping)
  const errorId = await rows.error(mapping, { couplingId, errorClass: 'CONFLICT', remedy: 'Choose.' })
  return { couplingId, id: await rows.skipped(mapping, { couplingId, errorId, detail: nameConflict() }) }
}

type Resolved = Answer<{ resolveSkippedSynchRecords: { reason: string; message: string }[] }>

function resolve(ids: readonly string[], seenVersions: readonly object[] | null = null): Promise<Resolved> {
  return api.ask(
    `mutation ($ids: [ID!]!, $seenVersions: [SeenSkippedSynchRecord!]) {
      resolveSkippedSynchRecords(ids: $ids, keep: INTEGRATION, seenVersions: $seenVersions) {
        __typename
        ... on Applied { id couplingId runId written }
        ... on ChangedSince { id couplingId message versions { local integration } fields { name local integration } }
        ... on Failed { id reason message remedy runId } } }`,
    { ids, seenVersions },
  )
}

async function runs(): Promise<readonly SynchRun[]> {
  return api.database.em.fork().find(SynchRun, {}, { orderBy: { requestedAt: 'asc' } })
}

describe('resolveSkippedSynchRecords', () => {
  test('gives one result per id in the order of the ids, by one run per mapping', async () => {
    const customer = await rows.mapping()
    const contact = await rows.mapping({
      name: 'CONTACT',
      connectionId: await rows.connection({ name: 'Other' }),
    })
    const [applied, changed, same, refused] = [
      await skip(customer),
      await skip(customer),
      await skip(contact),
      await skip(contact),
    ]
    api.runControl.behave(async (runId) => {
      const { scope } = await api.database.em.fork().findOneOrFail(SynchRun, { id: runId })
      const results = {
        [applied.couplingId]: { outcome: 'APPLIED' },
        [changed.couplingId]: {
          outcome: 'CHANGED_SINCE',
          detail: nameConflict({ localVersion: 'W/"local-9"' }),
        },
        [same.couplingId]: { outcome: 'UNCHANGED' },
        [refused.couplingId]: { outcome: 'FAILED', message: 'The name is too long.' },
      } as const
      for (const couplingId of scope?.couplingIds ?? []) {
        await rows.result(runId, couplingId, results[couplingId] ?? { outcome: 'FAILED' })
      }
      await api.database.em.fork().nativeUpdate(SynchRun, { id: runId }, { status: 'COMPLETED' })
    })
    const unknown = randomUUID()

    const { data, errors } = await resolve([
      refused.id,
      applied.id.toUpperCase(),
      unknown,
      changed.id,
      same.id,
      applied.id,
    ])

    expect(errors).toEqual([])
    const [firstRun, secondRun, ...others] = await runs()
    expect(others).toEqual([])
    const runOf = (couplingId: string): string | undefined =>
      [firstRun, secondRun].find((run) => run?.scope?.couplingIds.includes(couplingId))?.id
    expect(data.resolveSkippedSynchRecords).toEqual([
      {
        __typename: 'Failed',
        id: refused.id,
        reason: 'NOT_DONE',
        message: 'The name is too long.',
        remedy: 'Choose.',
        runId: runOf(refused.couplingId),
      },
      {
        __typename: 'Applied',
        id: applied.id,
        couplingId: applied.couplingId,
        runId: runOf(applied.couplingId),
        written: true,
      },
      {
        __typename: 'Failed',
        id: unknown,
        reason: 'UNKNOWN_RECORD',
        message: expect.stringContaining(unknown),
        remedy: expect.any(String),
        runId: null,
      },
      {
        __typename: 'ChangedSince',
        id: changed.id,
        couplingId: changed.couplingId,
        message: expect.any(String),
        versions: { local: 'W/"local-9"', integration: 'W/"integration-2"' },
        fields: [
          { name: 'displayName:name', local: 'Adatum Corporation', integration: 'Adatum Ltd.' },
          { name: 'creditLimit:creditlimit', local: '12345678901234.5678', integration: null },
        ],
      },
      {
        __typename: 'Applied',
        id: same.id,
        couplingId: same.couplingId,
        runId: runOf(same.couplingId),
        written: false,
      },
    ])
  })

  test('binds the choice to the versions that were seen', async () => {
    const mapping = await rows.mapping()
    const [seen, unseen] = [await skip(mapping), await skip(mapping)]
    await resolve([seen.id, unseen.id], [{ id: seen.id, local: 'W/"a"', integration: 'W/"b"' }])
    const [run] = await runs()
    expect(run).toMatchObject({ kind: 'RECORDS', direction: null })
    expect(run?.scope).toEqual({
      kind: 'resolve',
      couplingIds: [seen.couplingId, unseen.couplingId],
      choice: { kind: 'side', keep: 'INTEGRATION' },
      seen: { [seen.couplingId]: { local: 'W/"a"', integration: 'W/"b"' } },
    })
  })

  test('a record that is pending, not coupled, not reached or not done yet', async () => {
    const mapping = await rows.mapping()
    const pending = await rows.skipped(mapping, {
      state: 'PENDING',
      couplingId: await rows.coupling(mapping),
    })
    const uncoupled = await rows.skipped(mapping, { reason: 'VALIDATION' })
    const skipped = await skip(mapping)
    const reasons = (answer: Resolved): string[] =>
      answer.data.resolveSkippedSynchRecords.map((result) => result.reason)

    api.runControl.behave(async (runId) => {
      await api.database.em
        .fork()
        .nativeUpdate(SynchRun, { id: runId }, { status: 'FAILED', message: 'Sales is unavailable.' })
    })
    const answer = await resolve([pending, uncoupled, skipped.id])
    expect(reasons(answer)).toEqual(['NOT_SKIPPED', 'NOT_COUPLED', 'NOT_DONE'])
    expect(answer.data.resolveSkippedSynchRecords[2]?.message).toBe('Sales is unavailable.')

    api.runControl.behave(async () => undefined)
    api.runControl.neverEnd()
    expect(reasons(await resolve([skipped.id]))).toEqual(['STILL_RUNNING'])
  })

  test('without Temporal calls every run off', async () => {
    const customer = await rows.mapping()
    const contact = await rows.mapping({
      name: 'CONTACT',
      connectionId: await rows.connection({ name: 'Other' }),
    })
    const ids = [(await skip(customer)).id, (await skip(contact)).id]
    api.runControl.beUnreachable()
    expect((await resolve(ids)).errors).toMatchObject([{ extensions: { code: 'ENGINE_UNAVAILABLE' } }])
    expect((await runs()).map((run) => run.status)).toEqual(['FAILED', 'FAILED'])
  })

  test('malformed ids are refused together, before anything is done', async () => {
    const skipped = await skip(await rows.mapping())
    const { errors } = await resolve([skipped.id, '7', 'x'])
    expect(errors).toMatchObject([
      {
        extensions: { code: 'BAD_USER_INPUT', problems: [{ argument: 'ids[1]' }, { argument: 'ids[2]' }] },
      },
    ])
    expect((await resolve([])).errors).toMatchObject([{ extensions: { problems: [{ argument: 'ids' }] } }])
    expect((await resolve(Array.from({ length: 1_001 }, () => randomUUID()))).errors).toMatchObject([
      { message: 'ids: Expected at most 1000 ids, got 1001.' },
    ])
    expect((await resolve([skipped.id], [{ id: randomUUID() }])).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', problems: [{ argument: 'seenVersions[0].id' }] } },
    ])
    expect(await runs()).toEqual([])
  })
})
