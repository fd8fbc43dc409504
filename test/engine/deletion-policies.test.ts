import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { counted, Scenario, type Pair } from '../support/scenario.js'
import { lostValues } from './support/history.js'
import { quoted } from '../support/person.js'

type Row = Readonly<Record<string, unknown>>

describe('Resolve Deletion Conflicts', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())
  afterEach(() => demo.update({ deletionConflictPolicy: 'NONE' }))

  const policy = (deletionConflictPolicy: string) => demo.update({ deletionConflictPolicy })
  const couplingOf = async (localId: string): Promise<Row | null> => {
    const { couplings } = await demo.ask<{ couplings: { nodes: readonly Row[] } }>(
      `query ($text: String!) { couplings(first: 5, filter: { mapping: "CUSTOMER", text: $text }) { nodes {
        id status localRecord { id } integrationRecord { id } } } }`,
      { text: localId },
    )
    return couplings.nodes[0] ?? null
  }
  const settled = async (pair: Pair) => {
    expect(await demo.openErrors(pair)).toEqual([])
    const again = await demo.synchronize()
    for (const direction of ['TO', 'FROM'] as const) {
      const { inserted, modified, deleted, conflicts, failed } = { ...counted(again, direction) } as Row
      expect([inserted, modified, deleted, conflicts, failed]).toEqual(Array(5).fill(undefined))
    }
  }

  test('Restore records: a deleted account is created anew under a new id and coupled with its customer', async () => {
    const pair = await demo.pair()
    const { customer } = await demo.records(pair)
    await policy('RESTORE_RECORDS')
    await demo.person.deleteAccount(pair.accountId)
    const run = await demo.synchronize()
    expect(counted(run, 'FROM')).toMatchObject({ inserted: 1 })
    const coupling = await couplingOf(pair.customerId)
    const accountId = (coupling?.['integrationRecord'] as Row | undefined)?.['id'] as string
    expect(coupling).toMatchObject({ status: 'SETTLED' })
    expect(coupling?.['id']).not.toBe(pair.couplingId)
    expect(accountId).not.toBe(pair.accountId)
    expect(await demo.person.accountById(accountId)).toMatchObject({ name: customer?.['displayName'] })
    expect(await demo.person.account(`name eq ${quoted(String(customer?.['displayName']))}`)).toMatchObject({
      accountid: accountId,
    })
    // The tombstone of the id that is no longer coupled means nothing (timelines 20, 24).
    await settled(pair)
    await demo.person.editAccount(accountId, { address1_city: 'Narvik' })
    await demo.synchronize()
    expect(await demo.person.customerById(pair.customerId)).toMatchObject({ city: 'Narvik' })
  })

  test('Restore records: a deleted customer gets a new number; the account is left as it is', async () => {
    const pair = await demo.pair()
    const before = await demo.records(pair)
    await policy('RESTORE_RECORDS')
    await demo.person.deleteCustomer(pair.customerId)
    await demo.person.editAccount(pair.accountId, { address1_city: 'Vaasa' })
    const customers = await demo.person.countCustomers()
    const run = await demo.synchronize()
    expect(counted(run, 'FROM')).toMatchObject({ inserted: 1 })
    expect(await demo.person.countCustomers()).toBe(customers + 1)
    const customer = await demo.person.customerNamed(String(before.customer?.['displayName']))
    expect(customer).toMatchObject({ city: 'Vaasa', blocked: '_x0020_' })
    expect(customer?.['id']).not.toBe(pair.customerId)
    expect(await couplingOf(String(customer?.['id']))).toMatchObject({
      status: 'SETTLED',
      integrationRecord: { id: pair.accountId },
    })
    await settled(pair)
  })

  test('Delete coupling: the survivor stays as it is, the coupling goes and is counted Deleted', async () => {
    const pair = await demo.pair()
    await policy('DELETE_COUPLING')
    await demo.person.deleteAccount(pair.accountId)
    const accounts = await demo.person.countAccounts()
    const { customer } = await demo.records(pair)
    const run = await demo.synchronize()
    expect(counted(run, 'FROM')).toMatchObject({ deleted: 1 })
    expect(await couplingOf(pair.customerId)).toBeNull()
    expect((await demo.records(pair)).customer).toEqual(customer)
    await settled(pair)
    expect(await demo.person.countAccounts()).toBe(accounts)
    // As the setting warns: an edit brings it back where records are created.
    await demo.person.editCustomer(pair.customerId, { city: 'Piteå' })
    expect(counted(await demo.synchronize(), 'TO')).toMatchObject({ inserted: 1 })
  })

  test('Delete the other record: the customer of a deleted account goes, and what it held stays in the history', async () => {
    const pair = await demo.pair()
    const { customer } = await demo.records(pair)
    await policy('DELETE_OTHER_RECORD')
    await demo.person.deleteAccount(pair.accountId)
    const run = await demo.synchronize()
    expect(counted(run, 'FROM')).toMatchObject({ deleted: 1 })
    expect(await demo.person.customerById(pair.customerId)).toBeNull()
    expect(await couplingOf(pair.customerId)).toBeNull()
    expect(await lostValues(demo.engine, pair.customerId)).toContainEqual({
      side: 'LOCAL',
      field: 'displayName',
      value: customer?.['displayName'],
    })
    await settled(pair)
  })

  test('Delete the other record: never one that was changed since the last synchronization', async () => {
    const pair = await demo.pair()
    await policy('DELETE_OTHER_RECORD')
    await demo.person.deleteAccount(pair.accountId)
    await demo.person.editCustomer(pair.customerId, { city: 'Kiruna' })
    expect(counted(await demo.synchronize(), 'TO')).toMatchObject({ conflicts: 1 })
    expect((await demo.records(pair)).customer).toMatchObject({ city: 'Kiruna' })
    expect(await demo.openErrors(pair)).toMatchObject([
      { errorClass: 'DELETED_RECORD', cause: expect.stringContaining('was changed since') },
    ])
  })

  test('a survivor that is edited between our look and our deletion is not deleted (timeline 14)', async () => {
    const pair = await demo.pair()
    await policy('DELETE_OTHER_RECORD')
    await demo.person.deleteAccount(pair.accountId)
    // What is read of the customer arrives late, the second time too: when its deletion is decided.
    await demo.fault('businessCentral', {
      path: 'customers',
      times: 2,
      action: { kind: 'delay', milliseconds: 1_500, at: 'afterCommit' },
    })
    const requested = await demo.request('CUSTOMER', 'MODIFIED', 'FROM_INTEGRATION_TABLE')
    await demo.until(
      () => demo.faultsLeft('businessCentral'),
      (left) => left === 0,
      'the customer to be read twice',
    )
    await demo.person.editCustomer(pair.customerId, { city: 'Gävle' })
    await demo.ended(requested.id)
    expect((await demo.records(pair)).customer).toMatchObject({ city: 'Gävle' })
    expect(await demo.openErrors(pair)).toMatchObject([{ errorClass: 'DELETED_RECORD' }])
  })
})
