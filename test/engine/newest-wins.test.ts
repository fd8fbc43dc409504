import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Scenario, type Pair } from '../support/scenario.js'

const MINUTE = 60_000

/** Wide enough for the error of clocks that tell seconds. */
const LATER = 6_000

describe('newest wins, between clocks that are apart', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
    await demo.update({ updateConflictPolicy: 'NEWEST_WINS' })
  })
  afterAll(() => demo.stop())

  const offset = { businessCentral: 0, dataverse: 0 }
  /** Moves both clocks on, as if time had gone by. */
  const pass = async (milliseconds: number) => {
    for (const system of ['businessCentral', 'dataverse'] as const) {
      offset[system] += milliseconds
      await demo.clock(system, offset[system])
    }
  }
  const cities = async (pair: Pair) => {
    const { customer, account } = await demo.records(pair)
    return [customer?.['city'], account?.['address1_city']]
  }

  test.each([
    ['ahead', 30 * MINUTE],
    ['behind', -30 * MINUTE],
  ])('with the clock of Sales %s, the true order of the edits decides', async (_where, apart) => {
    offset.dataverse = offset.businessCentral + apart
    await demo.clock('dataverse', offset.dataverse)
    await demo.synchronize()
    const [first, second] = [await demo.pair(), await demo.pair()]
    await pass(LATER)
    await demo.person.editAccount(first.accountId, { address1_city: 'Older' })
    await demo.person.editCustomer(second.customerId, { city: 'Older' })
    await pass(LATER)
    await demo.person.editCustomer(first.customerId, { city: 'Newer' })
    await demo.person.editAccount(second.accountId, { address1_city: 'Newer' })
    await demo.synchronize()
    expect(await cities(first)).toEqual(['Newer', 'Newer'])
    expect(await cities(second)).toEqual(['Newer', 'Newer'])
    expect(await demo.openErrors(first)).toEqual([])
    expect(await demo.openErrors(second)).toEqual([])
  })

  test('edits nearer to each other than the clocks can tell are a conflict', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'One' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Two' })
    await demo.synchronize()
    expect(await demo.openErrors(pair)).toMatchObject([
      { errorClass: 'CONFLICT', cause: expect.stringContaining('clocks') },
    ])
  })
})
