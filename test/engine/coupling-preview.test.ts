import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'
import { Couplings } from './support/couplings.js'

const NOBODY = '00000000-0000-4000-8000-000000000000'

interface Preview {
  readonly couplingId: string | null
  readonly problem: string | null
  readonly local: { readonly found: boolean; readonly partnerName: string | null }
  readonly fields: readonly object[]
  readonly choices: readonly {
    readonly synchronize: string
    readonly problem: string | null
    readonly writes: readonly { readonly side: string; readonly field: string; readonly after: unknown }[]
  }[]
}

describe('looking before coupling', () => {
  let demo: Scenario
  let couplings: Couplings
  beforeAll(async () => {
    demo = await Scenario.start()
    couplings = new Couplings(demo)
    await demo.update({ synchOnlyCoupledRecords: true })
  })
  afterAll(() => demo.stop())

  const preview = async (pair: { localId: string; integrationId: string }, mapping = 'CUSTOMER') => {
    const { couplingPreview } = await demo.ask<{ couplingPreview: Preview }>(
      `query ($mapping: String!, $localId: ID!, $integrationId: ID!) {
        couplingPreview(mapping: $mapping, localId: $localId, integrationId: $integrationId) {
          couplingId problem versions { local integration }
          local { found problem partnerName record { name tableCaption url } }
          integration { found problem partnerName record { name } }
          fields { name local integration equal }
          choices { synchronize problem writes { side field before after } } } }`,
      { mapping, ...pair },
    )
    return couplingPreview
  }
  const find = async (text: string, side = 'LOCAL') => {
    const { findRecords } = await demo.ask<{
      findRecords: {
        readonly isComplete: boolean
        readonly records: readonly { readonly record: { readonly id: string; readonly name: string } }[]
      }
    }>(
      `query ($side: Side!, $text: String!) { findRecords(mapping: "CUSTOMER", side: $side, text: $text) {
        isComplete records { couplingId partnerName problem record { id name tableCaption } } } }`,
      { side, text },
    )
    return findRecords
  }
  const choice = (shown: Preview, synchronize: string) =>
    shown.choices.find((candidate) => candidate.synchronize === synchronize)
  const written = (shown: Preview, synchronize: string) =>
    Object.fromEntries(
      (choice(shown, synchronize)?.writes ?? []).map(({ side, field, after }) => [`${side} ${field}`, after]),
    )

  test('both values of every field, and what each choice would write, which is what it then writes', async () => {
    const pair = await couplings.strangers(
      { displayName: 'Vorschau', city: 'Jena' },
      { name: 'Vorschau GmbH', telephone1: '03641-1' },
    )
    const before = [
      await demo.person.customerById(pair.localId),
      await demo.person.accountById(pair.integrationId),
    ]

    const shown = await preview(pair)

    expect(shown).toMatchObject({
      couplingId: null,
      problem: null,
      local: { found: true, record: { name: 'Vorschau', tableCaption: 'Customer' } },
    })
    expect(shown.fields).toContainEqual({
      name: 'displayName:name',
      local: 'Vorschau',
      integration: 'Vorschau GmbH',
      equal: false,
    })
    expect(written(shown, 'TO_INTEGRATION_TABLE')).toEqual({
      'INTEGRATION name': 'Vorschau',
      'INTEGRATION address1_city': 'Jena',
      'LOCAL phoneNumber': '03641-1',
    })
    expect(written(shown, 'FROM_INTEGRATION_TABLE')).toEqual({
      'LOCAL displayName': 'Vorschau GmbH',
      'INTEGRATION address1_city': 'Jena',
      'LOCAL phoneNumber': '03641-1',
    })
    expect(choice(shown, 'MERGE')).toMatchObject({ writes: [], problem: expect.stringContaining('merging') })
    expect(choice(shown, 'NONE')).toMatchObject({
      writes: [],
      problem: expect.stringContaining('Cannot update'),
    })
    expect([
      await demo.person.customerById(pair.localId),
      await demo.person.accountById(pair.integrationId),
    ]).toEqual(before)

    await couplings.couple(pair, { synchronize: 'TO_INTEGRATION_TABLE' })
    expect(await demo.person.accountById(pair.integrationId)).toMatchObject({
      name: 'Vorschau',
      address1_city: 'Jena',
    })
    expect(await demo.person.customerById(pair.localId)).toMatchObject({ phoneNumber: '03641-1' })
  })

  test('who is coupled with whom, in the words that coupling would be refused with', async () => {
    const pair = await couplings.strangers({ displayName: 'Besetzt' }, { name: 'Besetzt' })
    await couplings.couple(pair, { synchronize: 'MERGE' })
    const other = await couplings.account({ name: 'Frei' })
    const refused = { localId: pair.localId, integrationId: other }
    const shown = await preview(refused)
    expect(shown).toMatchObject({ couplingId: null, local: { partnerName: 'Besetzt' } })
    expect(shown.problem).toBe((await couplings.couple(refused))['message'])
  })

  test('of a coupled pair: what synchronizing each way would write', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Gera' })
    const shown = await preview({ localId: pair.customerId, integrationId: pair.accountId })
    expect(shown.couplingId).toBe(pair.couplingId)
    expect(written(shown, 'TO_INTEGRATION_TABLE')).toEqual({ 'INTEGRATION address1_city': 'Gera' })
    expect(written(shown, 'MERGE')).toEqual({ 'INTEGRATION address1_city': 'Gera' })
    expect(written(shown, 'FROM_INTEGRATION_TABLE')).toHaveProperty('LOCAL city')
  })

  test('a record that is gone is told; a one-way mapping offers its direction only', async () => {
    const account = await couplings.account({ name: 'Allein' })
    expect(await preview({ localId: NOBODY, integrationId: account })).toMatchObject({
      problem: `There is no Customer record ${NOBODY}.`,
      local: { found: false },
      fields: [],
      choices: [],
    })
    const { couplings: currencies } = await demo.ask<{
      couplings: { nodes: { localRecord: { id: string }; integrationRecord: { id: string } }[] }
    }>(
      '{ couplings(first: 1, filter: { mapping: "CURRENCY" }) { nodes { localRecord { id } integrationRecord { id } } } }',
    )
    const [currency] = currencies.nodes
    const shown = await preview(
      { localId: currency?.localRecord.id ?? '', integrationId: currency?.integrationRecord.id ?? '' },
      'CURRENCY',
    )
    expect(shown.choices.map(({ synchronize }) => synchronize)).toEqual([
      'NONE',
      'TO_INTEGRATION_TABLE',
      'MERGE',
    ])
  })

  const candidates = async (side: string, id: string) => {
    const { couplingCandidates } = await demo.ask<{ couplingCandidates: object }>(
      `query ($side: Side!, $id: ID!) { couplingCandidates(mapping: "CUSTOMER", side: $side, id: $id) {
        partnerId problem record { found record { name } }
        rules { priority fields caseSensitive total candidates { couplingId partnerName record { id name } } } } }`,
      { side, id },
    )
    return couplingCandidates
  }

  test('what the match rules find, rule by rule, and whom match-based coupling would take', async () => {
    const pair = await couplings.strangers({ displayName: 'Kandidat' }, { name: 'KANDIDAT' })
    expect(await candidates('LOCAL', pair.localId)).toMatchObject({
      partnerId: pair.integrationId,
      problem: null,
      rules: [
        { priority: 1, fields: ['number'], total: 0, candidates: [] },
        {
          priority: 2,
          fields: ['displayName'],
          caseSensitive: false,
          total: 1,
          candidates: [{ couplingId: null, record: { id: pair.integrationId, name: 'KANDIDAT' } }],
        },
      ],
    })
    expect(await candidates('INTEGRATION', pair.integrationId)).toMatchObject({ partnerId: pair.localId })
    await couplings.account({ name: 'Kandidat' })
    expect(await candidates('LOCAL', pair.localId)).toMatchObject({
      partnerId: null,
      problem: 'Cannot couple the Customer record: 2 Account records match (matched on displayName).',
      rules: [{}, { total: 2 }],
    })
    expect(await candidates('LOCAL', NOBODY)).toMatchObject({
      problem: `There is no Customer record ${NOBODY}.`,
      record: { found: false },
    })
  })

  test('records that were never coupled are found by part of their name and by their whole number, and nothing else is', async () => {
    const pair = await couplings.strangers({ displayName: 'Quellwasser Nord' }, { name: 'Quellwasser Süd' })
    const number = String((await demo.person.customerById(pair.localId))?.['number'])
    expect(await find('quellWASSER')).toMatchObject({
      isComplete: true,
      records: [{ couplingId: null, problem: null, record: { id: pair.localId, name: 'Quellwasser Nord' } }],
    })
    expect((await find(number.toLowerCase())).records[0]?.record.id).toBe(pair.localId)
    expect((await find('wasser s', 'INTEGRATION')).records).toMatchObject([
      { record: { id: pair.integrationId, name: 'Quellwasser Süd', tableCaption: 'Account' } },
    ])
    expect(await find('Quellwasser West')).toEqual({ isComplete: true, records: [] })
  })
})
