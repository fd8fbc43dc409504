import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counted, jobOf, Scenario } from '../support/scenario.js'
import { Gate, pageWritten } from './support/gate.js'

describe('a person settles a pair after a pass has judged it and before the pass records that', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  test('the conflict that the pass saw is none any more', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Basel' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Bern' })
    await using judged = await Gate.shut(demo.engine, pageWritten('TO_INTEGRATION_TABLE'))
    const { id } = await demo.request('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
    await judged.reached()
    expect(await demo.synchronizeRecord(pair, 'FROM_INTEGRATION_TABLE', { overwrite: true })).toMatchObject({
      status: 'COMPLETED',
    })
    await judged.open()

    const run = await demo.ended(id)

    expect(counted(run, 'TO')['conflicts']).toBeUndefined()
    expect(jobOf(run, 'TO')?.ignoredByReason).toContainEqual({ reason: 'BUSY', count: 1 })
    expect(await demo.skipped(pair)).toBeNull()
    expect(await demo.openErrors(pair)).toEqual([])
    // It is looked at again, and found in order.
    const versions = await demo.versions(pair)
    expect(counted(await demo.synchronize(), 'TO')['conflicts']).toBeUndefined()
    expect(await demo.versions(pair)).toEqual(versions)
    expect(await demo.records(pair)).toMatchObject({
      customer: { city: 'Bern' },
      account: { address1_city: 'Bern' },
    })
  })

  test('the failure that the pass saw is none any more', async () => {
    const pair = await demo.pair()
    const { customer } = await demo.records(pair)
    await demo.person.editAccount(pair.accountId, { name: 'z'.repeat(120) })
    await using judged = await Gate.shut(demo.engine, pageWritten('FROM_INTEGRATION_TABLE'))
    const { id } = await demo.request('CUSTOMER', 'MODIFIED', 'FROM_INTEGRATION_TABLE')
    await judged.reached()
    await demo.synchronizeRecord(pair, 'TO_INTEGRATION_TABLE', { overwrite: true })
    await judged.open()

    const run = await demo.ended(id)

    expect(counted(run, 'FROM')['failed']).toBeUndefined()
    expect(await demo.openErrors(pair)).toEqual([])
    expect(counted(await demo.synchronize(), 'FROM')['failed']).toBeUndefined()
    expect(await demo.records(pair)).toMatchObject({
      customer: { displayName: customer?.['displayName'] },
      account: { name: customer?.['displayName'] },
    })
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('what the pass saw as agreed is not put over what the person made of it', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Chur' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Chur' })
    await using judged = await Gate.shut(demo.engine, pageWritten('TO_INTEGRATION_TABLE'))
    const { id } = await demo.request('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
    await judged.reached()
    await demo.person.editAccount(pair.accountId, { address1_city: 'Davos' })
    await demo.synchronizeRecord(pair, 'FROM_INTEGRATION_TABLE', { overwrite: true })
    await judged.open()
    await demo.ended(id)

    // Since the person's Synchronize only Sales was edited: nobody made a conflict.
    await demo.person.editAccount(pair.accountId, { address1_city: 'Arosa' })
    expect(counted(await demo.synchronize(), 'TO')['conflicts']).toBeUndefined()
    expect(await demo.records(pair)).toMatchObject({
      customer: { city: 'Arosa' },
      account: { address1_city: 'Arosa' },
    })
    expect(await demo.openErrors(pair)).toEqual([])
  })
})
