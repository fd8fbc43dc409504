import { afterAll, beforeAll, expect, test } from 'vitest'
import { RecordState } from '../../src/persistence/entities/record-state.js'
import { counts, TestEngine } from '../support/engine.js'

let engine: TestEngine
beforeAll(async () => {
  engine = await TestEngine.start()
  await engine.firstLoad()
})
afterAll(() => engine.stop())

test('a customer that leaves its filter does not end what its account waits for', async () => {
  const { person, sandbox } = engine
  const customer = await person.customer('RATTC')
  const account = await person.account(`name eq '${String(customer?.['displayName'])}'`)
  const yen = await person.send(
    'POST',
    `${sandbox.dataverse.url}/transactioncurrencies`,
    {
      isocurrencycode: 'JPY',
      currencyname: 'Yen',
      currencysymbol: '¥',
      exchangerate: 150,
      currencyprecision: 0,
    },
    { prefer: 'return=representation' },
  )
  await person.editAccount(String(account?.['accountid']), {
    'transactioncurrencyid@odata.bind': `/transactioncurrencies(${String(yen['transactioncurrencyid'])})`,
  })
  const first = await engine.synchronize('CUSTOMER')
  expect(counts(first.from)).toMatchObject({ failed: 1 })
  await person.editCustomer(String(customer?.['id']), { blocked: 'All' })
  const second = await engine.synchronize('CUSTOMER')
  expect(counts(second.to)).toMatchObject({ OUT_OF_FILTER: 1 })
  // The other pass still looks at it, and as the customer was edited too, a person has to choose.
  expect(counts(second.from)).toMatchObject({ conflicts: 1, retried: 1 })
  const em = engine.database.em.fork()
  expect(await em.count(RecordState, { recordId: String(account?.['accountid']), reason: 'CONFLICT' })).toBe(
    1,
  )
})
