import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counted, Scenario } from '../support/scenario.js'

describe('directions and policies', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  test("after a run, the other side's own edits to one-way fields are not lost", async () => {
    const pair = await demo.pair()
    await demo.person.editAccount(pair.accountId, { creditlimit: 4321, description: 'Ask for Maria' })
    await demo.synchronize()
    await demo.person.editCustomer(pair.customerId, { email: 'maria@example.com' })
    expect(counted(await demo.synchronize(), 'TO')).toMatchObject({ modified: 1 })
    await demo.synchronize()
    const { customer, account } = await demo.records(pair)
    expect(account).toMatchObject({
      creditlimit: 4321,
      description: 'Ask for Maria',
      emailaddress1: 'maria@example.com',
    })
    expect(customer?.['creditLimit']).not.toBe(4321)
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('fields that are not mapped are never touched, and their edits write nothing', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { salespersonCode: '' })
    await demo.person.editAccount(pair.accountId, { description: 'Open on Sundays' })
    const before = await demo.versions(pair)
    await demo.synchronize()
    await demo.synchronize()
    expect(await demo.versions(pair)).toEqual(before)
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('an edit of a one-way field and one of another field are both carried, in one settlement', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { creditLimit: 777 })
    await demo.person.editAccount(pair.accountId, { description: 'Pays late' })
    await demo.synchronize()
    expect(await demo.records(pair)).toMatchObject({
      customer: { creditLimit: 777 },
      account: { creditlimit: 777, description: 'Pays late' },
    })
  })

  test('with the policy Send, Business Central wins the whole record', async () => {
    await demo.update({ updateConflictPolicy: 'SEND_DATA_UPDATE_TO_INTEGRATION_TABLE' })
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Porto' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Lisbon', telephone1: '060-999' })
    const phone = (await demo.records(pair)).customer?.['phoneNumber']
    expect(counted(await demo.synchronize(), 'TO')).toMatchObject({ modified: 1 })
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: 'Porto', telephone1: phone })
    expect(await demo.openErrors(pair)).toEqual([])
    await demo.update({ updateConflictPolicy: 'NONE' })
  })

  test('with the policy Get, Sales wins the whole record; what is carried only to Sales is carried all the same', async () => {
    await demo.update({ updateConflictPolicy: 'GET_DATA_UPDATE_FROM_INTEGRATION_TABLE' })
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Seville', creditLimit: 9876 })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Madrid' })
    await demo.synchronize()
    expect(await demo.records(pair)).toMatchObject({
      customer: { city: 'Madrid', creditLimit: 9876 },
      account: { address1_city: 'Madrid', creditlimit: 9876 },
    })
    expect(await demo.openErrors(pair)).toEqual([])
    await demo.update({ updateConflictPolicy: 'NONE' })
  })

  test('a one-way mapping overwrites without conflict and never writes its source', async () => {
    await demo.update({ direction: 'TO_INTEGRATION_TABLE' })
    const pair = await demo.pair()
    const customer = await demo.person.editCustomer(pair.customerId, { city: 'Geneva' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Zurich', telephone1: '070-999' })
    const run = await demo.synchronize()
    expect(run.jobs.map(({ direction }) => direction)).toEqual(['TO_INTEGRATION_TABLE'])
    expect(counted(run, 'TO')).toMatchObject({ modified: 1 })
    const { customer: now, account } = await demo.records(pair)
    expect(now?.['@odata.etag']).toBe(customer['@odata.etag'])
    expect(account).toMatchObject({ address1_city: 'Geneva', telephone1: customer['phoneNumber'] })
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test("a one-way mapping leaves the destination's own edits while its source stands still", async () => {
    const pair = await demo.pair()
    await demo.person.editAccount(pair.accountId, { address1_city: 'Basel' })
    await demo.synchronize()
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: 'Basel' })
    const run = await demo.synchronize('CUSTOMER', 'UNCONDITIONAL')
    expect(run.status).toBe('COMPLETED')
    const { customer, account } = await demo.records(pair)
    expect(account?.['address1_city']).toBe(customer?.['city'])
  })
})
