import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMapping } from '../../src/persistence/mappings.js'
import { run as execute, sql } from '../../src/persistence/sql.js'
import { jobOf, Scenario } from '../support/scenario.js'
import { Gate, landedOn, pageWritten } from './support/gate.js'

/** Two mappings between the same tables: neither may take what the other one is about to own. */
describe('a record that one mapping is creating a partner for', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
    const customer = await demo.engine.mapping('CUSTOMER')
    await createMapping(
      demo.engine.database.em.fork(),
      customer.connectionId,
      { ...customer.definition, name: 'LEADS', onlyCoupled: false, matchRules: [] },
      { author: 'test', note: null },
    )
  })
  afterAll(() => demo.stop())

  const accountsNamed = async (name: string) => {
    const { value } = (await demo.person.send(
      'GET',
      `${demo.engine.sandbox.dataverse.url}/accounts?$filter=${encodeURIComponent(`name eq '${name}'`)}`,
      null,
    )) as unknown as { value: readonly { accountid: string }[] }
    return value.map(({ accountid }) => accountid)
  }

  test('is busy for the other one, and so is the partner', async () => {
    const { id } = await demo.person.createCustomer({ displayName: 'Shared Sugar' })
    await using landed = await Gate.shut(demo.engine, landedOn('INTEGRATION'))
    const first = await demo.request('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
    await landed.reached()

    const second = await demo.request('LEADS', 'FULL')
    const other = await demo.ended(second.id)

    expect(jobOf(other, 'TO')).toMatchObject({ inserted: 0, failed: 0 })
    expect(jobOf(other, 'TO')?.ignoredByReason).toContainEqual({ reason: 'BUSY', count: 1 })
    expect(jobOf(other, 'FROM')).toMatchObject({ inserted: 0, failed: 0 })
    expect(jobOf(other, 'FROM')?.ignoredByReason).toContainEqual({ reason: 'BUSY', count: 1 })
    await landed.open()
    expect(jobOf(await demo.ended(first.id), 'TO')).toMatchObject({ inserted: 1 })
    await demo.synchronize('LEADS')
    await demo.synchronize('CUSTOMER')
    const accounts = await accountsNamed('Shared Sugar')
    expect(accounts).toHaveLength(1)
    const couplings = await execute(
      demo.engine.database.em.fork(),
      sql`select c.integration_id, m.name from coupling c join integration_table_mapping m on m.id = c.mapping_id
          where c.local_id = ${String(id)}`,
    )
    expect(couplings).toEqual([{ integration_id: accounts[0], name: 'CUSTOMER' }])
  })

  test('and that is coupled otherwise at that moment leaves a record that is told, and from which nothing is made', async () => {
    const { id } = await demo.person.createCustomer({ displayName: 'Stray Spices' })
    const partner = await demo.person.createAccount({
      name: 'Coupled by a restored backup',
      customertypecode: 11,
    })
    await using written = await Gate.shut(demo.engine, pageWritten('TO_INTEGRATION_TABLE'))
    const { id: runId } = await demo.request('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
    await written.reached()
    const leads = await demo.engine.mapping('LEADS')
    await execute(
      demo.engine.database.em.fork(),
      sql`insert into coupling (id, connection_id, mapping_id, local_table, integration_table, local_id, integration_id,
            local_stamp, integration_stamp)
          values (gen_random_uuid(), ${leads.connectionId}, ${leads.id}, ${leads.definition.localTable},
            ${leads.definition.integrationTable}, ${String(id)}, ${String(partner['accountid'])}, now(), now())`,
    )
    await written.open()

    const run = await demo.ended(runId)

    expect(jobOf(run, 'TO')).toMatchObject({ inserted: 0 })
    const [stray] = await accountsNamed('Stray Spices')
    expect(
      await demo.errors({ mapping: 'CUSTOMER', errorClass: ['DUPLICATE'], status: 'OPEN' }),
    ).toMatchObject([{ source: { id: stray }, message: expect.stringMatching(/Stray Spices was created/) }])
    const customers = await demo.person.countCustomers()
    expect(jobOf(await demo.synchronize(), 'FROM')).toMatchObject({ inserted: 0 })
    expect(await demo.person.countCustomers()).toBe(customers)
    expect(await accountsNamed('Stray Spices')).toHaveLength(1)
  })
})
