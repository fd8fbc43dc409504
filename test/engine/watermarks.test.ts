import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counted, Scenario } from '../support/scenario.js'

describe('watermarks', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  test('a run moves both on, also when it finds nothing', async () => {
    const before = await demo.watermarks()
    const run = await demo.synchronize()
    expect(
      run.jobs.map(({ direction }) => counted(run, direction === 'TO_INTEGRATION_TABLE' ? 'TO' : 'FROM')),
    ).toEqual([{}, {}])
    const after = await demo.watermarks()
    expect(Date.parse(after.to ?? '')).toBeGreaterThanOrEqual(Date.parse(before.to ?? ''))
    expect(Date.parse(after.from ?? '')).toBeGreaterThanOrEqual(Date.parse(before.from ?? ''))
  })

  test('set back on either side, what was read before is read again and counted Unchanged', async () => {
    const pair = await demo.pair()
    const customer = await demo.person.editCustomer(pair.customerId, { city: 'Ghent' })
    await demo.synchronize()
    await demo.synchronize()
    await demo.update({ toWatermark: String(customer['lastModifiedDateTime']) })
    const again = await demo.synchronize()
    expect(counted(again, 'TO')).toEqual({ unchanged: 1 })

    const account = (await demo.records(pair)).account
    await demo.update({ fromWatermark: String(account?.['modifiedon']) })
    const back = await demo.synchronize()
    expect(counted(back, 'FROM')['unchanged']).toBeGreaterThanOrEqual(1)
    expect(counted(back, 'FROM')['modified']).toBeUndefined()
    expect(counted(await demo.synchronize(), 'FROM')).toEqual({})
  })

  test('taken away, every record is read again', async () => {
    const customers = await demo.person.countCustomers()
    const accounts = await demo.person.countAccounts()
    await demo.update({ toWatermark: null, fromWatermark: null })
    const run = await demo.synchronize()
    const total = (pass: 'TO' | 'FROM'): number =>
      Object.values(counted(run, pass)).reduce((sum, count) => sum + count, 0)
    expect(counted(run, 'TO')['modified']).toBeUndefined()
    expect(counted(run, 'FROM')['modified']).toBeUndefined()
    expect([total('TO'), total('FROM')]).toEqual([customers, accounts])
  })

  test('set forward on the side of Business Central, edits before it are not read', async () => {
    const pair = await demo.pair()
    const customer = await demo.person.editCustomer(pair.customerId, { city: 'Bruges' })
    const stamp = Date.parse(String(customer['lastModifiedDateTime']))
    await demo.update({ toWatermark: new Date(stamp + 1).toISOString() })
    const before = await demo.versions(pair)
    expect(counted(await demo.synchronize(), 'TO')).toEqual({})
    expect(await demo.versions(pair)).toEqual(before)

    await demo.update({ toWatermark: new Date(stamp).toISOString() })
    expect(counted(await demo.synchronize(), 'TO')).toMatchObject({ modified: 1 })
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: 'Bruges' })
  })

  test('set forward on the side of Sales, edits before it are not read', async () => {
    const pair = await demo.pair()
    const account = await demo.person.editAccount(pair.accountId, { address1_city: 'Namur' })
    const stamp = Date.parse(String(account['modifiedon']))
    await demo.update({ fromWatermark: new Date(stamp + 1000).toISOString() })
    const before = await demo.versions(pair)
    expect(counted(await demo.synchronize(), 'FROM')).toEqual({})
    await demo.synchronize()
    expect(await demo.versions(pair)).toEqual(before)

    await demo.update({ fromWatermark: new Date(stamp).toISOString() })
    expect(counted(await demo.synchronize(), 'FROM')).toMatchObject({ modified: 1 })
    expect((await demo.records(pair)).customer).toMatchObject({ city: 'Namur' })
  })

  test('set while a run goes on, it counts from the next one and that run does not overwrite it', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Liege' })
    await demo.fault('dataverse', { path: 'accounts|batch', action: { kind: 'delay', milliseconds: 1500 } })
    const { id } = await demo.request()
    await demo.until(
      () => demo.run(id),
      (run) => run.jobs.length > 0,
      'the To pass',
    )
    const far = '2020-01-02T03:04:05.678Z'
    await demo.update({ toWatermark: far })
    const run = await demo.ended(id)
    await demo.clearFaults()
    expect(counted(run, 'TO')).toMatchObject({ modified: 1 })
    expect(await demo.watermarks()).toMatchObject({ to: far })
    // The run has not marked what it read as handled: from the watermark on everything is read again.
    const next = await demo.synchronize()
    const read = Object.values(counted(next, 'TO')).reduce((sum, count) => sum + count, 0)
    expect(read).toBe(await demo.person.countCustomers())
    expect(counted(next, 'TO')['modified']).toBeUndefined()
  })

  test.each([
    ['Business Central', 'businessCentral'],
    ['Sales', 'dataverse'],
  ] as const)('edits made after the clock of %s stepped back are read', async (_name, system) => {
    await demo.synchronize()
    await demo.synchronize()
    await demo.clock(system, -300_000)
    const pair = await demo.pair()
    const isLocal = system === 'businessCentral'
    if (isLocal) await demo.person.editCustomer(pair.customerId, { city: 'Yesterday' })
    else await demo.person.editAccount(pair.accountId, { address1_city: 'Yesterday' })
    const run = await demo.synchronize()
    await demo.synchronize()
    expect(run.status).toBe('COMPLETED')
    expect(await demo.records(pair)).toMatchObject({
      customer: { city: 'Yesterday' },
      account: { address1_city: 'Yesterday' },
    })
    expect(await demo.openErrors(pair)).toEqual([])
    await demo.clock(system, 0)
  })
})
