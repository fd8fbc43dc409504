import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'
import { Couplings } from './support/couplings.js'

describe('match-based coupling', () => {
  let demo: Scenario
  let couplings: Couplings
  /** Coupled by the first runs of the demo. */
  let coupled: number
  beforeAll(async () => {
    demo = await Scenario.start()
    couplings = new Couplings(demo)
    await demo.update({ synchOnlyCoupledRecords: true })
    const { couplings: all } = await demo.ask<{ couplings: { totalCount: number } }>(
      '{ couplings(filter: { mapping: "CUSTOMER" }) { totalCount } }',
    )
    coupled = all.totalCount
  })
  afterAll(() => demo.stop())

  const nameOf = async (id: string) => (await demo.person.accountById(id))?.['name']
  const counters = async (run: Promise<unknown>) =>
    ((await run) as { jobs: readonly Readonly<Record<string, unknown>>[] }).jobs[0] ?? {}

  test('a plan lists who matches whom, what is ambiguous and what has no match; the run then does just that', async () => {
    const match = await couplings.strangers(
      { displayName: 'Abisko Fjällcafé', city: 'Abisko' },
      { name: 'ABISKO FJÄLLCAFÉ', telephone1: '0980-1' },
    )
    const twice = await couplings.customer({ displayName: 'Doppelt' })
    await couplings.account({ name: 'Doppelt' })
    await couplings.account({ name: 'doppelt' })
    const alone = await couplings.customer({ displayName: 'Niemand sonst' })
    const watermarks = await demo.watermarks()

    const { planMapping } = await demo.ask<{ planMapping: { items: { nodes: readonly object[] } } }>(
      `mutation { planMapping(name: "CUSTOMER", mode: COUPLE, createNew: false, synchronizeAfterwards: false) { status
        items { nodes { action couples localName integrationName failure { errorClass } } } } }`,
    )
    expect(planMapping.items.nodes).toHaveLength(3)
    expect(planMapping.items.nodes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action: 'COUPLE', couples: true, integrationName: 'ABISKO FJÄLLCAFÉ' }),
        expect.objectContaining({ action: 'FAIL', localName: 'Doppelt' }),
        expect.objectContaining({ action: 'FAIL', localName: 'Niemand sonst' }),
      ]),
    )
    expect(await couplings.of(match)).toBeNull()

    const run = await couplings.match()

    expect(run).toMatchObject({
      status: 'COMPLETED',
      mode: 'COUPLE',
      message:
        'Failed to couple 2 record(s), because no unique uncoupled matching entity was found in Account with the specified matching criteria.',
      jobs: [
        {
          direction: 'TO_INTEGRATION_TABLE',
          coupled: 1,
          unchanged: 1,
          failed: 2,
          ALREADY_COUPLED: coupled,
        },
      ],
    })
    expect(await couplings.of(match)).toMatchObject({ pendingReason: 'FIRST_CONTACT' })
    expect(await nameOf(match.integrationId)).toBe('ABISKO FJÄLLCAFÉ')
    const errors = await demo.ask<{ integrationSynchErrors: { nodes: { source: { id: string } }[] } }>(
      `query ($run: ID!) { integrationSynchErrors(filter: { run: $run, status: OPEN }) { nodes {
        errorClass source { id } } } }`,
      { run: run['id'] },
    )
    expect(errors.integrationSynchErrors.nodes.map((error) => error.source.id).toSorted()).toEqual(
      [twice, alone].toSorted(),
    )
    expect(await demo.watermarks()).toEqual(watermarks)
  })

  test('what was coupled without synchronizing makes first contact in the next run, what has no match stays alone', async () => {
    const pair = await couplings.strangers({ displayName: 'Bårarp' }, { name: 'Bårarp', telephone1: '035-1' })
    const alone = await couplings.customer({ displayName: 'Bleibt allein' })
    const accounts = await demo.person.countAccounts()
    await couplings.match({ synchronizeAfterwards: false })
    await demo.synchronize()
    expect(await demo.person.customerById(pair.localId)).toMatchObject({ phoneNumber: '035-1' })
    expect(await couplings.of(pair)).toMatchObject({ status: 'SETTLED' })
    expect(await couplings.of({ localId: alone })).toBeNull()
    expect(await demo.person.countAccounts()).toBe(accounts)
  })

  test('synchronized afterwards: first contact in the same run, differences as Resolve Update Conflicts says', async () => {
    await demo.update({ updateConflictPolicy: 'GET_DATA_UPDATE_FROM_INTEGRATION_TABLE' })
    const pair = await couplings.strangers(
      { displayName: 'Cafeteria', city: 'Kiel' },
      { name: 'Cafeteria', address1_city: 'Lübeck' },
    )
    expect(await counters(couplings.match({ synchronizeAfterwards: true }))).toMatchObject({
      coupled: 1,
      modified: 1,
    })
    expect(await demo.person.customerById(pair.localId)).toMatchObject({ city: 'Lübeck' })
    expect(await couplings.of(pair)).toMatchObject({ status: 'SETTLED' })
    await demo.update({ updateConflictPolicy: 'NONE' })
  })

  test('created where nothing matches, never beside what is ambiguous or taken', async () => {
    const alone = await couplings.customer({ displayName: 'Einzelgänger' })
    const first = await couplings.customer({ displayName: 'Streit' })
    const second = await couplings.customer({ displayName: 'Streit' })
    await couplings.account({ name: 'Streit' })
    const accounts = await demo.person.countAccounts()

    // With those that the tests before left without a match.
    const run = await couplings.match({ createNew: true, synchronizeAfterwards: true })

    const created = Number((run['jobs'] as readonly Readonly<Record<string, unknown>>[])[0]?.['inserted'])
    expect(created).toBeGreaterThan(0)
    expect(await demo.person.countAccounts()).toBe(accounts + created)
    expect(await couplings.of({ localId: alone })).toMatchObject({ status: 'SETTLED' })
    for (const id of [first, second]) {
      expect(await couplings.of({ localId: id })).toBeNull()
    }
    expect(await couplings.match({ createNew: true })).not.toHaveProperty('jobs.0.inserted')
    expect(await demo.person.countAccounts()).toBe(accounts + created)
  })

  test('priorities are independent: who has no match by number is matched by name', async () => {
    const pair = await couplings.strangers(
      { displayName: 'Delmenhorst Drugs', number: 'C77001' },
      { name: 'delmenhorst drugs', accountnumber: 'another number' },
    )
    await couplings.match()
    expect(await couplings.of(pair)).not.toBeNull()
  })

  test('trying a coupling run again matches what it left, and creates nothing', async () => {
    await demo.update({ synchOnlyCoupledRecords: false })
    const alone = await couplings.customer({ displayName: 'Noch allein' })
    const run = await couplings.match({ createNew: false })
    const accounts = await demo.person.countAccounts()
    const retried = async () => {
      const { retrySynchRun } = await demo.ask<{ retrySynchRun: { id: string } }>(
        'mutation ($id: ID!) { retrySynchRun(id: $id) { id } }',
        { id: run['id'] },
      )
      await demo.ended(retrySynchRun.id)
    }
    await retried()
    expect(await demo.person.countAccounts()).toBe(accounts)
    const match = await couplings.account({ name: 'Noch allein' })
    await demo.update({ synchOnlyCoupledRecords: true })
    await couplings.match()
    expect(await couplings.of({ localId: alone })).toMatchObject({ integrationRecord: { id: match } })
    expect((await demo.errors({ status: 'OPEN', text: 'Noch allein' })).length).toBe(0)
  })

  test('without match rules it is refused in the words of Business Central', async () => {
    await demo.update({ matchRules: [] })
    await expect(couplings.match()).rejects.toThrow(
      "You must specify which fields on the table mapping 'CUSTOMER' should be used for match-based coupling.",
    )
    await expect(demo.request('CUSTOMER', 'COUPLE')).rejects.toThrow('You must specify which fields')
  })
})
