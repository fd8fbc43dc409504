import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Scenario, type Pair } from '../support/scenario.js'
import { quoted } from '../support/person.js'

type Row = Readonly<Record<string, unknown>>

describe("a person's work on records whose partner was deleted", () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  /** A skipped pair whose account was deleted. */
  const bereft = async (): Promise<{ readonly pair: Pair; readonly skippedId: string }> => {
    const pair = await demo.pair()
    await demo.person.deleteAccount(pair.accountId)
    await demo.synchronize()
    return { pair, skippedId: (await demo.skipped(pair))?.id ?? '' }
  }
  const act = async (
    mutation: 'restoreRecords' | 'deleteRecords',
    id: string,
    seen: Row | null = null,
  ): Promise<Row> => {
    const answer = await demo.ask<Record<string, readonly Row[]>>(
      `mutation ($ids: [ID!]!, $seen: [SeenSkippedSynchRecord!]) { ${mutation}(ids: $ids, seenVersions: $seen) { __typename
        ... on Applied { id written runId } ... on ChangedSince { message } ... on Failed { reason message remedy runId } } }`,
      { ids: [id], seen: seen === null ? null : [{ id, ...seen }] },
    )
    return answer[mutation]?.[0] ?? {}
  }

  test('Restore Records creates the deleted account anew and couples it, whatever the policy says', async () => {
    const { pair, skippedId } = await bereft()
    const { customer } = await demo.records(pair)
    expect(await act('restoreRecords', skippedId)).toMatchObject({ __typename: 'Applied', written: true })
    const account = await demo.person.account(`name eq ${quoted(String(customer?.['displayName']))}`)
    expect(account?.['accountid']).not.toBe(pair.accountId)
    expect(await demo.openErrors(pair)).toEqual([])
    expect(await demo.skipped(pair)).toBeNull()
    await demo.person.editCustomer(pair.customerId, { city: 'Umeå' })
    await demo.synchronize()
    expect(await demo.person.accountById(String(account?.['accountid']))).toMatchObject({
      address1_city: 'Umeå',
    })
  })

  test('Delete Records deletes the customer that is left, also one edited since', async () => {
    const { pair, skippedId } = await bereft()
    await demo.person.editCustomer(pair.customerId, { city: 'Luleå' })
    expect(await act('deleteRecords', skippedId)).toMatchObject({ __typename: 'Applied', written: true })
    expect((await demo.records(pair)).customer).toBeNull()
    expect(await demo.skipped(pair)).toBeNull()
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('Delete Records leaves a customer that was edited after a person looked at it', async () => {
    const { pair, skippedId } = await bereft()
    const seen = { local: (await demo.records(pair)).customer?.['@odata.etag'], integration: null }
    await demo.person.editCustomer(pair.customerId, { city: 'Kalix' })
    expect(await act('deleteRecords', skippedId, seen)).not.toMatchObject({ __typename: 'Applied' })
    const { customer } = await demo.records(pair)
    expect(customer).toMatchObject({ city: 'Kalix' })
    const now = { local: customer?.['@odata.etag'], integration: null }
    expect(await act('deleteRecords', skippedId, now)).toMatchObject({ __typename: 'Applied', written: true })
    expect((await demo.records(pair)).customer).toBeNull()
  })

  test('Restore Records makes no second account where a person has made it again by hand', async () => {
    const { pair, skippedId } = await bereft()
    const { customer } = await demo.records(pair)
    const name = String(customer?.['displayName'])
    const again = await demo.person.createAccount({ name, customertypecode: 11 })
    const accounts = await demo.person.countAccounts()
    expect(await act('restoreRecords', skippedId)).toMatchObject({
      __typename: 'Failed',
      message: expect.stringContaining(String(again['accountid'])),
    })
    expect(await demo.person.countAccounts()).toBe(accounts)
    expect(await demo.skipped(pair)).not.toBeNull()
  })

  test('the list of skipped records names a record that is gone', async () => {
    const { pair } = await bereft()
    const { customer } = await demo.records(pair)
    const { skippedSynchRecords } = await demo.ask<{ skippedSynchRecords: { nodes: readonly Row[] } }>(
      `{ skippedSynchRecords(filter: { coupling: "${pair.couplingId}" }) { nodes { record { name } } } }`,
    )
    expect(skippedSynchRecords.nodes).toEqual([{ record: { name: customer?.['displayName'] } }])
  })

  test('Delete Records tells a person whose right to delete is missing', async () => {
    const { pair, skippedId } = await bereft()
    await demo.fault('businessCentral', {
      method: 'DELETE',
      path: 'customers',
      action: {
        kind: 'status',
        status: 403,
        code: 'Authorization_RequestDenied',
        message: 'You do not have permission to delete customers.',
      },
    })
    expect(await act('deleteRecords', skippedId)).toMatchObject({
      __typename: 'Failed',
      message: expect.stringContaining('You do not have permission to delete customers.'),
    })
    await demo.clearFaults()
    expect((await demo.records(pair)).customer).not.toBeNull()
  })

  test('where both records exist, or the record is not skipped, nothing is done and it is said', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Boden' })
    await demo.person.editAccount(pair.accountId, { address1_city: 'Arvidsjaur' })
    await demo.synchronize()
    const skipped = await demo.skipped(pair)
    expect(skipped?.errorClass).toBe('CONFLICT')
    const before = await demo.versions(pair)
    for (const mutation of ['restoreRecords', 'deleteRecords'] as const)
      expect(await act(mutation, skipped?.id ?? '')).toMatchObject({
        __typename: 'Failed',
        message: expect.stringContaining('Both records exist'),
      })
    expect(await demo.versions(pair)).toEqual(before)
    expect(await demo.skipped(pair)).toMatchObject({ errorClass: 'CONFLICT' })
    expect(await act('restoreRecords', pair.couplingId)).toMatchObject({ reason: 'NOT_SKIPPED' })
  })
})
