import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { counted, Scenario } from '../support/scenario.js'
import { Gate, pageDecided } from './support/gate.js'
import { undo, undoRun, writesOf } from './support/undo.js'

describe('undo', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())
  afterEach(() => demo.clearFaults())

  /** A pair of which the customer moved, and the run that carried it. */
  const moved = async (city: string, others: Readonly<Record<string, unknown>> = {}) => {
    const pair = await demo.pair()
    const before = await demo.records(pair)
    await demo.person.editCustomer(pair.customerId, { city, ...others })
    const run = await demo.synchronize()
    expect(counted(run, 'TO')).toMatchObject({ modified: 1 })
    const [write] = await writesOf(demo, pair.accountId)
    return { pair, before, run, write }
  }
  const cities = async (pair: { readonly customerId: string; readonly accountId: string }) => {
    const { customer, account } = await demo.records({ couplingId: '', ...pair })
    return [customer?.['city'], account?.['address1_city']]
  }

  test('a field holds its value from before, which is that side’s own change: the next run carries it back', async () => {
    const { pair, before, write } = await moved('Uppsala')

    const [result] = await undo(demo, [write])

    expect(result).toMatchObject({
      outcome: 'UNDONE',
      write: { id: write?.id },
      run: { status: 'COMPLETED' },
      fields: [{ field: 'address1_city', after: 'Uppsala', current: 'Uppsala', outcome: 'SET_BACK' }],
    })
    expect(await cities(pair)).toEqual(['Uppsala', before.account?.['address1_city']])
    const [undoing, undone] = await writesOf(demo, pair.accountId)
    expect(undoing).toMatchObject({ kind: 'UPDATE', decisionRow: 'undone', run: { id: result?.run?.id } })
    expect(undone).toMatchObject({ id: write?.id, undoneBy: { id: result?.run?.id } })

    const next = await demo.synchronize()
    expect(counted(next, 'FROM')).toMatchObject({ modified: 1 })
    expect(await cities(pair)).toEqual([before.customer?.['city'], before.account?.['address1_city']])
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('an undo is undone like any other write', async () => {
    const { pair, write } = await moved('Lahti')
    await undo(demo, [write])
    const [undoing] = await writesOf(demo, pair.accountId)
    expect(await undo(demo, [undoing])).toMatchObject([{ outcome: 'UNDONE' }])
    expect(await cities(pair)).toEqual(['Lahti', 'Lahti'])
    expect(counted(await demo.synchronize(), 'FROM')['conflicts']).toBeUndefined()
    expect(await cities(pair)).toEqual(['Lahti', 'Lahti'])
  })

  test('several writes of a record at once: newest first, back to what stood before the oldest', async () => {
    const { pair, before, write: first } = await moved('Ghent')
    await demo.person.editCustomer(pair.customerId, { city: 'Bruges' })
    await demo.synchronize()
    const [second] = await writesOf(demo, pair.accountId)

    expect(await undo(demo, [first, second])).toMatchObject([{ outcome: 'UNDONE' }, { outcome: 'UNDONE' }])

    expect(await cities(pair)).toEqual(['Bruges', before.account?.['address1_city']])
  })

  test('what a person has changed since is told and stays; the rest is set back; overwriting sets back all', async () => {
    const { pair, before, write } = await moved('Nice', { phoneNumber: '+33 1' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Cannes' })

    const [result] = await undo(demo, [write])

    expect(result).toMatchObject({ outcome: 'CHANGED_SINCE', message: expect.stringMatching(/City/) })
    expect(result?.fields).toContainEqual(
      expect.objectContaining({
        field: 'address1_city',
        after: 'Nice',
        current: 'Cannes',
        outcome: 'CHANGED_SINCE',
      }),
    )
    expect((await demo.records(pair)).account).toMatchObject({
      address1_city: 'Cannes',
      telephone1: before.account?.['telephone1'] ?? null,
    })

    expect(await undo(demo, [write], { overwrite: true })).toMatchObject([{ outcome: 'UNDONE' }])
    expect((await demo.records(pair)).account).toMatchObject({
      address1_city: before.account?.['address1_city'],
    })
  })

  test('a record that someone edits while it is undone is looked at again', async () => {
    const { pair, before, write } = await moved('Bari')
    await demo.fault('dataverse', {
      method: 'PATCH',
      path: `/accounts(${pair.accountId})`,
      action: { kind: 'delay', milliseconds: 1, at: 'beforeCommit' },
    })
    await demo.person.editAccount(pair.accountId, { telephone1: '+39 080' })
    expect(await undo(demo, [write])).toMatchObject([{ outcome: 'UNDONE' }])
    expect((await demo.records(pair)).account).toMatchObject({
      address1_city: before.account?.['address1_city'],
      telephone1: '+39 080',
    })
  })

  test('a record that a run is working on is left to it, and that is said', async () => {
    const { pair, write } = await moved('Palma')
    await demo.person.editCustomer(pair.customerId, { city: 'Inca' })
    await using decided = await Gate.shut(demo.engine, pageDecided('TO_INTEGRATION_TABLE'))
    const { id } = await demo.request()
    await decided.reached()

    expect(await undo(demo, [write])).toMatchObject([
      { outcome: 'NOT_POSSIBLE', message: expect.stringMatching(/Undo it again/) },
    ])

    await decided.open()
    await demo.ended(id)
    expect(await cities(pair)).toEqual(['Inca', 'Inca'])
    expect(await undo(demo, [write])).toMatchObject([{ outcome: 'CHANGED_SINCE' }])
  })

  test('a record that has another partner by now is left alone', async () => {
    const { pair, write } = await moved('Como')
    const stranger = await demo.person.createAccount({ name: 'Stranger', customertypecode: 3 })
    await demo.ask('mutation ($ids: [ID!]!) { deleteCouplings(ids: $ids) { __typename } }', {
      ids: [pair.couplingId],
    })
    const coupled = await demo.ask(
      `mutation ($local: ID!, $integration: ID!) {
        coupleRecords(mapping: "CUSTOMER", localId: $local, integrationId: $integration, synchronize: NONE) { __typename ... on RecordsNotCoupled { message } } }`,
      { local: pair.customerId, integration: stranger['accountid'] },
    )
    expect(coupled).toMatchObject({ coupleRecords: { __typename: 'RecordsCoupled' } })
    expect(await undo(demo, [write])).toMatchObject([
      { outcome: 'NOT_POSSIBLE', message: expect.stringMatching(/another record/) },
    ])
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: 'Como' })
  })

  test('of a record that is gone it is said', async () => {
    const { pair, write } = await moved('Sitges')
    await demo.person.deleteAccount(pair.accountId)
    expect(await undo(demo, [write])).toMatchObject([{ outcome: 'GONE' }])
  })

  test('what the system refuses is told in its words', async () => {
    const { pair, write, before } = await moved('Melk')
    await demo.fault('dataverse', {
      times: null,
      action: {
        kind: 'reject',
        field: 'address1_city',
        value: before.account?.['address1_city'],
        message: 'Not there.',
      },
    })
    expect(await undo(demo, [write])).toMatchObject([
      { outcome: 'NOT_POSSIBLE', message: expect.stringMatching(/Not there/) },
    ])
    expect(await cities(pair)).toEqual(['Melk', 'Melk'])
    expect(await demo.openErrors(pair)).toEqual([])
  })

  describe('of a creation', () => {
    const created = async (name: string) => {
      const customer = await demo.person.createCustomer({ displayName: name, city: 'Riga' })
      const run = await demo.synchronize()
      expect(counted(run, 'TO')).toMatchObject({ inserted: 1 })
      const [write] = await writesOf(demo, String(customer['id']))
      return { run, write, customerId: String(customer['id']), accountId: write?.record?.id ?? '' }
    }
    const skippedOf = async (customerId: string) => {
      const { skippedSynchRecords } = await demo.ask<{
        skippedSynchRecords: { nodes: readonly { id: string; message: string; record: { id: string } }[] }
      }>(`{ skippedSynchRecords(first: 500) { nodes { id message record { id } } } }`)
      return skippedSynchRecords.nodes.find((skipped) => skipped.record.id === customerId)
    }

    test('the record is deleted, its coupling goes, and its source is skipped until a person lifts that', async () => {
      const { customerId, accountId, write } = await created('Once Only')

      expect(await undo(demo, [write])).toMatchObject([{ outcome: 'UNDONE' }])

      expect(await demo.person.accountById(accountId)).toBeNull()
      expect(await skippedOf(customerId)).toMatchObject({
        message: expect.stringMatching(/creation was undone/),
      })
      await demo.person.editCustomer(customerId, { city: 'Jelgava' })
      const next = await demo.synchronize()
      expect(next.jobs.map((job) => job.inserted)).toEqual([0, 0])
      expect(await demo.person.account("name eq 'Once Only'")).toBeNull()

      await demo.ask('mutation ($id: ID!) { retrySkippedSynchRecords(ids: [$id]) { id } }', {
        id: (await skippedOf(customerId))?.id,
      })
      await demo.until(
        () => demo.person.account("name eq 'Once Only'"),
        (account) => account !== null,
        'the account',
      )
    })

    test('undone itself it brings the record back under a new id, coupled with its source', async () => {
      const { customerId, accountId, write } = await created('Back Again')
      await undo(demo, [write])
      const [deletion] = await writesOf(demo, customerId)
      expect(deletion).toMatchObject({ kind: 'DELETE', decisionRow: 'undone' })

      expect(await undo(demo, [deletion])).toMatchObject([{ outcome: 'UNDONE' }])

      const account = await demo.person.account("name eq 'Back Again'")
      expect(account).toMatchObject({ address1_city: 'Riga' })
      expect(account?.['accountid']).not.toBe(accountId)
      expect(await skippedOf(customerId)).toBeUndefined()
      const [again] = await writesOf(demo, customerId)
      expect(again).toMatchObject({ kind: 'CREATE', coupling: { id: expect.any(String) } })
      await demo.person.editCustomer(customerId, { city: 'Ogre' })
      const next = await demo.synchronize()
      expect(next.jobs.map((job) => job.conflicts)).toEqual([0, 0])
      await demo.person.editCustomer(customerId, { city: 'Cesis' })
      await demo.synchronize()
      expect(await demo.person.account("name eq 'Back Again'")).toMatchObject({ address1_city: 'Cesis' })
    })

    test('a record that somebody has edited is not deleted, unless it is said', async () => {
      const { accountId, write } = await created('Touched')
      await demo.person.editAccount(accountId, { description: 'Very important' })
      expect(await undo(demo, [write])).toMatchObject([{ outcome: 'CHANGED_SINCE' }])
      expect(await demo.person.accountById(accountId)).not.toBeNull()
      expect(await undo(demo, [write], { overwrite: true })).toMatchObject([{ outcome: 'UNDONE' }])
      expect(await demo.person.accountById(accountId)).toBeNull()
    })

    test('what Accord itself has written to it since is no reason to keep it', async () => {
      const { customerId, accountId, write } = await created('Followed')
      await demo.person.editCustomer(customerId, { city: 'Talsi' })
      await demo.synchronize()
      expect(await demo.person.accountById(accountId)).toMatchObject({ address1_city: 'Talsi' })
      expect(await undo(demo, [write])).toMatchObject([{ outcome: 'UNDONE' }])
      expect(await demo.person.accountById(accountId)).toBeNull()
    })

    test('a whole run: what it created is deleted, what it changed is set back', async () => {
      const pair = await demo.pair()
      const before = await demo.records(pair)
      await demo.person.editCustomer(pair.customerId, { city: 'Narva' })
      const customers = [
        await demo.person.createCustomer({ displayName: 'Run One', city: 'Tartu' }),
        await demo.person.createCustomer({ displayName: 'Run Two', city: 'Tartu' }),
      ]
      const run = await demo.synchronize()
      expect(counted(run, 'TO')).toMatchObject({ inserted: 2, modified: 1 })

      const results = await undoRun(demo, run.id)

      expect(results.map((result) => result.outcome)).toEqual(['UNDONE', 'UNDONE', 'UNDONE'])
      expect(await demo.person.account("name eq 'Run One'")).toBeNull()
      expect(await demo.person.account("name eq 'Run Two'")).toBeNull()
      expect((await demo.records(pair)).account).toMatchObject({
        address1_city: before.account?.['address1_city'],
      })
      for (const customer of customers) expect(await skippedOf(String(customer['id']))).toBeDefined()
    })
  })

  test('both sides of a settlement are set back, where that is asked for', async () => {
    await demo.update({ conflictDetection: 'FIELDS' })
    const pair = await demo.pair()
    const before = await demo.records(pair)
    await demo.person.editCustomer(pair.customerId, { city: 'Mainz' })
    await demo.person.editAccount(pair.accountId, { telephone1: '+49 6131' })
    await demo.synchronize()
    const written = await writesOf(demo, pair.accountId)
    const toAccount = written.find((write) => write.side === 'INTEGRATION')
    expect(await demo.records(pair)).toMatchObject({
      customer: { city: 'Mainz', phoneNumber: '+49 6131' },
      account: { address1_city: 'Mainz', telephone1: '+49 6131' },
    })

    expect(await undo(demo, [toAccount], { both: true })).toMatchObject([
      { outcome: 'UNDONE' },
      { outcome: 'UNDONE' },
    ])

    expect(await demo.records(pair)).toMatchObject({
      customer: { city: 'Mainz', phoneNumber: before.customer?.['phoneNumber'] },
      account: { address1_city: before.account?.['address1_city'], telephone1: '+49 6131' },
    })
    await demo.synchronize()
    expect(await demo.records(pair)).toMatchObject({
      customer: { city: before.customer?.['city'], phoneNumber: before.customer?.['phoneNumber'] },
    })
    await demo.update({ conflictDetection: 'TIMESTAMPS' })
  })

  test('a record that the deletion policy deleted comes back with what it held', async () => {
    await demo.update({ deletionConflictPolicy: 'DELETE_OTHER_RECORD' })
    const pair = await demo.pair()
    const { customer } = await demo.records(pair)
    await demo.person.deleteAccount(pair.accountId)
    await demo.synchronize()
    expect(await demo.person.customerById(pair.customerId)).toBeNull()
    await demo.update({ deletionConflictPolicy: 'NONE' })
    const [deletion] = await writesOf(demo, pair.customerId)
    expect(deletion).toMatchObject({ side: 'LOCAL', kind: 'DELETE' })

    expect(await undo(demo, [deletion])).toMatchObject([{ outcome: 'UNDONE' }])

    const again = await demo.person.customer(String(customer?.['number']))
    expect(again).toMatchObject({
      displayName: customer?.['displayName'],
      city: customer?.['city'],
      phoneNumber: customer?.['phoneNumber'],
    })
    expect(again?.['id']).not.toBe(pair.customerId)
  })

  test('in a one-way mapping the value stays until the source changes', async () => {
    await demo.update({ direction: 'TO_INTEGRATION_TABLE' })
    const { pair, before, write } = await moved('Porvoo')
    await undo(demo, [write])
    await demo.synchronize()
    expect(await cities(pair)).toEqual(['Porvoo', before.account?.['address1_city']])
    await demo.person.editCustomer(pair.customerId, { city: 'Hanko' })
    await demo.synchronize()
    expect(await cities(pair)).toEqual(['Hanko', 'Hanko'])
  })

  test('what is no write, and a run that wrote nothing, are refused', async () => {
    await expect(undo(demo, [{ id: crypto.randomUUID() } as never])).rejects.toThrow('NOT_FOUND')
    const run = await demo.synchronize()
    await expect(undoRun(demo, run.id)).rejects.toThrow('nothing to undo')
  })
})
