import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CURRENCY } from '../../src/domain/catalog/business-central.js'
import type { Work } from './support/dialect.js'
import { BUSINESS_CENTRAL_DIALECT, workOn } from './support/dialect.js'
import { failureOf } from './support/failures.js'
import type { Bench, TestSandbox } from './support/sandbox.js'
import { benchFor, startTestSandbox, writeAll } from './support/sandbox.js'

const dialect = BUSINESS_CENTRAL_DIALECT
const { name } = dialect
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

test('a company that does not exist', async () => {
  const elsewhere = await benchFor(dialect.kind, sandbox.running, { companyId: randomUUID() })
  const { connector, table } = elsewhere
  expect((await failureOf(connector.readByIds(table, [], [randomUUID()]))).failure.errorClass).toBe('SETUP')
  expect(
    (await failureOf(writeAll(elsewhere, [work.createRequest('1', { [name]: 'Nowhere' })]))).failure
      .errorClass,
  ).toBe('SETUP')
  await connector.close()
})

test('a currency is created, referred to and cleared; one that does not exist is refused by its field', async () => {
  const currencies = { connector: bench.connector, table: CURRENCY }
  const request = work.createRequest('1', {})
  const values = { code: 'chf', displayName: 'Swiss franc', symbol: 'Fr.' }
  const created = await writeAll(currencies, [{ ...request, values }], ['code', 'displayName'])
  expect(created.get('1')).toMatchObject({ record: { values: { code: 'CHF', displayName: 'Swiss franc' } } })
  const [currency] = await bench.connector.readByValues(CURRENCY, ['code'], 'code', ['CHF'])
  const customer = await work.createOne({ [name]: 'Currency', currencyId: currency?.id ?? null })
  expect(customer.values['currencyId']).toBe(currency?.id)
  const refused = await writeAll(bench, [work.updateRequest('1', customer, { currencyId: randomUUID() })])
  expect(refused.get('1')).toMatchObject({
    kind: 'refused',
    failure: { errorClass: 'VALIDATION', field: 'currencyId' },
  })
  const cleared = await writeAll(
    bench,
    [work.updateRequest('1', customer, { currencyId: null })],
    ['currencyId'],
  )
  expect(cleared.get('1')).toMatchObject({ record: { values: { currencyId: null } } })
})

test('blocked is an option whose blank has a name of its own on the wire', async () => {
  const customer = await work.createOne({ [name]: 'Blocked', blocked: 'Ship' })
  const results = await writeAll(bench, [work.updateRequest('1', customer, { blocked: null })], ['blocked'])
  expect(results.get('1')).toMatchObject({ record: { values: { blocked: null } } })
  expect(await bench.person('GET', customer.id)).toMatchObject({ blocked: '_x0020_' })
})
