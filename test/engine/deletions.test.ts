import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counted, Scenario } from '../support/scenario.js'

const ACCOUNT_IS_GONE = 'The Account record cannot be updated because it is coupled to a deleted record.'

describe('deletions', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  test('account deleted and customer edited: one skipped record, nothing written', async () => {
    const pair = await demo.pair()
    const skippedBefore = (await demo.allSkipped()).length
    await demo.person.deleteAccount(pair.accountId)
    await demo.person.editCustomer(pair.customerId, { city: 'Malmö' })
    const before = await demo.versions(pair)
    const accounts = await demo.person.countAccounts()

    const run = await demo.synchronize()

    expect(run.status).toBe('COMPLETED')
    expect(counted(run, 'TO')).toMatchObject({ conflicts: 1 })
    expect(await demo.openErrors(pair)).toMatchObject([
      { errorClass: 'DELETED_RECORD', message: ACCOUNT_IS_GONE, resolvableBy: 'USER' },
    ])
    expect(await demo.skipped(pair)).toMatchObject({ errorClass: 'DELETED_RECORD', message: ACCOUNT_IS_GONE })
    expect(await demo.allSkipped()).toHaveLength(skippedBefore + 1)
    expect(await demo.versions(pair)).toEqual(before)
    expect(await demo.person.countAccounts()).toBe(accounts)

    await demo.person.editCustomer(pair.customerId, { city: 'Lund' })
    await demo.synchronize()
    expect(await demo.openErrors(pair)).toHaveLength(1)
    expect(await demo.person.countAccounts()).toBe(accounts)
  })

  test('an account deleted alone is found by the pass that reads accounts: one error, the customer stays', async () => {
    const pair = await demo.pair()
    await demo.person.deleteAccount(pair.accountId)
    const run = await demo.synchronize()
    expect(counted(run, 'FROM')).toMatchObject({ conflicts: 1 })
    await demo.synchronize()
    expect(await demo.openErrors(pair)).toMatchObject([{ errorClass: 'DELETED_RECORD', occurrences: 1 }])
    expect(await demo.skipped(pair)).not.toBeNull()
    expect((await demo.records(pair)).customer).not.toBeNull()
  })

  test('both deleted: the coupling is removed and counted Deleted', async () => {
    const pair = await demo.pair()
    await demo.person.deleteAccount(pair.accountId)
    await demo.person.deleteCustomer(pair.customerId)
    const run = await demo.synchronize()
    expect(run.jobs.reduce((sum, job) => sum + job.deleted, 0)).toBe(1)
    await expect(
      demo.ask('query ($id: ID!) { coupling(id: $id) { id } }', { id: pair.couplingId }),
    ).rejects.toThrow('NOT_FOUND')
  })

  test('customer deleted and account edited: the same, mirrored', async () => {
    const pair = await demo.pair()
    await demo.person.deleteCustomer(pair.customerId)
    await demo.person.editAccount(pair.accountId, { address1_city: 'Oulu' })
    const before = await demo.versions(pair)
    const customers = await demo.person.countCustomers()
    expect(counted(await demo.synchronize(), 'FROM')).toMatchObject({ conflicts: 1 })
    expect(await demo.openErrors(pair)).toMatchObject([
      {
        errorClass: 'DELETED_RECORD',
        message: 'The Customer record cannot be updated because it is coupled to a deleted record.',
      },
    ])
    expect(await demo.versions(pair)).toEqual(before)
    expect(await demo.person.countCustomers()).toBe(customers)
  })

  test('there are no changes to keep where one of the two records is gone: said, and nothing written', async () => {
    const pair = await demo.pair()
    await demo.person.deleteAccount(pair.accountId)
    await demo.synchronize()
    const accounts = await demo.person.countAccounts()
    const before = await demo.versions(pair)
    const skipped = await demo.skipped(pair)
    for (const keep of ['LOCAL', 'INTEGRATION'] as const)
      expect(await demo.resolve(skipped?.id ?? '', keep)).toMatchObject({
        __typename: 'Failed',
        message: expect.stringMatching(/deleted/),
        remedy: expect.stringMatching(/./),
      })
    expect(await demo.versions(pair)).toEqual(before)
    expect(await demo.person.countAccounts()).toBe(accounts)
    expect(await demo.skipped(pair)).not.toBeNull()
    expect(await demo.openErrors(pair)).toHaveLength(1)
  })

  test('an account that was never coupled and is deleted leaves no trace', async () => {
    const created = await demo.person.createAccount({ name: 'Passing Trade', customertypecode: 1 })
    await demo.person.deleteAccount(String(created['accountid']))
    const run = await demo.synchronize()
    expect(run.status).toBe('COMPLETED')
    expect(counted(run, 'FROM')['conflicts']).toBeUndefined()
  })
})
