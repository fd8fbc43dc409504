import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TRANSACTION_CURRENCY } from '../../src/domain/catalog/dataverse.js'
import type { Work } from './support/dialect.js'
import { DATAVERSE_DIALECT, workOn } from './support/dialect.js'
import { failureOf } from './support/failures.js'
import type { Bench, TestSandbox } from './support/sandbox.js'
import { benchFor, startTestSandbox, writeAll } from './support/sandbox.js'

const dialect = DATAVERSE_DIALECT
const { name, city } = dialect
let sandbox: TestSandbox
let bench: Bench
let work: Work

beforeAll(async () => {
  sandbox = await startTestSandbox()
  bench = await benchFor(dialect.kind, sandbox.running)
  work = workOn(bench, dialect)
})
afterAll(async () => {
  await bench.connector.close()
  await sandbox[Symbol.asyncDispose]()
})

test('a delta link brings what changed since, our own writes and deletions too', async () => {
  const [edited, deleted, kept] = await work.createRecords({ [name]: 'E' }, { [name]: 'D' }, { [name]: 'K' })
  if (!edited || !deleted || !kept) throw new Error('Three were asked for.')
  const first = await work.readAll({ kind: 'beginning' }, 100, true)
  expect(first.changes).toContainEqual({ kind: 'changed', record: kept })
  await bench.person('PATCH', edited.id, { [city]: 'Essen' })
  await bench.person('DELETE', deleted.id)
  const created = await work.createOne({ [name]: 'N' })
  const second = await work.readAll({ kind: 'token', token: first.token ?? '' }, 1, true)
  expect(second.pages).toBeGreaterThan(1)
  expect(second.changes).toHaveLength(3)
  expect(second.changes).toContainEqual({ kind: 'changed', record: await work.readOne(edited.id) })
  expect(second.changes).toContainEqual({ kind: 'changed', record: created })
  expect(second.changes).toContainEqual({ kind: 'tombstone', id: deleted.id })
  const third = await work.readAll({ kind: 'token', token: second.token ?? '' }, 100, true)
  expect(third.changes).toEqual([])
})

test('an old delta link asks for a full read', async () => {
  const { token } = await work.readAll({ kind: 'beginning' }, 5000, true)
  await bench.moveClock(8 * 24 * 3_600_000)
  try {
    const error = await failureOf(work.readAll({ kind: 'token', token: token ?? '' }, 100, true))
    expect(error).toMatchObject({ tokenExpired: true, failure: { code: '0x80044352' } })
  } finally {
    await bench.moveClock(0)
  }
})

test('a lookup is set and cleared', async () => {
  const { baseCurrency } = await bench.connector.readFacts()
  const record = await work.createOne({ [name]: 'Currency', [dialect.lookup]: baseCurrency })
  expect(record.values[dialect.lookup]).toBe(baseCurrency)
  const results = await writeAll(
    bench,
    [work.updateRequest('1', record, { [dialect.lookup]: null })],
    [dialect.lookup],
  )
  expect(results.get('1')).toMatchObject({
    kind: 'written',
    record: { values: { [dialect.lookup]: null } },
  })
})

test('a reference to nothing is refused, the record is not taken for gone', async () => {
  const record = await work.createOne({ [name]: 'Reference' })
  const results = await writeAll(bench, [work.updateRequest('1', record, { [dialect.lookup]: randomUUID() })])
  expect(results.get('1')).toMatchObject({ kind: 'refused', failure: { errorClass: 'VALIDATION' } })
})

test('a currency is created with its ISO code, which later writes leave out', async () => {
  const currencies = { connector: bench.connector, table: TRANSACTION_CURRENCY }
  const request = work.createRequest('1', {})
  const values = {
    isocurrencycode: 'CHF',
    currencyname: 'Swiss franc',
    exchangerate: '0.8812345678',
    currencyprecision: '2',
  }
  const fields = Object.keys(values)
  const created = await writeAll(currencies, [{ ...request, values }], fields)
  expect(created.get('1')).toMatchObject({ record: { values } })
  const [currency] = await bench.connector.readByValues(TRANSACTION_CURRENCY, fields, 'isocurrencycode', [
    'chf',
  ])
  if (currency === undefined) throw new Error('The currency was just created.')
  const update = work.updateRequest('1', currency, { isocurrencycode: 'CHE', currencyname: 'Franc' })
  const updated = await writeAll(currencies, [update], fields)
  expect(updated.get('1')).toMatchObject({
    record: { values: { isocurrencycode: 'CHF', currencyname: 'Franc' } },
  })
})
