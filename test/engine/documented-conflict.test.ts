import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counted, Scenario, type Versions } from '../support/scenario.js'
import { lostValues } from './support/history.js'

const ACCOUNT_IS_NEWER =
  'Cannot update the Account record because it has a later modified date than the Customer record.'
const CUSTOMER_IS_NEWER =
  'Cannot update the Customer record because it has a later modified date than the Account record.'

describe('update conflicts', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  test('the documented case: a customer synchronized by hand, then its account edited', async () => {
    const pair = await demo.pair()
    const others = (await demo.allSkipped()).length
    await demo.person.editCustomer(pair.customerId, { phoneNumber: '030-111' })
    expect(await demo.synchronizeRecord(pair, 'TO_INTEGRATION_TABLE')).toMatchObject({ status: 'COMPLETED' })
    expect((await demo.records(pair)).account).toMatchObject({ telephone1: '030-111' })
    await demo.person.editAccount(pair.accountId, {
      telephone1: '030-222',
      emailaddress1: 'sales@example.com',
    })
    const before = await demo.versions(pair)

    const run = await demo.synchronize()

    expect(run.status).toBe('COMPLETED')
    expect(counted(run, 'TO')).toMatchObject({ conflicts: 1 })
    expect(counted(run, 'FROM')).toMatchObject({ skipped: 1 })
    expect(await demo.versions(pair)).toEqual(before)
    expect(await demo.openErrors(pair)).toMatchObject([
      { errorClass: 'CONFLICT', message: ACCOUNT_IS_NEWER, resolvableBy: 'USER', occurrences: 1 },
    ])
    expect(await demo.allSkipped()).toHaveLength(others + 1)

    const skipped = await demo.skipped(pair)
    expect(skipped?.conflict?.fields.find(({ name }) => name === 'phoneNumber:telephone1')).toMatchObject({
      base: '030-111',
      local: '030-111',
      integration: '030-222',
    })
    expect(await demo.resolve(skipped?.id ?? '', 'INTEGRATION')).toMatchObject({
      __typename: 'Applied',
      written: true,
    })
    expect((await demo.records(pair)).customer).toMatchObject({
      phoneNumber: '030-222',
      email: 'sales@example.com',
    })
    expect(await demo.skipped(pair)).toBeNull()
    expect(await demo.openErrors(pair)).toEqual([])
    expect(await demo.errors({ coupling: pair.couplingId, status: 'RESOLVED' })).toMatchObject([
      { message: ACCOUNT_IS_NEWER, resolvedAt: expect.any(String) },
    ])

    const settled = await demo.versions(pair)
    const next = await demo.synchronize()
    expect(next.status).toBe('COMPLETED')
    for (const pass of ['TO', 'FROM'] as const) {
      expect(counted(next, pass)['modified']).toBeUndefined()
      expect(counted(next, pass)['conflicts']).toBeUndefined()
    }
    expect(await demo.versions(pair)).toEqual(settled)
  })

  test('both edited between runs: a conflict that any number of runs leave alone; Business Central is kept', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Oslo' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Bergen' })
    const before = await demo.versions(pair)
    expect(counted(await demo.synchronize(), 'TO')).toMatchObject({ conflicts: 1 })
    await demo.synchronize()
    expect(await demo.versions(pair)).toEqual(before)
    expect(await demo.openErrors(pair)).toMatchObject([{ message: ACCOUNT_IS_NEWER, occurrences: 1 }])

    const skipped = await demo.skipped(pair)
    expect(await demo.resolve(skipped?.id ?? '', 'LOCAL')).toMatchObject({ __typename: 'Applied' })
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: 'Oslo' })
    expect(await demo.openErrors(pair)).toEqual([])
    const settled = await demo.versions(pair)
    await demo.synchronize()
    expect(await demo.versions(pair)).toEqual(settled)
  })

  test('a choice is bound to what was seen', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Lyon' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Nice' })
    await demo.synchronize()
    const skipped = await demo.skipped(pair)
    await demo.person.editAccount(pair.accountId, { address1_city: 'Paris' })
    const before = await demo.versions(pair)

    const refused = await demo.resolve(skipped?.id ?? '', 'LOCAL', skipped?.conflict?.versions ?? null)

    expect(refused).toMatchObject({
      __typename: 'ChangedSince',
      fields: expect.arrayContaining([{ name: 'city:address1_city', local: 'Lyon', integration: 'Paris' }]),
    })
    expect(await demo.versions(pair)).toEqual(before)
    expect(await demo.resolve(skipped?.id ?? '', 'LOCAL', refused['versions'] as Versions)).toMatchObject({
      __typename: 'Applied',
    })
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: 'Lyon' })
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('detection by fields: edits of different fields are merged, a clash on one field is a conflict', async () => {
    await demo.update({ conflictDetection: 'FIELDS' })
    const merged = await demo.pair()
    await demo.person.editCustomer(merged.customerId, { city: 'Graz' })
    await demo.person.editAccount(merged.accountId, { telephone1: '080-111' })
    const clash = await demo.pair()
    await demo.person.editCustomer(clash.customerId, { city: 'Linz' })
    await demo.person.editAccount(clash.accountId, { address1_city: 'Wels' })
    const run = await demo.synchronize()
    await demo.update({ conflictDetection: 'TIMESTAMPS' })
    expect(counted(run, 'TO')).toMatchObject({ modified: 1, conflicts: 1 })
    expect(await demo.records(merged)).toMatchObject({
      customer: { city: 'Graz', phoneNumber: '080-111' },
      account: { address1_city: 'Graz', telephone1: '080-111' },
    })
    expect(await demo.openErrors(merged)).toEqual([])
    expect(await demo.openErrors(clash)).toMatchObject([{ message: ACCOUNT_IS_NEWER }])
  })

  test('the same values typed on both sides are no conflict', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Bern' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Bern' })
    const before = await demo.versions(pair)
    await demo.synchronize()
    expect(await demo.versions(pair)).toEqual(before)
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('after a person kept the values of Sales, an edit there is carried: nobody made a conflict', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Gouda' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Delft' })
    await demo.synchronize()
    await demo.resolve((await demo.skipped(pair))?.id ?? '', 'INTEGRATION')
    await demo.person.editAccount(pair.accountId, { address1_city: 'Leiden' })
    const run = await demo.synchronize()
    expect(counted(run, 'TO')['conflicts']).toBeUndefined()
    expect((await demo.records(pair)).customer).toMatchObject({ city: 'Leiden' })
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('a conflict skipped is tried again on request and skipped again while it stands', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Pisa' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Lucca' })
    await demo.synchronize()
    const skipped = await demo.skipped(pair)
    const { retrySkippedSynchRecords: runs } = await demo.ask<{
      retrySkippedSynchRecords: readonly { id: string }[]
    }>('mutation ($ids: [ID!]!) { retrySkippedSynchRecords(ids: $ids) { id } }', { ids: [skipped?.id] })
    for (const { id } of runs) expect((await demo.ended(id)).status).toBe('COMPLETED')
    expect(await demo.skipped(pair)).toMatchObject({ errorClass: 'CONFLICT' })
    expect(await demo.openErrors(pair)).toMatchObject([{ message: ACCOUNT_IS_NEWER, occurrences: 2 }])
  })

  test('mirrored: an account synchronized by hand, then its customer edited below the watermark of the To pass', async () => {
    const pair = await demo.pair()
    await demo.person.editAccount(pair.accountId, { telephone1: '040-111' })
    expect(await demo.synchronizeRecord(pair, 'FROM_INTEGRATION_TABLE')).toMatchObject({
      status: 'COMPLETED',
    })
    const customer = await demo.person.editCustomer(pair.customerId, { phoneNumber: '040-222' })
    const stamp = Date.parse(String(customer['lastModifiedDateTime']))
    await demo.update({ toWatermark: new Date(stamp + 1).toISOString() })
    const before = await demo.versions(pair)

    const run = await demo.synchronize()

    expect(counted(run, 'TO')).toEqual({})
    expect(counted(run, 'FROM')).toMatchObject({ conflicts: 1 })
    expect(await demo.versions(pair)).toEqual(before)
    expect(await demo.openErrors(pair)).toMatchObject([
      { message: CUSTOMER_IS_NEWER, direction: 'FROM_INTEGRATION_TABLE' },
    ])
    expect(await demo.skipped(pair)).toMatchObject({ errorClass: 'CONFLICT' })
  })

  test('mirrored, without that setting: the change is simply carried', async () => {
    const pair = await demo.pair()
    await demo.person.editAccount(pair.accountId, { telephone1: '050-111' })
    await demo.synchronizeRecord(pair, 'FROM_INTEGRATION_TABLE')
    await demo.person.editCustomer(pair.customerId, { phoneNumber: '050-222' })
    const run = await demo.synchronize()
    expect(counted(run, 'TO')).toMatchObject({ modified: 1 })
    expect((await demo.records(pair)).account).toMatchObject({ telephone1: '050-222' })
    expect(await demo.openErrors(pair)).toEqual([])
  })
})

describe("a person's Synchronize", () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  test('does not write over a destination that was changed, unless told to; the loser stays in the history', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Turin' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Milan' })
    const before = await demo.versions(pair)

    const refused = await demo.synchronizeRecord(pair, 'TO_INTEGRATION_TABLE')
    expect(refused).toMatchObject({ __typename: 'DestinationChanged', versions: { local: before[0] } })
    expect(await demo.versions(pair)).toEqual(before)

    const written = await demo.synchronizeRecord(pair, 'TO_INTEGRATION_TABLE', {
      overwrite: true,
      seenVersions: refused.versions ?? { local: null, integration: null },
    })
    expect(written).toMatchObject({ __typename: 'SynchRun', status: 'COMPLETED' })
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: 'Turin' })
    expect(await lostValues(demo.engine, pair.couplingId)).toContainEqual({
      side: 'INTEGRATION',
      field: 'address1_city',
      value: 'Milan',
    })
  })
})
