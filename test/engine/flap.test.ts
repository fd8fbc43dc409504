import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'

/** Rounds that are carried before the next is stopped. */
const CARRIED = 5

let demo: Scenario
beforeAll(async () => {
  demo = await Scenario.start()
})
afterAll(() => demo.stop())

test('two automations that put their own value back are stopped after five rounds, naming the field; other edits are carried', async () => {
  const pair = await demo.pair()
  const calm = await demo.pair()
  // The first write begins; every answer of the other system is a round.
  for (let write = 0; write <= CARRIED; write += 1) {
    if (write % 2 === 0) await demo.person.editCustomer(pair.customerId, { phoneNumber: '+1 555 BC' })
    else await demo.person.editAccount(pair.accountId, { telephone1: '+1 555 DV' })
    await demo.person.editCustomer(calm.customerId, { phoneNumber: `+1 555 ${write}` })
    await demo.synchronize()
    expect(await demo.skipped(pair)).toBeNull()
    const { customer, account } = await demo.records(pair)
    expect(customer?.['phoneNumber']).toBe(account?.['telephone1'])
  }
  await demo.person.editCustomer(pair.customerId, { phoneNumber: '+1 555 BC' })
  await demo.synchronize()
  expect(await demo.skipped(pair)).toMatchObject({
    errorClass: 'CONFLICT',
    message: expect.stringMatching(/keep changing Main Phone against each other/),
  })
  expect(await demo.openErrors(pair)).toMatchObject([{ errorClass: 'CONFLICT', field: expect.any(String) }])
  expect((await demo.records(pair)).account).toMatchObject({ telephone1: '+1 555 DV' })
  expect(await demo.skipped(calm)).toBeNull()

  // A person puts the customer back by hand: what was stopped is over, and his next edit is carried.
  await demo.person.editCustomer(pair.customerId, { phoneNumber: '+1 555 DV' })
  const { retrySkippedSynchRecords: retries } = await demo.ask<{
    retrySkippedSynchRecords: { id: string }[]
  }>(`mutation { retrySkippedSynchRecords(ids: ["${(await demo.skipped(pair))?.id ?? ''}"]) { id } }`)
  for (const { id } of retries) await demo.ended(id)
  expect(await demo.skipped(pair)).toBeNull()
  await demo.person.editCustomer(pair.customerId, { phoneNumber: '+1 555 next' })
  await demo.synchronize()
  expect(await demo.skipped(pair)).toBeNull()
  expect((await demo.records(pair)).account).toMatchObject({ telephone1: '+1 555 next' })
})
