import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counted, Scenario, type Pair } from '../support/scenario.js'

const TOO_LONG = 'x'.repeat(120)

describe.each([true, false])('a skip that a failure caused, lifting %s', (liftsSkips) => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start({ engine: { maximumAttempts: 1, liftsSkips } })
  })
  afterAll(() => demo.stop())

  /** The name of its account is too long for Business Central: skipped after one attempt. */
  const skippedPair = async (): Promise<Pair> => {
    const pair = await demo.pair()
    await demo.person.editAccount(pair.accountId, { name: TOO_LONG })
    await demo.synchronize()
    expect(await demo.skipped(pair)).toMatchObject({ errorClass: 'VALIDATION' })
    return pair
  }

  test('a new version of the record that failed', async () => {
    const pair = await skippedPair()
    await demo.person.editAccount(pair.accountId, { address1_city: 'Visby' })
    const run = await demo.synchronize()
    expect(counted(run, 'FROM')).toMatchObject(liftsSkips ? { failed: 1 } : { skipped: 1 })
    expect(await demo.skipped(pair)).toMatchObject({ errorClass: 'VALIDATION' })
  })

  test('a new version of the other record: looked at again, the pair is a conflict', async () => {
    const pair = await skippedPair()
    await demo.person.editCustomer(pair.customerId, { phoneNumber: '+46 498' })
    const run = await demo.synchronize()
    expect(counted(run, 'TO')).toMatchObject(liftsSkips ? { conflicts: 1 } : { skipped: 1 })
    expect(await demo.skipped(pair)).toMatchObject({ errorClass: liftsSkips ? 'CONFLICT' : 'VALIDATION' })
  })

  test('put right on either side, it is carried where skips are lifted', async () => {
    const pair = await skippedPair()
    await demo.person.editAccount(pair.accountId, { name: 'Short' })
    await demo.synchronize()
    expect((await demo.records(pair)).customer?.['displayName'] === 'Short').toBe(liftsSkips)
    expect((await demo.skipped(pair)) === null).toBe(liftsSkips)
  })
})
