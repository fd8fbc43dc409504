import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMapping } from '../../src/persistence/mappings.js'
import { Scenario, type Run } from '../support/scenario.js'

/** A company must not become two accounts because two mappings take part in it. */
describe('a second mapping over records that another one has coupled', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
    const { database } = demo.engine
    const em = database.em.fork()
    const customer = await demo.engine.mapping('CUSTOMER')
    await createMapping(
      em,
      customer.connectionId,
      {
        ...customer.definition,
        name: 'LEADS',
        direction: 'TO_INTEGRATION_TABLE',
        onlyCoupled: false,
        matchRules: [],
      },
      { author: 'test', note: null },
    )
  })
  afterAll(() => demo.stop())

  const reasons = async (run: Run): Promise<unknown> => {
    const { synchRun } = await demo.ask<{
      synchRun: { jobs: readonly { inserted: number; ignoredByReason: readonly object[] }[] }
    }>(`{ synchRun(id: "${run.id}") { jobs { inserted ignoredByReason { reason count } } } }`)
    return synchRun.jobs
  }

  test('leaves them alone and says why, however often it runs', async () => {
    const [customers, accounts] = [await demo.person.countCustomers(), await demo.person.countAccounts()]
    for (const mode of ['FULL', 'FULL', 'UNCONDITIONAL']) {
      const run = await demo.synchronize('LEADS', mode)
      expect(run.status).toBe('COMPLETED')
      expect(await reasons(run)).toEqual([
        {
          inserted: 0,
          ignoredByReason: expect.arrayContaining([{ reason: 'COUPLED_ELSEWHERE', count: customers }]),
        },
      ])
    }
    expect(await demo.person.countAccounts()).toBe(accounts)
    expect(await demo.errors({ mapping: 'CUSTOMER', errorClass: ['AMBIGUOUS_MATCH'] })).toEqual([])
  })

  test('takes part in those that nobody has coupled', async () => {
    await demo.person.createCustomer({ displayName: 'Nobody has me yet' })
    const run = await demo.synchronize('LEADS')
    expect(await reasons(run)).toMatchObject([{ inserted: 1 }])
    expect((await demo.synchronize()).status).toBe('COMPLETED')
    expect(await demo.person.account("name eq 'Nobody has me yet'")).toMatchObject({
      name: 'Nobody has me yet',
    })
  })
})
