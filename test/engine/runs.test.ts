import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { counted, Scenario, type Run } from '../support/scenario.js'

describe('runs', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start({ engine: { pageSize: 10 } })
  })
  afterEach(() => demo.clearFaults())
  afterAll(() => demo.stop())

  /** Business Central takes its time, so that there is a run to look at. */
  const slow = (): Promise<void> =>
    demo.fault('businessCentral', {
      path: 'customers',
      times: null,
      action: { kind: 'delay', milliseconds: 400 },
    })

  const total = (run: Run, pass: 'TO' | 'FROM'): number =>
    Object.values(counted(run, pass)).reduce((sum, count) => sum + count, 0)

  test('a start during a run returns that run; a wider one is queued once behind it', async () => {
    await slow()
    const first = await demo.request('CUSTOMER', 'FULL')
    const second = await demo.request()
    expect(second.id).toBe(first.id)
    const wider = await demo.request('CUSTOMER', 'UNCONDITIONAL')
    const again = await demo.request('CUSTOMER', 'UNCONDITIONAL')
    expect(wider).toMatchObject({ status: 'QUEUED' })
    expect(again.id).toBe(wider.id)
    await demo.clearFaults()
    expect((await demo.ended(first.id)).status).toBe('COMPLETED')
    expect((await demo.ended(wider.id)).status).toBe('COMPLETED')
  })

  test('FULL looks at every record, in pages, and writes nothing where nothing changed', async () => {
    const run = await demo.synchronize('CUSTOMER', 'FULL')
    expect(run.status).toBe('COMPLETED')
    expect([total(run, 'TO'), total(run, 'FROM')]).toEqual([
      await demo.person.countCustomers(),
      await demo.person.countAccounts(),
    ])
    expect([counted(run, 'TO')['modified'], counted(run, 'FROM')['modified']]).toEqual([undefined, undefined])
  })

  test('UNCONDITIONAL judges a bidirectional mapping by the values last agreed', async () => {
    const pair = await demo.pair()
    const account = await demo.person.editAccount(pair.accountId, { address1_city: 'Unseen' })
    const stamp = Date.parse(String(account['modifiedon']))
    await demo.update({ fromWatermark: new Date(stamp + 1000).toISOString() })
    await demo.synchronize()
    expect((await demo.records(pair)).customer?.['city']).not.toBe('Unseen')
    const run = await demo.synchronize('CUSTOMER', 'UNCONDITIONAL')
    expect(run.status).toBe('COMPLETED')
    expect((await demo.records(pair)).customer).toMatchObject({ city: 'Unseen' })
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('cancelling stops within a page and loses nothing', async () => {
    const pairs = [await demo.pair(), await demo.pair(), await demo.pair()]
    for (const [index, pair] of pairs.entries())
      await demo.person.editCustomer(pair.customerId, { city: `Stop ${index}` })
    const before = await demo.watermarks()
    await slow()
    const { id } = await demo.request('CUSTOMER', 'FULL')
    await demo.until(
      () => demo.run(id),
      (run) => run.jobs.length > 0,
      'the To pass',
    )
    await demo.ask('mutation ($id: ID!) { cancelSynchRun(id: $id) { id status } }', { id })
    const run = await demo.ended(id)
    expect(run.status).toBe('CANCELLED')
    expect(run.jobs).toHaveLength(1)
    expect(total(run, 'TO')).toBeLessThan(await demo.person.countCustomers())
    expect(await demo.watermarks()).toEqual(before)
    await demo.clearFaults()
    expect((await demo.synchronize()).status).toBe('COMPLETED')
    for (const [index, pair] of pairs.entries()) {
      expect((await demo.records(pair)).account).toMatchObject({ address1_city: `Stop ${index}` })
      expect(await demo.openErrors(pair)).toEqual([])
    }
  })
})
