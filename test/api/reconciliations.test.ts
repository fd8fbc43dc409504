import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Verdict } from '../../src/domain/reconcile.js'
import type { Repair } from '../../src/domain/reconcile-repair.js'
import { CouplingRecord } from '../../src/persistence/entities/coupling.js'
import { RecordResult } from '../../src/persistence/entities/record-result.js'
import { Reconciliation, ReconciliationItem } from '../../src/persistence/entities/reconciliation.js'
import { SynchRun } from '../../src/persistence/entities/synch-run.js'
import { saveItems } from '../../src/persistence/queries/reconciliation.js'
import { requestReconciliation } from '../../src/persistence/reconciliations.js'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows
let mapping: string

beforeAll(async () => {
  api = await startTestApi('api_reconciliations')
  rows = new Rows(api.database)
})
beforeEach(async () => {
  await api.reset()
  mapping = await rows.mapping()
})
afterAll(() => api.close())

const em = () => api.database.em.fork()
const SYNCHRONIZE: Repair = { kind: 'do', action: 'SYNCHRONIZE', pass: 'TO_INTEGRATION_TABLE' }

/** A reconciliation that has ended, with one item for each verdict given. Returns its id. */
async function reconciled(
  verdicts: readonly Verdict[],
  values: Partial<Reconciliation> = {},
  recommended: Repair = SYNCHRONIZE,
): Promise<string> {
  const { id } = await em().transactional(async (transaction) => {
    const { reconciliation } = await requestReconciliation(transaction, {
      mappingId: mapping,
      requestedBy: 'test',
    })
    return reconciliation
  })
  for (const [index, verdict] of verdicts.entries()) {
    const couplingId = await rows.coupling(mapping)
    const { localId, integrationId } = await em().findOneOrFail(CouplingRecord, { id: couplingId })
    await saveItems(em(), id, [
      {
        verdict,
        couplingId,
        localId,
        integrationId,
        localName: `Customer ${index}`,
        integrationName: `Account ${index}`,
        localVersion: 'v1',
        integrationVersion: 'w1',
        partnerId: null,
        reason: 'It differs.',
        fields: [],
        recommended,
      },
    ])
  }
  await em().nativeUpdate(
    Reconciliation,
    { id },
    { status: 'COMPLETED', pairs: 3, counts: { EQUAL: 3 - verdicts.length }, ...values },
  )
  return id
}

const itemIds = async (id: string): Promise<readonly string[]> =>
  (await em().find(ReconciliationItem, { reconciliationId: id }, { orderBy: { id: 'asc' } })).map(
    (item) => item.id,
  )

describe('asking for a reconciliation', () => {
  const RECONCILE = 'mutation { reconcileMapping(name: "CUSTOMER") { id status summary equalPercent } }'

  test('starts it, and finds the one under way', async () => {
    api.runControl.neverEnd()
    const first = await api.ask<{ reconcileMapping: { id: string } }>(RECONCILE)
    const second = await api.ask<{ reconcileMapping: { id: string } }>(RECONCILE)
    expect(second.data.reconcileMapping).toEqual(first.data.reconcileMapping)
    expect(first.data.reconcileMapping).toMatchObject({ status: 'RUNNING', equalPercent: null })
    const { id } = first.data.reconcileMapping
    expect(api.runControl.asked).toEqual([`reconcile:${id}`, `reconcile:${id}`])
  })

  test('is noted where Temporal cannot be reached', async () => {
    api.runControl.beUnreachable()
    const { errors } = await api.ask(RECONCILE)
    expect(errors).toMatchObject([{ extensions: { code: 'ENGINE_UNAVAILABLE' } }])
    expect(await em().count(Reconciliation, { status: 'RUNNING' })).toBe(1)
  })

  test('keeps the latest fifty of a mapping', async () => {
    for (let index = 0; index < 52; index += 1) await reconciled([])
    await api.ask(RECONCILE)
    expect(await em().count(Reconciliation, {})).toBe(51)
  })
})

describe('what a reconciliation says', () => {
  test('its figures, and nothing of what it has not compared', async () => {
    const id = await reconciled(['DRIFT'])
    const QUERY = `{ reconciliation(id: "${id}") { equal differing equalPercent summary counts { verdict count } } }`
    expect((await api.ask(QUERY)).data['reconciliation']).toEqual({
      equal: 2,
      differing: 1,
      equalPercent: 66.666,
      summary: '66.666 % of 3 pairs are equal, 1 differ.',
      counts: [{ verdict: 'EQUAL', count: 2 }],
    })
    await em().nativeUpdate(Reconciliation, { id }, { status: 'CANCELLED', counts: { EQUAL: 2, DRIFT: 1 } })
    expect((await api.ask(QUERY)).data['reconciliation']).toEqual({
      equal: null,
      differing: null,
      equalPercent: null,
      summary: 'Not all pairs were compared: 1 DRIFT.',
      counts: [{ verdict: 'DRIFT', count: 1 }],
    })
  })

  test('its items page by page, by verdict and text', async () => {
    const id = await reconciled(['DRIFT', 'CONFLICT', 'DRIFT'])
    const list = async (args: string) => {
      const { data, errors } = await api.ask<{
        reconciliation: { items: { nodes: { localName: string }[]; endCursor: string | null } }
      }>(`{ reconciliation(id: "${id}") { items(${args}) { nodes { localName } endCursor } } }`)
      expect(errors).toEqual([])
      return data.reconciliation.items
    }
    const first = await list('first: 2')
    const second = await list(`first: 2, after: "${first.endCursor}"`)
    expect([...first.nodes, ...second.nodes].map((item) => item.localName).sort()).toEqual([
      'Customer 0',
      'Customer 1',
      'Customer 2',
    ])
    expect(second.endCursor).toBeNull()
    expect((await list('filter: { verdict: [CONFLICT] }')).nodes).toEqual([{ localName: 'Customer 1' }])
    expect((await list('filter: { text: "account 2" }')).nodes).toEqual([{ localName: 'Customer 2' }])
  })

  test.each(['reconciliation', 'cancelReconciliation'])('%s of an unknown id is NOT_FOUND', async (field) => {
    const kind = field === 'reconciliation' ? 'query' : 'mutation'
    const { errors } = await api.ask(`${kind} { ${field}(id: "${randomUUID()}") { id } }`)
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  })
})

