import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run as execute, sql } from '../../src/persistence/sql.js'
import { jobOf, Scenario, type Pair, type Run } from '../support/scenario.js'
import { Gate, landedOn, pageDecided, personDecided } from './support/gate.js'
import { lostValues } from './support/history.js'

const BUSY = { reason: 'BUSY', count: 1 }

describe("a person's Synchronize beside a pass over the same record", () => {
  let demo: Scenario
  let records: readonly [number, number]
  beforeAll(async () => {
    demo = await Scenario.start()
    records = [await demo.person.countCustomers(), await demo.person.countAccounts()]
  })
  afterAll(() => demo.stop())

  const busyIn = (run: Run, pass: 'TO' | 'FROM') => jobOf(run, pass)?.ignoredByReason

  /** Both sides hold that city, no run finds anything more to do, and there is nobody who was not there before. */
  const settled = async (pair: Pair, city: string) => {
    await demo.synchronize()
    const versions = await demo.versions(pair)
    await demo.synchronize()
    expect(await demo.versions(pair)).toEqual(versions)
    expect(await demo.records(pair)).toMatchObject({ customer: { city }, account: { address1_city: city } })
    expect(await demo.openErrors(pair)).toEqual([])
    expect(await demo.skipped(pair)).toBeNull()
    const [left] = await execute(
      demo.engine.database.em.fork(),
      sql`select (select count(*)::int from intent) as intents, (select count(*)::int from claim) as claims,
            (select count(*)::int from record_state where coupling_id = ${pair.couplingId}) as states`,
    )
    expect(left).toEqual({ intents: 0, claims: 0, states: 0 })
    expect([await demo.person.countCustomers(), await demo.person.countAccounts()]).toEqual(records)
  }

  /** The values of a pair that lost. */
  const lost = async (pair: Pair) =>
    (await lostValues(demo.engine, pair.couplingId))
      .filter(({ field }) => field === 'city' || field === 'address1_city')
      .map(({ side, value }) => ({ side, value }))

  test('the pass was first: the person is told that it is at work, and the pass carries the change', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Porto' })
    const before = await demo.versions(pair)
    await using decided = await Gate.shut(demo.engine, pageDecided('TO_INTEGRATION_TABLE'))
    const { id } = await demo.request()
    await decided.reached()

    const byPerson = await demo.synchronizeRecord(pair, 'TO_INTEGRATION_TABLE')

    expect(busyIn(byPerson, 'TO')).toEqual([BUSY])
    expect(await demo.versions(pair)).toEqual(before)
    await decided.open()
    expect((await demo.ended(id)).status).toBe('COMPLETED')
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: 'Porto' })
    await settled(pair, 'Porto')
  })

  test('the person was first: the pass leaves the record to him', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Braga' })
    const { account } = await demo.records(pair)
    await using decided = await Gate.shut(demo.engine, personDecided)
    const byPerson = demo.synchronizeRecord(pair, 'TO_INTEGRATION_TABLE')
    await decided.reached()

    const run = await demo.synchronize('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')

    expect(busyIn(run, 'TO')).toEqual([BUSY])
    expect((await demo.records(pair)).account?.['@odata.etag']).toBe(account?.['@odata.etag'])
    await decided.open()
    expect(jobOf(await byPerson, 'TO')).toMatchObject({ modified: 1 })
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: 'Braga' })
    await settled(pair, 'Braga')
  })

  test('the other way than the pass, after its decision: what the pass decided no longer stands', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Faro' })
    await using decided = await Gate.shut(demo.engine, pageDecided('TO_INTEGRATION_TABLE'))
    const { id } = await demo.request('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
    await decided.reached()
    await demo.person.editAccount(pair.accountId, { address1_city: 'Lagos' })

    const byPerson = await demo.synchronizeRecord(pair, 'FROM_INTEGRATION_TABLE', { overwrite: true })

    expect(jobOf(byPerson, 'FROM')).toMatchObject({ modified: 1 })
    await decided.open()
    expect(busyIn(await demo.ended(id), 'TO')).toContainEqual(BUSY)
    expect(await demo.records(pair)).toMatchObject({
      customer: { city: 'Lagos' },
      account: { address1_city: 'Lagos' },
    })
    await settled(pair, 'Lagos')
    expect(await lost(pair)).toEqual([{ side: 'LOCAL', value: 'Faro' }])
  })

  test('the other way than the pass, decided before the pass wrote: what the person saw no longer stands', async () => {
    const pair = await demo.pair()
    const city = String((await demo.records(pair)).customer?.['city'])
    await demo.person.editCustomer(pair.customerId, { city: 'Evora' })
    await using decided = await Gate.shut(demo.engine, personDecided)
    const byPerson = demo.synchronizeRecord(pair, 'FROM_INTEGRATION_TABLE', { overwrite: true })
    await decided.reached()

    const run = await demo.synchronize('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')

    expect(jobOf(run, 'TO')).toMatchObject({ modified: 1 })
    await decided.open()
    expect(busyIn(await byPerson, 'FROM')).toEqual([BUSY])
    // His overwriting Evora with the account's older city would have been on values that are gone.
    expect(city).not.toBe('Evora')
    await settled(pair, 'Evora')
    expect(await lost(pair)).toEqual([])
  })

  test('the other way than the pass, while its write is on its way: the person is told so', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Sintra' })
    await using landed = await Gate.shut(demo.engine, landedOn('INTEGRATION'))
    const { id } = await demo.request('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
    await landed.reached()

    const byPerson = await demo.synchronizeRecord(pair, 'FROM_INTEGRATION_TABLE', { overwrite: true })

    expect(busyIn(byPerson, 'FROM')).toEqual([BUSY])
    await landed.open()
    expect(jobOf(await demo.ended(id), 'TO')).toMatchObject({ modified: 1 })
    await settled(pair, 'Sintra')
  })

  test('asked for five times at once, the record is written once', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Tomar' })
    const runs = await Promise.all(
      Array.from({ length: 5 }, () => demo.synchronizeRecord(pair, 'TO_INTEGRATION_TABLE')),
    )
    expect(runs.map(({ status }) => status)).toEqual(Array(5).fill('COMPLETED'))
    expect(runs.map((run) => jobOf(run, 'TO')?.modified).toSorted()).toEqual([0, 0, 0, 0, 1])
    await settled(pair, 'Tomar')
  })
})
