import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Scenario, type Pair } from '../support/scenario.js'
import { Gate, pageDecided } from './support/gate.js'
import { itemOf, itemsOf, Reconciler, type Repair } from './support/reconciliation.js'

/** Name of a field mapping. */
const CITY = 'city:address1_city'

let demo: Scenario
let asker: Reconciler
afterEach(() => demo.clearFaults())

/** Changes a value of an account without a new version: no user of Dataverse could. */
const changeBehindTheScenes = (pair: Pair, city: string) =>
  demo.engine.inDataverse('update accounts set address1_city = $1 where accountid = $2', [
    city,
    pair.accountId,
  ])

describe('a reconciliation', () => {
  beforeAll(async () => {
    demo = await Scenario.start({ sandbox: { customers: 100 }, engine: { pageSize: 30 } })
    asker = new Reconciler(demo)
  })
  afterAll(() => demo.stop())

  test('of pairs that agree says so, and reads none of them by id', async () => {
    for (const system of ['businessCentral', 'dataverse'] as const)
      await fetch(`${demo.engine.sandbox[system].origin}/sandbox/metrics`, { method: 'DELETE' })
    const found = await asker.reconcile()
    expect(found).toMatchObject({ status: 'COMPLETED', message: null, equalPercent: 100, examined: 0 })
    expect(found).toMatchObject({ pairs: 100, equal: 100, counts: [{ verdict: 'EQUAL', count: 100 }] })
    expect(found.summary).toBe('100 % of 100 pairs are equal, 0 differ.')
    // A hundred records in pages of thirty.
    for (const [system, table] of [
      ['businessCentral', 'customers'],
      ['dataverse', 'accounts'],
    ] as const) {
      const answer = await fetch(`${demo.engine.sandbox[system].origin}/sandbox/metrics`)
      const { calls, items } = (await answer.json()) as Record<'calls' | 'items', Record<string, object>>
      expect(calls[`GET ${table}`]).toEqual({ calls: 4, rows: 100 })
      expect(items).toEqual({})
    }
  })

  test('tells a change that a run will carry, field by field; the run carries it', async () => {
    const pair = await demo.pair()
    const { customer } = await demo.records(pair)
    await demo.person.editAccount(pair.accountId, { address1_city: 'Pending' })
    const item = itemOf(await asker.reconcile(), pair)
    expect(item).toMatchObject({
      verdict: 'PENDING',
      reason: 'The Account was changed since the last synchronisation; the next run carries City.',
      fields: [
        {
          name: CITY,
          local: customer?.['city'],
          integration: 'Pending',
          localBase: customer?.['city'],
          integrationBase: customer?.['city'],
          localChanged: false,
          integrationChanged: true,
        },
      ],
      recommended: { action: 'SYNCHRONIZE' },
    })
    await demo.synchronize()
    expect(itemOf(await asker.reconcile(), pair)).toBeUndefined()
  })

  test('finds drift that no run notices; approved, it is repaired, and the pair is equal again', async () => {
    const pair = await demo.pair()
    await changeBehindTheScenes(pair, 'Drifted')
    await demo.synchronize()
    const found = await asker.reconcile()
    const item = itemOf(found, pair)
    expect(item).toMatchObject({
      verdict: 'DRIFT',
      reason: expect.stringContaining(
        'The Account was changed in City, but not in a way that a scheduled run notices',
      ),
      fields: [{ name: CITY, integration: 'Drifted', localChanged: false, integrationChanged: true }],
      recommended: { action: 'SYNCHRONIZE' },
    })
    expect(found.equalPercent).toBeLessThan(100)
    expect(found.summary).toMatch(/pairs are equal, 1 differ: 1 DRIFT/)
    const customer = (await demo.records(pair)).customer
    expect(await asker.repair(found.id, itemsOf(found, pair), 'LOCAL')).toMatchObject([
      { action: 'WRITE_INTEGRATION', outcome: 'REPAIRED' },
    ])
    expect(await demo.records(pair)).toMatchObject({
      customer: { city: customer?.['city'] },
      account: { address1_city: customer?.['city'] },
    })
    expect(itemOf(await asker.look(found.id), pair)).toMatchObject({ repair: { outcome: 'REPAIRED' } })
    expect(itemOf(await asker.reconcile(), pair)).toBeUndefined()
  })

  test('what changed between report and approval is left alone, and told', async () => {
    const pair = await demo.pair()
    await changeBehindTheScenes(pair, 'Seen')
    const found = await asker.reconcile()
    await demo.person.editAccount(pair.accountId, { address1_city: 'Unseen' })
    const before = await demo.versions(pair)
    for (const keep of ['LOCAL', 'RECOMMENDED'])
      expect(await asker.repair(found.id, itemsOf(found, pair), keep)).toMatchObject([
        { outcome: 'CHANGED_SINCE', message: expect.stringMatching(/changed/) },
      ])
    expect(await demo.versions(pair)).toEqual(before)
    await demo.synchronize()
    expect((await demo.records(pair)).customer).toMatchObject({ city: 'Unseen' })
  })

  test('both edited is a conflict; a person says which side is kept', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Here' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'There' })
    const found = await asker.reconcile()
    expect(itemOf(found, pair)).toMatchObject({
      verdict: 'CONFLICT',
      reason:
        'Cannot update the Account record because it has a later modified date than the Customer record.',
      recommended: { action: null, text: expect.stringContaining('which one to keep') },
    })
    expect(await asker.repair(found.id, itemsOf(found, pair))).toMatchObject([{ outcome: 'REFUSED' }])
    expect(await asker.repair(found.id, itemsOf(found, pair), 'INTEGRATION')).toMatchObject([
      { action: 'WRITE_LOCAL', outcome: 'REPAIRED' },
    ])
    expect((await demo.records(pair)).customer).toMatchObject({ city: 'There' })
    expect(itemOf(await asker.reconcile(), pair)).toBeUndefined()
  })

  test('a skipped conflict is told as skipped, and settled by the side that is kept', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Mine' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Yours' })
    await demo.synchronize()
    const found = await asker.reconcile()
    expect(itemOf(found, pair)).toMatchObject({ verdict: 'SKIPPED', recommended: { action: null } })
    expect(await asker.repair(found.id, itemsOf(found, pair), 'LOCAL')).toMatchObject([
      { outcome: 'REPAIRED' },
    ])
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: 'Mine' })
    expect(await demo.skipped(pair)).toBeNull()
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('an account that is gone is missing; kept is the customer, and the account is created anew', async () => {
    const pair = await demo.pair()
    await demo.person.deleteAccount(pair.accountId)
    const found = await asker.reconcile()
    expect(itemOf(found, pair)).toMatchObject({
      verdict: 'MISSING_INTEGRATION',
      reason: 'The Account is gone, and Resolve Deletion Conflicts leaves it to a person.',
    })
    expect(await asker.repair(found.id, itemsOf(found, pair), 'INTEGRATION')).toMatchObject([
      { outcome: 'REFUSED' },
    ])
    expect(await asker.repair(found.id, itemsOf(found, pair), 'LOCAL')).toMatchObject([
      { action: 'RESTORE', outcome: 'REPAIRED' },
    ])
    const again = await asker.reconcile()
    expect(again.items.nodes.filter((item) => item.localId === pair.customerId)).toEqual([])
    expect(again.pairs).toBe(found.pairs)
  })

  test('a coupling of which nothing is left goes', async () => {
    const pair = await demo.pair()
    await demo.person.deleteAccount(pair.accountId)
    await demo.person.deleteCustomer(pair.customerId)
    const found = await asker.reconcile()
    expect(itemOf(found, pair)).toMatchObject({ verdict: 'MISSING_BOTH' })
    expect(await asker.repair(found.id, itemsOf(found, pair))).toMatchObject([{ outcome: 'REPAIRED' }])
    expect((await asker.reconcile()).pairs).toBe((found.pairs ?? 0) - 1)
  })

  test('a customer that may not be read is not taken for one that is gone', async () => {
    const pair = await demo.pair()
    await demo.person.deleteCustomer(pair.customerId)
    await demo.fault('businessCentral', {
      method: 'GET',
      path: `customers\\(${pair.customerId}\\)`,
      times: null,
      action: { kind: 'status', status: 403, code: 'Authorization_RequestDenied', message: 'Not this one.' },
    })
    const found = await asker.reconcile()
    expect(itemOf(found, pair)).toMatchObject({
      verdict: 'FORBIDDEN',
      reason: 'The Customer may not be read: Not this one.',
      recommended: { action: null },
    })
    expect(await asker.repair(found.id, itemsOf(found, pair), 'INTEGRATION')).toMatchObject([
      { outcome: 'REFUSED' },
    ])
    await demo.clearFaults()
    expect(itemOf(await asker.reconcile(), pair)).toMatchObject({ verdict: 'MISSING_LOCAL' })
  })

  test('an account that has left its filter is told apart, equal or not', async () => {
    const pair = await demo.pair()
    await demo.person.editAccount(pair.accountId, { customertypecode: 1 })
    const found = await asker.reconcile()
    expect(itemOf(found, pair)).toMatchObject({
      verdict: 'OUT_OF_FILTER',
      reason: 'The Account lies outside the filter, so changes are not carried.',
      fields: [],
    })
    await demo.person.editAccount(pair.accountId, { customertypecode: 3 })
    expect(itemOf(await asker.reconcile(), pair)).toBeUndefined()
  })

  test('records without a partner are listed on either side; the pair that matches is coupled, for the other one a partner is created', async () => {
    await demo.update({ synchOnlyCoupledRecords: true })
    const alone = await demo.person.createCustomer({ displayName: 'Quite alone' })
    const twin = await demo.person.createCustomer({ displayName: 'Twin of another' })
    const other = await demo.person.createAccount({ name: 'TWIN OF ANOTHER', customertypecode: 3 })
    const found = await asker.reconcile()
    const of = (id: unknown) =>
      found.items.nodes.filter((item) => item.localId === id || item.integrationId === id)
    expect(of(twin['id'])).toMatchObject([
      { verdict: 'UNCOUPLED_LOCAL', partnerId: other['accountid'], recommended: { action: 'COUPLE' } },
    ])
    expect(of(other['accountid'])).toMatchObject([
      { verdict: 'UNCOUPLED_INTEGRATION', partnerId: twin['id'], recommended: { action: 'COUPLE' } },
    ])
    expect(of(alone['id'])).toMatchObject([
      { verdict: 'UNCOUPLED_LOCAL', partnerId: null, recommended: { action: null } },
    ])
    expect(found.equalPercent).not.toBeNull()
    expect(await asker.repair(found.id, [...of(twin['id']), ...of(other['accountid'])])).toMatchObject([
      { action: 'COUPLE', outcome: 'REPAIRED' },
      { action: 'COUPLE', outcome: 'REPAIRED' },
    ])
    expect(await asker.repair(found.id, of(alone['id']), 'LOCAL')).toMatchObject([
      { action: 'CREATE', outcome: 'REPAIRED' },
    ])
    await demo.synchronize()
    const again = await asker.reconcile()
    expect(again.items.nodes.filter((item) => item.verdict.startsWith('UNCOUPLED'))).toEqual([])
    expect(again.pairs).toBe((found.pairs ?? 0) + 2)
    expect(await demo.person.account("name eq 'Quite alone'")).not.toBeNull()
    await demo.update({ synchOnlyCoupledRecords: false })
  })

  test('a change that cannot be carried is told with its error, and settled on approval once it is put right', async () => {
    const pair = await demo.pair()
    await demo.person.editAccount(pair.accountId, { address1_line1: 'x'.repeat(200) })
    await demo.synchronize()
    expect(await demo.openErrors(pair)).toMatchObject([{ errorClass: 'VALIDATION' }])
    expect(itemOf(await asker.reconcile(), pair)).toMatchObject({
      verdict: 'FAILING',
      reason: expect.stringContaining('is 200 characters long'),
    })
    await demo.person.editAccount(pair.accountId, { address1_line1: 'Short' })
    const found = await asker.reconcile()
    expect(await asker.repair(found.id, itemsOf(found, pair))).toMatchObject([
      { action: 'SYNCHRONIZE', outcome: 'REPAIRED' },
    ])
    expect((await demo.records(pair)).customer).toMatchObject({ addressLine1: 'Short' })
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('a pair of which one side cannot hold all of the other is equal', async () => {
    const field = '"addressLine1:address1_line1"'
    await demo.ask(
      `mutation { updateIntegrationFieldMapping(name: "CUSTOMER", field: ${field}, input: { truncate: true }) { name } }`,
    )
    const pair = await demo.pair()
    await demo.person.editAccount(pair.accountId, { address1_line1: 'x'.repeat(200) })
    await demo.synchronize()
    const { customer } = await demo.records(pair)
    expect(customer?.['addressLine1']).toBe('x'.repeat(100))
    expect(itemOf(await asker.reconcile(), pair)).toBeUndefined()
  })

  test('by a filter everything of one verdict is repaired, once', async () => {
    const pairs = [await demo.pair(), await demo.pair(), await demo.pair()]
    for (const pair of pairs) await changeBehindTheScenes(pair, 'One of three')
    const found = await asker.reconcile()
    const approve = async () =>
      (
        await demo.ask<{ repairReconciliation: { left: number; results: readonly { repair: Repair }[] } }>(
          `mutation { repairReconciliation(id: "${found.id}", filter: { verdict: [DRIFT], field: "${CITY}" }) {
            left results { repair { action outcome message } } } }`,
        )
      ).repairReconciliation
    expect(await approve()).toEqual({
      left: 0,
      results: pairs.map(() => ({
        repair: { action: 'SYNCHRONIZE', outcome: 'REPAIRED', message: null },
      })),
    })
    expect(await approve()).toEqual({ left: 0, results: [] })
    for (const pair of pairs)
      expect((await demo.records(pair)).customer).toMatchObject({ city: 'One of three' })
  })

  test('after a change of the mapping nothing is repaired by an old report', async () => {
    const pair = await demo.pair()
    await changeBehindTheScenes(pair, 'Of old')
    const found = await asker.reconcile()
    await demo.update({ conflictDetection: 'FIELDS' })
    await expect(asker.repair(found.id, itemsOf(found, pair))).rejects.toThrow('was changed since')
    await demo.update({ conflictDetection: 'TIMESTAMPS' })
  })

  test('a run that stands still is no obstacle, and what it is about to carry is told as pending', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Beside' })
    await using decided = await Gate.shut(demo.engine, pageDecided('TO_INTEGRATION_TABLE', 1))
    const { id } = await demo.request()
    await decided.reached()
    expect(itemOf(await asker.reconcile(), pair)).toMatchObject({ verdict: 'PENDING' })
    await decided.open()
    expect((await demo.ended(id)).status).toBe('COMPLETED')
    expect(itemOf(await asker.reconcile(), pair)).toBeUndefined()
  })

  test('a pair that a run changes between the reading of its two tables is read again, and equal', async () => {
    const pair = await demo.pair()
    await demo.fault('dataverse', { path: 'accounts', action: { kind: 'delay', milliseconds: 4_000 } })
    const asked = asker.reconcile()
    await demo.until(
      async () =>
        (
          await demo.ask<{ reconciliations: readonly { status: string; localRecords: number }[] }>(
            '{ reconciliations(mapping: "CUSTOMER", first: 1) { status localRecords } }',
          )
        ).reconciliations[0],
      (seen) => seen?.status === 'RUNNING' && seen.localRecords > 90,
      'the local table to be read',
    )
    await demo.person.editCustomer(pair.customerId, { city: 'Meanwhile' })
    await demo.synchronize()
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: 'Meanwhile' })
    const found = await asked
    expect(found).toMatchObject({ status: 'COMPLETED' })
    expect(found.examined).toBeGreaterThan(0)
    expect(itemOf(found, pair)).toBeUndefined()
  })
})

