import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { UndoItem } from '../../src/persistence/entities/undo-item.js'
import { recordWrites, type NewWrite } from '../../src/persistence/queries/history.js'
import { run as execute, sql } from '../../src/persistence/sql.js'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows
beforeAll(async () => {
  api = await startTestApi('history')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

interface Listed {
  readonly nodes: readonly Readonly<Record<string, unknown>>[]
  readonly totalCount: number
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean }
}

/** A write as the engine records it; a test names only what it is about. */
async function wrote(
  mappingId: string,
  values: Partial<NewWrite> & { runId?: string } = {},
): Promise<string> {
  const { runId = await rows.run(mappingId), ...rest } = values
  const id = randomUUID()
  await recordWrites(api.database.em.fork(), { mappingId, runId, jobId: null }, [
    {
      id,
      couplingId: null,
      side: 'INTEGRATION',
      kind: 'UPDATE',
      localId: randomUUID(),
      integrationId: randomUUID(),
      localName: 'Adatum',
      integrationName: 'Adatum Corp.',
      row: 14,
      fields: ['address1_city', 'creditlimit'],
      before: { address1_city: 'Oslo', creditlimit: '100' },
      after: { address1_city: 'Bergen', creditlimit: '12.5' },
      lost: [],
      source: { city: 'Bergen' },
      pair: null,
      versionBefore: 'W/"1"',
      versionAfter: 'W/"2"',
      ...rest,
    },
  ])
  return id
}

async function list(filter: object | null, rest = ''): Promise<Listed> {
  const { data, errors } = await api.ask<{ recordWrites: Listed }>(
    `query ($filter: RecordWriteFilter) { recordWrites(filter: $filter ${rest}) {
      nodes { id } totalCount pageInfo { endCursor hasNextPage } } }`,
    { filter },
  )
  expect(errors).toEqual([])
  return data.recordWrites
}

const ids = async (filter: object | null): Promise<readonly unknown[]> =>
  (await list(filter)).nodes.map((node) => node['id'])

describe('a write', () => {
  test('tells what was written over what, where, why, and for whom', async () => {
    const mappingId = await rows.mapping()
    const runId = await rows.run(mappingId, { requestedBy: 'Maria', mappingVersion: 3 })
    const couplingId = await rows.coupling(mappingId)
    const id = await wrote(mappingId, { runId, couplingId, lost: ['address1_city'] })

    const { data } = await api.ask<{ recordWrite: unknown }>(
      `query ($id: ID!) { recordWrite(id: $id) { id side kind mappingVersion decisionRow reason requestedBy versionBefore
        versionAfter mapping { name } run { id } coupling { id } undoneBy { id }
        record { name tableCaption } otherRecord { name tableCaption } fields { field caption before after lost } } }`,
      { id },
    )

    expect(data.recordWrite).toEqual({
      id,
      side: 'INTEGRATION',
      kind: 'UPDATE',
      mappingVersion: 3,
      decisionRow: '14',
      reason: expect.stringMatching(/Only one of the two records was changed/),
      requestedBy: 'Maria',
      versionBefore: 'W/"1"',
      versionAfter: 'W/"2"',
      mapping: { name: 'CUSTOMER' },
      run: { id: runId },
      coupling: { id: couplingId },
      undoneBy: null,
      record: { name: 'Adatum Corp.', tableCaption: 'Account' },
      otherRecord: { name: 'Adatum', tableCaption: 'Customer' },
      fields: [
        { field: 'address1_city', caption: 'Address 1: City', before: 'Oslo', after: 'Bergen', lost: true },
        {
          field: 'creditlimit',
          caption: expect.stringMatching(/^Credit/),
          before: '100',
          after: '12.5',
          lost: false,
        },
      ],
    })
  })

  test('keeps values that no JSON function of the database could read', async () => {
    const mappingId = await rows.mapping()
    const id = await wrote(mappingId, {
      fields: ['name'],
      before: { name: 'half \ud800' },
      after: { name: 'nul \0' },
    })
    const { data } = await api.ask<{ recordWrite: { fields: unknown } }>(
      `query ($id: ID!) { recordWrite(id: $id) { fields { after } } }`,
      { id },
    )
    expect(data.recordWrite.fields).toEqual([{ after: 'nul \0' }])
    expect(await ids({ field: 'name' })).toEqual([id])
  })

  test('that does not exist is said', async () => {
    const { errors } = await api.ask(`query ($id: ID!) { recordWrite(id: $id) { id } }`, {
      id: randomUUID(),
    })
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  })
})

describe('the list of writes', () => {
  test('is narrowed by all that is asked for', async () => {
    const mappingId = await rows.mapping()
    const runId = await rows.run(mappingId)
    const couplingId = await rows.coupling(mappingId)
    const first = await wrote(mappingId, {
      runId,
      couplingId,
      fields: ['name'],
      localName: 'Nod Publishers',
      lost: ['name'],
    })
    const recordId = randomUUID()
    const second = await wrote(mappingId, { side: 'LOCAL', kind: 'CREATE', localId: recordId, before: null })

    expect(await ids({ run: runId })).toEqual([first])
    expect(await ids({ coupling: couplingId })).toEqual([first])
    expect(await ids({ side: 'LOCAL' })).toEqual([second])
    expect(await ids({ kind: ['CREATE', 'DELETE'] })).toEqual([second])
    expect(await ids({ recordId: recordId.toUpperCase() })).toEqual([second])
    expect(await ids({ field: 'creditlimit' })).toEqual([second])
    expect(await ids({ text: 'nod pub' })).toEqual([first])
    expect(await ids({ lost: true })).toEqual([first])
    expect(await ids({ lost: false })).toEqual([second])
    expect(await ids({ mapping: 'CUSTOMER', side: 'INTEGRATION' })).toEqual([first])
    expect(await ids({ time: { to: '2020-01-01T00:00:00Z' } })).toEqual([])
    expect((await list(null)).totalCount).toBe(2)
  })

  test('comes newest first in pages that neither repeat nor leave out a write', async () => {
    const mappingId = await rows.mapping()
    const made: string[] = []
    for (let number = 0; number < 5; number += 1) made.unshift(await wrote(mappingId))
    await execute(
      api.database.em.fork(),
      sql`update record_write w set at = timestamptz '2026-03-01' + p.place * interval '1 minute'
          from unnest(${made}::uuid[]) with ordinality as p(id, place) where p.id = w.id`,
    )
    const seen: unknown[] = []
    let after: string | null = null
    do {
      const page: Listed = await list(null, `first: 2 ${after === null ? '' : `after: "${after}"`}`)
      seen.push(...page.nodes.map((node) => node['id']))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    expect(seen).toEqual(made.toReversed())
  })

  test('is that of a pair, of a run', async () => {
    const mappingId = await rows.mapping()
    const [localId, integrationId] = [randomUUID(), randomUUID()]
    const couplingId = await rows.coupling(mappingId, { localId, integrationId })
    const runId = await rows.run(mappingId)
    const own = await wrote(mappingId, { localId, integrationId, runId })
    await wrote(mappingId)
    const { data } = await api.ask(
      `query ($coupling: ID!, $run: ID!) {
        coupling(id: $coupling) { writes { nodes { id } totalCount } } synchRun(id: $run) { writes(first: 1) { nodes { id } } } }`,
      { coupling: couplingId, run: runId },
    )
    expect(data).toEqual({
      coupling: { writes: { nodes: [{ id: own }], totalCount: 1 } },
      synchRun: { writes: { nodes: [{ id: own }] } },
    })
  })
})

describe('undo', () => {
  const UNDO = `mutation ($ids: [ID!]!, $both: Boolean = false) {
    undoWrites(ids: $ids, both: $both) { outcome message write { id } run { id status } } }`

  test('asks for one run of each mapping, and tells what became of each write', async () => {
    const connectionId = await rows.connection()
    const customers = await rows.mapping({ connectionId })
    const vendors = await rows.mapping({ connectionId, name: 'VENDOR' })
    const [first, second] = [await wrote(customers), await wrote(vendors)]
    api.runControl.behave(async (runId) => {
      await api.database.em
        .fork()
        .nativeUpdate(UndoItem, { runId }, { outcome: 'UNDONE', message: 'As before.' })
    })

    const { data } = await api.ask<{ undoWrites: readonly { run: { id: string } }[] }>(UNDO, {
      ids: [second, first],
    })

    expect(data.undoWrites).toMatchObject([
      { outcome: 'UNDONE', message: 'As before.', write: { id: second } },
      { outcome: 'UNDONE', write: { id: first } },
    ])
    expect(new Set(data.undoWrites.map((undone) => undone.run.id)).size).toBe(2)
    expect(api.runControl.started).toHaveLength(2)
    const { data: shown } = await api.ask(`query ($id: ID!) { recordWrite(id: $id) { undoneBy { id } } }`, {
      id: first,
    })
    expect(shown).toEqual({ recordWrite: { undoneBy: { id: data.undoWrites[1]?.run.id } } })
  })

  test('takes the other side of a settlement along, where that is asked for', async () => {
    const mappingId = await rows.mapping()
    const pair = {
      runId: await rows.run(mappingId),
      localId: randomUUID(),
      integrationId: randomUUID(),
    }
    const to = await wrote(mappingId, pair)
    const from = await wrote(mappingId, { ...pair, side: 'LOCAL' })
    await wrote(mappingId, { ...pair, integrationId: randomUUID() })
    const one = await api.ask<{ undoWrites: readonly unknown[] }>(UNDO, { ids: [to] })
    expect(one.data.undoWrites).toMatchObject([{ outcome: null, write: { id: to } }])
    const both = await api.ask<{ undoWrites: readonly unknown[] }>(UNDO, { ids: [to], both: true })
    expect(both.data.undoWrites).toMatchObject([{ write: { id: to } }, { write: { id: from } }])
  })

  test('of a run that is under way, or has written nothing, is refused', async () => {
    const mappingId = await rows.mapping()
    const running = await rows.run(mappingId, { status: 'RUNNING', finishedAt: null })
    const idle = await rows.run(mappingId)
    for (const [id, message] of [
      [running, /RUNNING/],
      [idle, /nothing to undo/],
    ] as const) {
      const { errors } = await api.ask(`mutation ($id: ID!) { undoRun(runId: $id) { id } }`, { id })
      expect(errors).toMatchObject([
        { message: expect.stringMatching(message), extensions: { code: 'CONFLICTING_STATE' } },
      ])
    }
    expect(api.runControl.started).toEqual([])
  })

  test('names every id that is no write, and undoes nothing then', async () => {
    const id = await wrote(await rows.mapping())
    const unknown = randomUUID()
    const { errors } = await api.ask(UNDO, { ids: [id, unknown] })
    expect(errors).toMatchObject([
      { message: expect.stringContaining(unknown), extensions: { code: 'NOT_FOUND', ids: [unknown] } },
    ])
    expect(api.runControl.started).toEqual([])
  })
})

describe('a rehearsal', () => {
  const REHEARSE = `mutation ($changes: JSONObject!, $last: Int = 1000) {
    rehearseMapping(name: "CUSTOMER", changes: $changes, last: $last) { id status mappingVersion report { changes } } }`

  test('is asked of a worker; while it is under way it has no report', async () => {
    await rows.mapping()
    const { data } = await api.ask<{ rehearseMapping: { id: string } }>(REHEARSE, {
      changes: { conflictDetection: 'FIELDS' },
    })
    expect(data.rehearseMapping).toMatchObject({ status: 'RUNNING', mappingVersion: 1, report: null })
    expect(api.runControl.asked).toEqual([`rehearse:${data.rehearseMapping.id}`])
  })

  test('of settings that make no sense, or of no changes at all, is refused with every problem', async () => {
    await rows.mapping()
    const wrong = await api.ask(REHEARSE, { changes: { direction: 'SIDEWAYS', nonsense: 1 } })
    expect(wrong.errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          problems: expect.arrayContaining([
            expect.objectContaining({ argument: 'changes.direction' }),
            expect.objectContaining({ argument: 'changes.nonsense' }),
          ]),
        },
      },
    ])
    const none = await api.ask(REHEARSE, { changes: {}, last: 0 })
    expect(none.errors).toMatchObject([{ extensions: { problems: [{ argument: 'last' }] } }])
    expect(api.runControl.asked).toEqual([])
  })
})
