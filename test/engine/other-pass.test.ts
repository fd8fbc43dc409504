import { afterAll, beforeAll, expect, test } from 'vitest'
import { RecordState } from '../../src/persistence/entities/record-state.js'
import { until } from '../chaos/support/until.js'
import { counts, TestEngine } from '../support/engine.js'
import { quoted } from '../support/person.js'

let engine: TestEngine
beforeAll(async () => {
  engine = await TestEngine.start()
  await engine.firstLoad()
})
afterAll(() => engine.stop())

test('a customer that leaves its filter does not end what its account waits for', async () => {
  const { person, sandbox } = engine
  const customer = await person.customer('RATTC')
  const account = await person.account(`name eq ${quoted(String(customer?.['displayName']))}`)
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
  const accountId = String(account?.['accountid'])
  const pending = (reason: string) =>
    engine.database.em.fork().count(RecordState, { recordId: accountId, reason: reason as 'CONFLICT' })
  const first = await engine.synchronize('CUSTOMER')
  expect(counts(first.from)).toMatchObject({ failed: 1 })
  await person.editCustomer(String(customer?.['id']), { blocked: 'All' })
  await engine.synchronize('CUSTOMER')
  expect(await pending('DEPENDENCY_MISSING')).toBe(1)
  // As soon as the yen is coupled the account is looked at; and as the customer was edited too, a person has to choose.
  await person.send(
    'POST',
    `${sandbox.businessCentral.url}/companies(${sandbox.businessCentral.companyId})/currencies`,
    {
      code: 'JPY',
      displayName: 'Yen',
      symbol: '¥',
    },
  )
  await engine.synchronize('CURRENCY')
  await until('the account has been looked at', async () => (await pending('CONFLICT')) === 1)
})