describe('approving repairs', () => {
  const approve = (id: string, args: string) =>
    api.ask<{
      repairReconciliation: {
        left: number
        results: readonly { itemId: string; repair: { outcome: string; message: string | null } }[]
      }
    }>(
      `mutation { repairReconciliation(id: "${id}", ${args}) { left results { itemId repair { outcome message } } } }`,
    )

  test('takes ids or a filter: what is approved must be said', async () => {
    const id = await reconciled(['DRIFT'])
    for (const args of ['keep: LOCAL', `items: ["${randomUUID()}"], filter: {}`])
      expect((await approve(id, args)).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    const unknown = await approve(id, `items: ["${randomUUID()}"]`)
    expect(unknown.errors).toMatchObject([
      { message: expect.stringContaining('Expected items of this reconciliation') },
    ])
    expect(await em().count(SynchRun, {})).toBe(0)
  })

  test('is refused while the reconciliation is under way, and while the mapping is paused', async () => {
    const id = await reconciled(['DRIFT'], { status: 'RUNNING' })
    expect((await approve(id, 'filter: {}')).errors).toMatchObject([
      { message: expect.stringContaining('is still under way') },
    ])
    await em().nativeUpdate(Reconciliation, { id }, { status: 'COMPLETED' })
    await api.ask('mutation { pauseIntegrationTableMapping(name: "CUSTOMER") { id } }')
    expect((await approve(id, 'filter: {}')).errors).toMatchObject([
      { extensions: { code: 'CONFLICTING_STATE' } },
    ])
    expect(await em().count(SynchRun, {})).toBe(0)
  })

  test('names the versions that were compared, and is one run an action and direction', async () => {
    const id = await reconciled(['DRIFT', 'PENDING', 'MISSING_LOCAL'])
    api.runControl.neverEnd()
    const { data } = await approve(id, 'filter: {}, keep: INTEGRATION')
    expect(data.repairReconciliation.results.map(({ repair }) => repair.outcome)).toEqual([
      'RUNNING',
      'RUNNING',
      'RUNNING',
    ])
    const runs = await em().find(SynchRun, {})
    const forced = runs.find((run) => run.scope?.kind === 'forced')?.scope
    expect(forced).toMatchObject({ kind: 'forced', overwrite: true })
    expect(
      Object.values(
        forced !== undefined && forced !== null && 'seenBy' in forced ? (forced.seenBy ?? {}) : {},
      ),
    ).toEqual([
      { local: 'v1', integration: 'w1' },
      { local: 'v1', integration: 'w1' },
    ])
    expect(runs.map((run) => [run.scope?.kind, run.direction]).sort()).toEqual([
      ['forced', 'FROM_INTEGRATION_TABLE'],
      ['restore', 'FROM_INTEGRATION_TABLE'],
    ])
  })

  test('what is done already is not done again; what was not is', async () => {
    const id = await reconciled(['DRIFT'])
    const [item = ''] = await itemIds(id)
    const [found] = await em().find(ReconciliationItem, { id: item })
    const end = (outcome: 'APPLIED' | 'DESTINATION_CHANGED') => async (runId: string) => {
      await em().insertMany(RecordResult, [
        { runId, recordKey: String(found?.couplingId), couplingId: found?.couplingId ?? null, outcome },
      ])
      await em().nativeUpdate(SynchRun, { id: runId }, { status: 'COMPLETED' })
    }
    api.runControl.behave(end('DESTINATION_CHANGED'))
    expect((await approve(id, `items: ["${item}"]`)).data.repairReconciliation.results).toMatchObject([
      {
        itemId: item,
        repair: { outcome: 'CHANGED_SINCE', message: expect.stringContaining('was changed since') },
      },
    ])
    api.runControl.behave(end('APPLIED'))
    for (let times = 0; times < 2; times += 1) {
      expect((await approve(id, `items: ["${item}"]`)).data.repairReconciliation.results).toMatchObject([
        { itemId: item, repair: { outcome: 'REPAIRED' } },
      ])
    }
    expect(await em().count(SynchRun, {})).toBe(2)
  })

  test('what has no repair is refused with the reason, and asks for none', async () => {
    const none: Repair = { kind: 'none', reason: 'Say which one to keep.' }
    const id = await reconciled(['CONFLICT', 'MISSING_LOCAL'], {}, none)
    const { data } = await approve(id, 'filter: { verdict: [CONFLICT] }')
    expect(data.repairReconciliation.results).toMatchObject([
      { repair: { outcome: 'REFUSED', message: 'Say which one to keep.' } },
    ])
    const other = await approve(id, 'filter: { verdict: [MISSING_LOCAL] }, keep: LOCAL')
    expect(other.data.repairReconciliation.results).toMatchObject([
      { repair: { outcome: 'REFUSED', message: expect.stringContaining('a repair deletes nothing') } },
    ])
    expect(await em().count(SynchRun, {})).toBe(0)
  })
})
