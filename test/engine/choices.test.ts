import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Scenario, type Pair, type Versions } from '../support/scenario.js'

type Row = Readonly<Record<string, unknown>>

describe('what a person keeps of skipped synch. records', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  const resolve = async (choice: Row): Promise<readonly Row[]> => {
    const { resolveSkippedSynchRecords } = await demo.ask<{ resolveSkippedSynchRecords: readonly Row[] }>(
      `mutation ($ids: [ID!], $keep: Side, $fields: [FieldChoice!], $filter: SkippedSynchRecordFilter,
          $choices: [SkippedSynchRecordChoice!], $seen: [SeenSkippedSynchRecord!]) {
        resolveSkippedSynchRecords(ids: $ids, keep: $keep, fields: $fields, filter: $filter, choices: $choices,
          seenVersions: $seen) {
          __typename
          ... on Applied { id written }
          ... on ChangedSince { id versions { local integration } fields { name local integration } }
          ... on Failed { id reason message } } }`,
      choice,
    )
    return resolveSkippedSynchRecords
  }

  /** Three fields that both sides have changed: a clash in each. */
  const clash = async (): Promise<{
    readonly pair: Pair
    readonly id: string
    readonly versions: Versions
  }> => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Hier', phoneNumber: '1', addressLine2: 'Hof' })
    await demo.person.editAccount(pair.accountId, {
      address1_city: 'Dort',
      telephone1: '2',
      address1_line2: 'Haus',
    })
    await demo.synchronize()
    const skipped = await demo.skipped(pair)
    if (skipped === null) throw new Error('The pair is not skipped.')
    return {
      pair,
      id: skipped.id,
      versions: skipped.conflict?.versions ?? { local: null, integration: null },
    }
  }
  const bothSides = async (pair: Pair) => {
    const { customer, account } = await demo.records(pair)
    return [
      [customer?.['city'], customer?.['phoneNumber'], customer?.['addressLine2']],
      [account?.['address1_city'], account?.['telephone1'], account?.['address1_line2']],
    ]
  }

  test('field by field: one from each side and one of his own, the same on both sides afterwards', async () => {
    const { pair, id } = await clash()
    const fields = [
      { name: 'city:address1_city', keep: 'LOCAL' },
      { name: 'phoneNumber:telephone1', keep: 'INTEGRATION' },
      { name: 'addressLine2:address1_line2', value: 'Hinterhaus' },
    ]
    expect(await resolve({ ids: [id], fields })).toMatchObject([{ __typename: 'Applied', written: true }])
    const kept = ['Hier', '2', 'Hinterhaus']
    expect(await bothSides(pair)).toEqual([kept, kept])
    expect(await demo.skipped(pair)).toBeNull()
    expect(await demo.openErrors(pair)).toEqual([])
    const before = await demo.versions(pair)
    await demo.synchronize()
    expect(await demo.versions(pair)).toEqual(before)
  })

  test('a value of his own may be blank', async () => {
    const { pair, id } = await clash()
    const fields = [
      { name: 'city:address1_city', keep: 'LOCAL' },
      { name: 'phoneNumber:telephone1', keep: 'LOCAL' },
      { name: 'addressLine2:address1_line2', value: null },
    ]
    expect(await resolve({ ids: [id], fields })).toMatchObject([{ __typename: 'Applied' }])
    const { customer, account } = await demo.records(pair)
    expect(customer).toMatchObject({ addressLine2: '' })
    expect(account).toMatchObject({ address1_line2: null })
  })

  test('a clash that he does not name stays a conflict, and nothing is written', async () => {
    const { pair, id } = await clash()
    const before = await demo.versions(pair)
    expect(
      await resolve({ ids: [id], fields: [{ name: 'city:address1_city', keep: 'LOCAL' }] }),
    ).toMatchObject([{ __typename: 'Failed', reason: 'NOT_DONE' }])
    expect(await demo.versions(pair)).toEqual(before)
    expect(await demo.skipped(pair)).not.toBeNull()
  })

  test('one by one, each as he chose, in one step', async () => {
    const [here, there, mixed, mixedOtherwise] = [await clash(), await clash(), await clash(), await clash()]
    const eachFrom = (...sides: readonly string[]) =>
      ['city:address1_city', 'phoneNumber:telephone1', 'addressLine2:address1_line2'].map((name, index) => ({
        name,
        keep: sides[index],
      }))
    const answers = await resolve({
      choices: [
        { id: mixed.id, fields: eachFrom('LOCAL', 'INTEGRATION', 'INTEGRATION') },
        { id: here.id, keep: 'LOCAL' },
        { id: mixedOtherwise.id, fields: eachFrom('INTEGRATION', 'LOCAL', 'LOCAL') },
        { id: there.id, keep: 'INTEGRATION' },
      ],
    })
    expect(answers.map((answer) => [answer['__typename'], answer['id']])).toEqual([
      ['Applied', mixed.id],
      ['Applied', here.id],
      ['Applied', mixedOtherwise.id],
      ['Applied', there.id],
    ])
    const twice = (...values: readonly string[]) => [values, values]
    expect(await bothSides(here.pair)).toEqual(twice('Hier', '1', 'Hof'))
    expect(await bothSides(there.pair)).toEqual(twice('Dort', '2', 'Haus'))
    expect(await bothSides(mixed.pair)).toEqual(twice('Hier', '2', 'Haus'))
    expect(await bothSides(mixedOtherwise.pair)).toEqual(twice('Dort', '1', 'Hof'))
  })

  test('all alike, by a filter: by the fingerprint of their error', async () => {
    const [one, two] = [await clash(), await clash()]
    const { integrationSynchErrors: errors } = await demo.ask<{
      integrationSynchErrors: { nodes: { fingerprint: string }[] }
    }>(
      `query ($coupling: ID!) { integrationSynchErrors(filter: { coupling: $coupling, status: OPEN }) {
        nodes { fingerprint } } }`,
      { coupling: one.pair.couplingId },
    )
    const fingerprint = errors.nodes[0]?.fingerprint
    expect(await resolve({ filter: { fingerprint: 'another' }, keep: 'LOCAL' })).toEqual([])
    const answers = await resolve({ filter: { mapping: 'CUSTOMER', fingerprint }, keep: 'LOCAL' })
    expect(answers.map((answer) => answer['id'])).toEqual(expect.arrayContaining([one.id, two.id]))
    expect(answers.every((answer) => answer['__typename'] === 'Applied')).toBe(true)
    expect((await bothSides(two.pair))[1]).toEqual(['Hier', '1', 'Hof'])
    // Pairs that never agreed are another kind of conflict, which the fingerprint leaves alone.
    const others = await demo.allSkipped()
    expect(others.map(({ message }) => message)).toEqual(
      Array(5).fill(expect.stringContaining('were never synchronized')),
    )
    expect(await resolve({ filter: { mapping: 'CUSTOMER' }, keep: 'LOCAL' })).toHaveLength(others.length)
    expect(await demo.allSkipped()).toEqual([])
  })

  test('bound to what he saw: an edit in between is shown, and nothing is written', async () => {
    const { pair, id, versions } = await clash()
    await demo.person.editAccount(pair.accountId, { address1_city: 'Anderswo' })
    const before = await demo.versions(pair)
    const answers = await resolve({
      ids: [id],
      fields: [{ name: 'city:address1_city', value: 'Eigenes' }],
      seen: [{ id, ...versions }],
    })
    expect(answers).toMatchObject([{ __typename: 'ChangedSince' }])
    expect(answers[0]?.['fields']).toContainEqual({
      name: 'city:address1_city',
      local: 'Hier',
      integration: 'Anderswo',
    })
    expect(await demo.versions(pair)).toEqual(before)
  })

  test('a value that a side cannot hold is told with its field, and nothing is written', async () => {
    const { pair, id } = await clash()
    const before = await demo.versions(pair)
    const fields = [
      { name: 'city:address1_city', value: 'x'.repeat(500) },
      { name: 'phoneNumber:telephone1', keep: 'LOCAL' },
      { name: 'addressLine2:address1_line2', keep: 'LOCAL' },
    ]
    const [answer] = await resolve({ ids: [id], fields })
    expect(answer).toMatchObject({ __typename: 'Failed', reason: 'NOT_DONE' })
    expect(await demo.versions(pair)).toEqual(before)
  })

  test('what has no meaning is refused, all problems at once, and nothing is recorded', async () => {
    const { pair, id } = await clash()
    await expect(resolve({ ids: [id] })).rejects.toThrow('Expected exactly one of keep, merge and fields')
    await expect(resolve({ keep: 'LOCAL' })).rejects.toThrow('exactly one of ids, filter and choices')
    await expect(resolve({ ids: [id], fields: [] })).rejects.toThrow('at least one field')
    await expect(resolve({ ids: [id], fields: [{ name: 'city:address1_city' }] })).rejects.toThrow(
      'Expected either keep or value',
    )
    await expect(
      resolve({
        ids: [id],
        fields: [
          { name: 'town:city', keep: 'LOCAL' },
          { name: 'city:address1_city', value: true },
        ],
      }),
    ).rejects.toThrow(/has no field .*town:city.*holds text, got true/)
    expect(await demo.skipped(pair)).not.toBeNull()
  })
})