describe('a reconciliation of a one-way mapping', () => {
  beforeAll(async () => {
    demo = await Scenario.start({ sandbox: { customers: 20 } })
    asker = new Reconciler(demo)
    await demo.update({ direction: 'TO_INTEGRATION_TABLE' })
  })
  afterAll(() => demo.stop())

  test('tells what the destination alone changed, which runs leave as it is; the source is given on approval', async () => {
    const pair = await demo.pair()
    const { customer } = await demo.records(pair)
    await demo.person.editAccount(pair.accountId, { address1_city: 'Elsewhere' })
    await demo.synchronize()
    const found = await asker.reconcile()
    expect(itemOf(found, pair)).toMatchObject({
      verdict: 'DRIFT',
      reason: 'The Account was changed, and City is not carried from there, so no run overwrites it.',
      recommended: { action: 'WRITE_INTEGRATION' },
    })
    expect(await asker.repair(found.id, itemsOf(found, pair), 'INTEGRATION')).toMatchObject([
      { outcome: 'REFUSED', message: expect.stringContaining('carries nothing from the Account') },
    ])
    expect(await asker.repair(found.id, itemsOf(found, pair))).toMatchObject([{ outcome: 'REPAIRED' }])
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: customer?.['city'] })
    expect(itemOf(await asker.reconcile(), pair)).toBeUndefined()
  })
})
