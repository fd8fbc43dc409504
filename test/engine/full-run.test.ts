import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counted, Scenario } from '../support/scenario.js'

/** Without a commit delay a version lies before the watermark once it was read; with one it is remembered by itself. */
describe.each([
  ['no commit delay', 0],
  ['a commit delay of a day', 86_400],
])('a full run reads every record: %s', (_name, commitDelaySeconds) => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start({ engine: { commitDelaySeconds } })
  })
  afterAll(() => demo.stop())

  test('a version that a scheduled pass has read long ago makes no conflict of an edit of the other side', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { phoneNumber: '030-111' })
    await demo.synchronizeRecord(pair, 'TO_INTEGRATION_TABLE')
    expect(counted(await demo.synchronize(), 'TO')['conflicts']).toBeUndefined()
    await demo.person.editAccount(pair.accountId, { telephone1: '030-222' })

    const run = await demo.synchronize('CUSTOMER', 'FULL')

    expect(run.status).toBe('COMPLETED')
    expect(counted(run, 'TO')['conflicts']).toBeUndefined()
    expect(counted(run, 'FROM')).toMatchObject({ modified: 1 })
    expect((await demo.records(pair)).customer).toMatchObject({ phoneNumber: '030-222' })
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('a version that no scheduled pass has read does, as in any other run', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { phoneNumber: '030-333' })
    await demo.synchronizeRecord(pair, 'TO_INTEGRATION_TABLE')
    await demo.person.editAccount(pair.accountId, { telephone1: '030-444' })

    const run = await demo.synchronize('CUSTOMER', 'FULL')

    expect(counted(run, 'TO')).toMatchObject({ conflicts: 1 })
    expect((await demo.records(pair)).customer).toMatchObject({ phoneNumber: '030-333' })
    expect(await demo.skipped(pair)).toMatchObject({ errorClass: 'CONFLICT' })
  })
})
