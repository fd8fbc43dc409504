import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { run as execute, sql } from '../../src/persistence/sql.js'
import { counted, Scenario, type Pair } from '../support/scenario.js'
import { Couplings } from './support/couplings.js'
import { Gate, landedOn } from './support/gate.js'

const NOBODY = '00000000-0000-4000-8000-000000000000'

describe('couplings that are deleted or repaired', () => {
  let demo: Scenario
  let couplings: Couplings
  beforeAll(async () => {
    demo = await Scenario.start()
    couplings = new Couplings(demo)
    await demo.update({ synchOnlyCoupledRecords: true })
  })
  afterAll(() => demo.stop())

  test('a coupling is deleted: both records stay, the history too, and no run touches them', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Oulu' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Turku' })
    await demo.synchronize()
    expect(await demo.openErrors(pair)).toHaveLength(1)
    const before = await demo.versions(pair)

    const answer = await couplings.uncouple([pair.couplingId, NOBODY])

    expect(answer).toMatchObject({ removed: 1, busy: 0, unknown: [NOBODY] })
    expect(await couplings.log(String((answer['runIds'] as string[])[0]))).toMatchObject({
      status: 'COMPLETED',
      jobs: [{ uncoupled: 1 }],
    })
    expect(await couplings.of({ localId: pair.customerId })).toBeNull()
    expect(await demo.openErrors(pair)).toEqual([])
    expect(await demo.skipped(pair)).toBeNull()
    await demo.synchronize()
    expect(await demo.versions(pair)).toEqual(before)
    expect(await couplings.uncouple([pair.couplingId])).toMatchObject({
      removed: 0,
      unknown: [pair.couplingId],
    })
  })

  test('a coupling whose write is under way is left, counted, and can be deleted afterwards', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { phoneNumber: '0981-1' })
    await using gate = await Gate.shut(demo.engine, landedOn('INTEGRATION'))
    const run = await demo.request()
    await gate.reached()
    expect(await couplings.uncouple([pair.couplingId])).toMatchObject({ removed: 0, busy: 1 })
    await gate.open()
    await demo.ended(run.id)
    expect((await demo.records(pair)).account).toMatchObject({ telephone1: '0981-1' })
    expect(await couplings.uncouple([pair.couplingId])).toMatchObject({ removed: 1, busy: 0 })
  })

  const bereave = async (pair: Pair): Promise<string> => {
    const customer = await demo.person.customerById(pair.customerId)
    await demo.person.deleteAccount(pair.accountId)
    await demo.synchronize()
    return String(customer?.['displayName'])
  }

  test('an account restored under another id takes the place of the one that is gone', async () => {
    const pair = await demo.pair()
    const name = await bereave(pair)
    const restored = await couplings.account({ name, telephone1: '099-1' })

    const answer = await couplings.repair()

    expect(answer).toMatchObject({ repaired: 1 })
    expect((answer['run'] as { recordResults: object[] }).recordResults).toContainEqual(
      expect.objectContaining({ outcome: 'COUPLED', localId: pair.customerId, integrationId: restored }),
    )
    expect(await couplings.of({ localId: pair.customerId })).toMatchObject({
      integrationRecord: { id: restored },
      pendingReason: 'FIRST_CONTACT',
    })
    expect(await demo.openErrors(pair)).toEqual([])
    await demo.update({ updateConflictPolicy: 'SEND_DATA_UPDATE_TO_INTEGRATION_TABLE' })
    await demo.synchronize()
    expect(await couplings.of({ localId: pair.customerId })).toMatchObject({ status: 'SETTLED' })
    await demo.update({ updateConflictPolicy: 'NONE' })
  })

  test('a customer restored under another id is found from the side of the account', async () => {
    const pair = await demo.pair()
    const customer = await demo.person.customerById(pair.customerId)
    await demo.person.deleteCustomer(pair.customerId)
    const restored = await couplings.customer({ displayName: customer?.['displayName'] })
    expect(await couplings.repair([pair.couplingId])).toMatchObject({ examined: 1, repaired: 1 })
    expect(await couplings.of({ integrationId: pair.accountId })).toMatchObject({
      localRecord: { id: restored },
    })
  })

  test('what has no match, and what lacks nothing, stays as it is and is told', async () => {
    const [bereft, whole] = [await demo.pair(), await demo.pair()]
    const name = await bereave(bereft)
    expect(await couplings.repair([bereft.couplingId, whole.couplingId])).toMatchObject({
      examined: 2,
      repaired: 0,
      run: {
        recordResults: expect.arrayContaining([
          expect.objectContaining({
            couplingId: bereft.couplingId,
            message: `No free Account record matches ${name}, so the coupling was left as it is.`,
          }),
          expect.objectContaining({
            couplingId: whole.couplingId,
            message: 'Both records exist, so there is nothing to repair.',
          }),
        ]),
      },
    })
    expect(await demo.skipped(bereft)).not.toBeNull()
  })

  test('all couplings of a mapping, once it is confirmed', async () => {
    const all = await demo.ask<{ couplings: { totalCount: number } }>(
      '{ couplings(filter: { mapping: "CUSTOMER" }) { totalCount } }',
    )
    const { totalCount } = all.couplings
    await expect(demo.ask('mutation { deleteCouplings(mapping: "CUSTOMER") { removed } }')).rejects.toThrow(
      `CUSTOMER has ${totalCount} couplings`,
    )
    const { deleteCouplings } = await demo.ask<{ deleteCouplings: object }>(
      'mutation { deleteCouplings(mapping: "CUSTOMER", confirm: true) { removed busy } }',
    )
    expect(deleteCouplings).toEqual({ removed: totalCount, busy: 0 })
    const accounts = await demo.person.countAccounts()
    expect(counted(await demo.synchronize('CUSTOMER', 'FULL'), 'TO')).not.toHaveProperty('inserted')
    expect(await demo.person.countAccounts()).toBe(accounts)
    await expect(demo.ask('mutation { deleteCouplings { removed } }')).rejects.toThrow('BAD_USER_INPUT')
  })

  test('200,000 couplings go in one statement', async () => {
    const em = demo.engine.database.em.fork()
    const mapping = await em.findOneOrFail(Mapping, { name: 'CUSTOMER' })
    await execute(
      em,
      sql`insert into coupling (id, connection_id, mapping_id, local_table, integration_table, local_id, integration_id, local_stamp, integration_stamp)
          select gen_random_uuid(), ${mapping.connectionId}, ${mapping.id}, 'customers', 'accounts', gen_random_uuid()::text,
            gen_random_uuid()::text, now(), now() from generate_series(1, 200000)`,
    )
    const { deleteCouplings } = await demo.ask<{ deleteCouplings: object }>(
      'mutation { deleteCouplings(mapping: "CUSTOMER", confirm: true) { removed busy } }',
    )
    expect(deleteCouplings).toEqual({ removed: 200_000, busy: 0 })
  })
})
