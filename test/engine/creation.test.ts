import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counted, Scenario } from '../support/scenario.js'

describe('new records', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  test('a new customer becomes one account, however often a run looks', async () => {
    const customer = await demo.person.createCustomer({
      displayName: 'Nordlys Kaffe',
      email: 'post@nordlys.example.com',
    })
    const accounts = await demo.person.countAccounts()
    expect(counted(await demo.synchronize(), 'TO')).toMatchObject({ inserted: 1 })
    await demo.synchronize()
    await demo.synchronize('CUSTOMER', 'FULL')
    expect(await demo.person.countAccounts()).toBe(accounts + 1)
    expect(await demo.person.account("name eq 'Nordlys Kaffe'")).toMatchObject({
      emailaddress1: 'post@nordlys.example.com',
      customertypecode: 3,
    })
    expect(customer['id']).toBeTruthy()
  })

  test('a new account becomes one customer with a number of its own series', async () => {
    await demo.person.createAccount({ name: 'Fjord Fisk', customertypecode: 3, address1_city: 'Molde' })
    const customers = await demo.person.countCustomers()
    const accounts = await demo.person.countAccounts()
    expect(counted(await demo.synchronize(), 'FROM')).toMatchObject({ inserted: 1 })
    await demo.synchronize()
    await demo.synchronize('CUSTOMER', 'FULL')
    expect(await demo.person.countCustomers()).toBe(customers + 1)
    expect(await demo.person.countAccounts()).toBe(accounts)
    const created = await demo.person.customerNamed('Fjord Fisk')
    expect(created).toMatchObject({ city: 'Molde', type: 'Company' })
    expect(created?.['number']).toMatch(/^S\d{6}$/)
  })

  test('an account out of the filter is not created', async () => {
    await demo.person.createAccount({ name: 'Only a Vendor', customertypecode: 11 })
    const run = await demo.synchronize()
    expect(counted(run, 'FROM')).toEqual({ ignored: 1 })
    expect(await demo.person.customerNamed('Only a Vendor')).toBeNull()
  })

  test('a name that several accounts bear is ambiguous: nothing is created or coupled', async () => {
    for (let twin = 0; twin < 2; twin += 1)
      await demo.person.createAccount({ name: 'Twin Trading', customertypecode: 1 })
    const customer = await demo.person.createCustomer({ displayName: 'Twin Trading' })
    const accounts = await demo.person.countAccounts()
    const customers = await demo.person.countCustomers()
    const run = await demo.synchronize()
    expect(run.status).toBe('COMPLETED')
    expect(counted(run, 'TO')).toMatchObject({ failed: 1 })
    expect([await demo.person.countAccounts(), await demo.person.countCustomers()]).toEqual([
      accounts,
      customers,
    ])
    expect(
      await demo.errors({ mapping: 'CUSTOMER', errorClass: ['AMBIGUOUS_MATCH'], status: 'OPEN' }),
    ).toMatchObject([{ direction: 'TO_INTEGRATION_TABLE', source: { id: customer['id'] }, coupling: null }])
  })
})
