import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Scenario, type Pair } from '../support/scenario.js'

const NOBODY = '00000000-0000-4000-8000-000000000000'

describe('a selection of records that a person synchronizes', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  const synchronize = async (
    ids: readonly string[],
    direction: string,
    options: { readonly overwrite?: boolean; readonly seenVersions?: readonly object[] } = {},
  ) => {
    const { synchronizeRecords } = await demo.ask<{
      synchronizeRecords: {
        message: string
        scheduled: number
        failed: number
        skipped: number
        records: readonly { couplingId: string; outcome: string; message: string | null; fields: object[] }[]
      }
    }>(
      `mutation ($ids: [ID!]!, $direction: SynchronizeDirection!, $overwrite: Boolean!, $seen: [SeenCoupling!]) {
        synchronizeRecords(couplingIds: $ids, direction: $direction, overwrite: $overwrite, seenVersions: $seen) {
          message scheduled failed skipped runIds
          records { couplingId outcome message versions { local integration } fields { name local integration } } } }`,
      { ids, direction, overwrite: options.overwrite ?? false, seen: options.seenVersions ?? null },
    )
    return synchronizeRecords
  }
  const outcomes = (answer: { records: readonly { outcome: string }[] }) =>
    answer.records.map((record) => record.outcome)

  const inConflict = async (pair: Pair): Promise<void> => {
    await demo.person.editCustomer(pair.customerId, { phoneNumber: '1-1' })
    await demo.person.editAccount(pair.accountId, { telephone1: '2-2' })
    await demo.synchronize()
    expect(await demo.skipped(pair)).not.toBeNull()
  }

  test('of many, those that can be synchronized are; the others are skipped, and the sentence counts them', async () => {
    const [edited, quiet, skipped, changed] = [
      await demo.pair(),
      await demo.pair(),
      await demo.pair(),
      await demo.pair(),
    ]
    await inConflict(skipped)
    await demo.person.editCustomer(edited.customerId, { city: 'Graz' })
    await demo.person.editAccount(changed.accountId, { address1_city: 'Linz' })

    const answer = await synchronize(
      [edited.couplingId, quiet.couplingId, skipped.couplingId, changed.couplingId, NOBODY],
      'TO_INTEGRATION_TABLE',
    )

    expect(outcomes(answer)).toEqual(['APPLIED', 'UNCHANGED', 'SKIPPED', 'SKIPPED', 'SKIPPED'])
    expect(answer.message).toBe(
      'The synchronization has been scheduled for 2 of 5 records. 0 records failed. 3 records were skipped.',
    )
    expect((await demo.records(edited)).account).toMatchObject({ address1_city: 'Graz' })
    expect((await demo.records(changed)).account).toMatchObject({ address1_city: 'Linz' })
    expect(answer.records[3]?.fields).toContainEqual(
      expect.objectContaining({ name: 'city:address1_city', integration: 'Linz' }),
    )

    const overwritten = await synchronize([changed.couplingId, quiet.couplingId], 'TO_INTEGRATION_TABLE', {
      overwrite: true,
    })
    expect(outcomes(overwritten)).toEqual(['APPLIED', 'UNCHANGED'])
    expect((await demo.records(changed)).account).not.toMatchObject({ address1_city: 'Linz' })
  })

  test('merged: each side keeps its own changes; a clash is told and nothing is written', async () => {
    const [merging, clashing] = [await demo.pair(), await demo.pair()]
    await demo.person.editCustomer(merging.customerId, { city: 'Wien' })
    await demo.person.editAccount(merging.accountId, { telephone1: '01-1' })
    await demo.person.editCustomer(clashing.customerId, { city: 'Salzburg' })
    await demo.person.editAccount(clashing.accountId, { address1_city: 'Hallein' })
    const before = await demo.versions(clashing)

    const answer = await synchronize([merging.couplingId, clashing.couplingId], 'MERGE')

    expect(outcomes(answer)).toEqual(['APPLIED', 'SKIPPED'])
    const { customer, account } = await demo.records(merging)
    expect(customer).toMatchObject({ city: 'Wien', phoneNumber: '01-1' })
    expect(account).toMatchObject({ address1_city: 'Wien', telephone1: '01-1' })
    expect(await demo.versions(clashing)).toEqual(before)
  })

  test('bound to the versions that he saw, each record to its own', async () => {
    const [stale, fresh] = [await demo.pair(), await demo.pair()]
    const seen = async ({ couplingId, ...pair }: Pair) => {
      const [local, integration] = await demo.versions({ couplingId, ...pair })
      return { couplingId, local, integration }
    }
    await demo.person.editCustomer(stale.customerId, { city: 'Bozen' })
    await demo.person.editCustomer(fresh.customerId, { city: 'Meran' })
    const seenVersions = [await seen(stale), await seen(fresh)]
    await demo.person.editCustomer(stale.customerId, { city: 'Brixen' })

    const answer = await synchronize([stale.couplingId, fresh.couplingId], 'TO_INTEGRATION_TABLE', {
      seenVersions,
    })

    expect(outcomes(answer)).toEqual(['SKIPPED', 'APPLIED'])
    expect((await demo.records(fresh)).account).toMatchObject({ address1_city: 'Meran' })
    expect((await demo.records(stale)).account).not.toMatchObject({ address1_city: 'Brixen' })
  })

  test('a single record is synchronized although it is a skipped one', async () => {
    const pair = await demo.pair()
    await inConflict(pair)
    const answer = await synchronize([pair.couplingId], 'FROM_INTEGRATION_TABLE', { overwrite: true })
    expect(outcomes(answer)).toEqual(['APPLIED'])
    expect((await demo.records(pair)).customer).toMatchObject({ phoneNumber: '2-2' })
    expect(await demo.skipped(pair)).toBeNull()
  })

  test('a record that a system refuses is counted as failed, and the others are written', async () => {
    const [bad, good] = [await demo.pair(), await demo.pair()]
    await demo.person.editCustomer(bad.customerId, { city: 'Unmöglich' })
    await demo.person.editCustomer(good.customerId, { city: 'Möglich' })
    await demo.fault('dataverse', {
      times: null,
      action: { kind: 'reject', field: 'address1_city', value: 'Unmöglich' },
    })
    const answer = await synchronize([bad.couplingId, good.couplingId], 'TO_INTEGRATION_TABLE')
    await demo.clearFaults()
    expect(outcomes(answer)).toEqual(['FAILED', 'APPLIED'])
    expect(answer.message).toBe(
      'The synchronization has been scheduled for 1 of 2 records. 1 records failed. 0 records were skipped.',
    )
  })

  test('wrong input is refused: no ids, versions of others, a direction that is not carried', async () => {
    const { couplings } = await demo.ask<{ couplings: { nodes: { id: string }[] } }>(
      '{ couplings(first: 1, filter: { mapping: "CURRENCY" }) { nodes { id } } }',
    )
    const id = couplings.nodes[0]?.id ?? ''
    await expect(synchronize([], 'MERGE')).rejects.toThrow('Expected at least one id')
    await expect(synchronize([id], 'MERGE', { seenVersions: [{ couplingId: NOBODY }] })).rejects.toThrow(
      'Expected one of the ids given',
    )
    await expect(synchronize([id], 'FROM_INTEGRATION_TABLE')).rejects.toThrow('TO_INTEGRATION_TABLE only')
  })
})
