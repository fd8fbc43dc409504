import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate, openDatabase, type Database } from '../../src/persistence/database.js'
import { Reconciliation } from '../../src/persistence/entities/reconciliation.js'
import {
  advanceScan,
  countFindings,
  keepSettledSides,
  pairsToExamine,
  saveItems,
} from '../../src/persistence/queries/reconciliation.js'
import { requestReconciliation } from '../../src/persistence/reconciliations.js'
import { Rows } from '../api/support/rows.js'
import { createTestDatabase, type TestDatabase } from '../support/environment.js'

let created: TestDatabase
let database: Database
let rows: Rows
let mapping: string

beforeAll(async () => {
  created = await createTestDatabase('persistence_reconciliation')
  database = await openDatabase(created.url)
  await migrate(database, created.url)
  rows = new Rows(database)
  mapping = await rows.mapping()
})
afterAll(async () => {
  await database.close(true)
  await created.drop()
})

const em = () => database.em.fork()
const EPOCH = new Date('2026-03-01T08:00:00Z')
const STARTED = new Date('2026-03-01T10:00:00Z')

async function begin(): Promise<string> {
  await em().nativeUpdate(Reconciliation, { mappingId: mapping }, { status: 'CANCELLED' })
  const { reconciliation } = await em().transactional((transaction) =>
    requestReconciliation(transaction, { mappingId: mapping, requestedBy: 'test' }),
  )
  return reconciliation.id
}

const coupling = (createdAt = EPOCH) => rows.coupling(mapping, { createdAt })

test('examined are pairs of which not both sides were settled at one revision, but for those made since', async () => {
  const id = await begin()
  const [both, onlyLocal, none, apart] = [
    await coupling(),
    await coupling(),
    await coupling(),
    await coupling(),
  ]
  await coupling(new Date(STARTED.getTime() + 1))
  const local = [both, onlyLocal, apart].map((couplingId) => ({ couplingId, revision: 1 }))
  await keepSettledSides(em(), id, 'LOCAL', local)
  await keepSettledSides(em(), id, 'INTEGRATION', [
    { couplingId: both, revision: 1 },
    { couplingId: apart, revision: 2 },
  ])
  const reconciliation = { id, mappingId: mapping, startedAt: STARTED }
  const expected = [onlyLocal, none, apart].sort()
  expect(await pairsToExamine(em(), reconciliation, null, 10)).toEqual(expected)
  expect(await pairsToExamine(em(), reconciliation, expected[0] ?? null, 1)).toEqual([expected[1]])
  await keepSettledSides(em(), id, 'LOCAL', [{ couplingId: apart, revision: 2 }])
  expect(await pairsToExamine(em(), reconciliation, null, 10)).toEqual([onlyLocal, none].sort())
})

test('a page counts once, in its turn, and not when it is over', async () => {
  const id = await begin()
  const page = { step: 0, next: 'on', records: 5 }
  expect(await advanceScan(em(), id, 'LOCAL', page)).toBe(true)
  expect(await advanceScan(em(), id, 'LOCAL', page)).toBe(false)
  expect(await advanceScan(em(), id, 'LOCAL', { step: 1, next: null, records: 2 })).toBe(true)
  const found = await em().findOneOrFail(Reconciliation, { id })
  expect(found).toMatchObject({ localStep: 2, localDone: true, localRecords: 7, integrationStep: 0 })
  await em().nativeUpdate(Reconciliation, { id }, { status: 'CANCELLED' })
  expect(await advanceScan(em(), id, 'INTEGRATION', page)).toBe(false)
})

test('what runs did meanwhile is no finding: couplings that are gone, records that were coupled', async () => {
  const id = await begin()
  const item = {
    couplingId: null,
    localId: null,
    integrationId: null,
    localName: null,
    integrationName: null,
    localVersion: null,
    integrationVersion: null,
    partnerId: null,
    reason: 'It differs.',
    fields: [],
    recommended: { kind: 'none', reason: '' },
  } as const
  const stays = await coupling()
  await rows.coupling(mapping, { createdAt: EPOCH, localId: 'coupled', integrationId: 'meanwhile' })
  const before = await countFindings(em(), { id, mappingId: mapping, startedAt: STARTED })
  await saveItems(em(), id, [
    { ...item, verdict: 'DRIFT', couplingId: stays },
    { ...item, verdict: 'DRIFT', couplingId: randomUUID() },
    { ...item, verdict: 'UNCOUPLED_LOCAL', localId: 'coupled' },
    { ...item, verdict: 'UNCOUPLED_INTEGRATION', integrationId: 'meanwhile' },
    { ...item, verdict: 'UNCOUPLED_LOCAL', localId: 'alone' },
  ])
  const after = await countFindings(em(), { id, mappingId: mapping, startedAt: STARTED })
  expect(after.pairs).toBe(before.pairs)
  expect(after.counts).toEqual({ EQUAL: before.pairs - 1, DRIFT: 1, UNCOUPLED_LOCAL: 1 })
})
