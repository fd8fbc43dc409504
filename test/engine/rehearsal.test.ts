import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'

interface Example {
  readonly writeId: string
  readonly localId: string
  readonly before: unknown
  readonly after: unknown
  readonly readNow?: boolean
  readonly failure: { readonly errorClass: string; readonly message: string } | null
}

interface Rehearsal {
  readonly status: string
  readonly message: string | null
  readonly report: {
    readonly changes: number
    readonly differing: number
    readonly entersFilter: number
    readonly leavesFilter: number
    readonly decided: number
    readonly fields: readonly {
      readonly side: string
      readonly field: string
      readonly caption: string
      readonly kind: string
      readonly count: number
      readonly examples: readonly Example[]
    }[]
    readonly decisions: readonly {
      readonly kind: string
      readonly count: number
      readonly examples: readonly Example[]
    }[]
    readonly notRehearsed: readonly { readonly reason: string; readonly count: number }[]
  }
}

interface Document {
  readonly fields: readonly Readonly<Record<string, unknown>>[]
}

describe('a rehearsal', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  const rehearse = async (changes: object, last = 1000) => {
    const { rehearseMapping } = await demo.ask<{ rehearseMapping: Rehearsal }>(
      `mutation ($changes: JSONObject!, $last: Int!) { rehearseMapping(name: "CUSTOMER", changes: $changes, last: $last) {
        status message report { changes differing entersFilter leavesFilter decided
          fields { side field caption kind count
            examples { writeId localId before after readNow failure { errorClass message } } }
          decisions { kind count examples { writeId localId before after failure { errorClass message } } }
          notRehearsed { reason count } } } }`,
      { changes, last },
    )
    expect(rehearseMapping).toMatchObject({ status: 'COMPLETED', message: null })
    return rehearseMapping.report
  }
  const document = async () => {
    const { integrationTableMapping } = await demo.ask<{ integrationTableMapping: { document: Document } }>(
      '{ integrationTableMapping(name: "CUSTOMER") { document } }',
    )
    return integrationTableMapping.document
  }
  /** The fields in force, one of them changed. */
  const fieldsWith = async (localField: string, change: object) =>
    (await document()).fields.map((field) =>
      field['localField'] === localField ? { ...field, ...change } : field,
    )
  const version = async () => (await demo.engine.mapping('CUSTOMER')).version
  const systems = async () => [
    await demo.person.countCustomers(),
    await demo.person.countAccounts(),
    await version(),
  ]

  test('settings as they are in force differ in nothing', async () => {
    const before = await systems()
    const report = await rehearse({})
    expect(report.changes).toBeGreaterThan(0)
    expect(report).toMatchObject({
      differing: 0,
      fields: [],
      decisions: [],
      entersFilter: 0,
      leavesFilter: 0,
    })
    expect(await systems()).toEqual(before)
  })

  test('a transformation: which records would hold another value, with both values', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Visby' })
    await demo.synchronize()
    const before = await demo.versions(pair)

    const report = await rehearse({
      fields: await fieldsWith('city', { transformTo: [{ type: 'UPPERCASE' }] }),
    })

    const city = report.fields.find((field) => field.field === 'address1_city')
    expect(city).toMatchObject({ side: 'INTEGRATION', kind: 'VALUE' })
    expect(city?.examples).toContainEqual(
      expect.objectContaining({ localId: pair.customerId, before: 'Visby', after: 'VISBY', readNow: false }),
    )
    expect(city?.examples.length).toBe(Math.min(city?.count ?? 0, 50))
    expect(report.fields.map((field) => field.field)).toEqual(['address1_city'])
    expect(await demo.versions(pair)).toEqual(before)
  })

  test('only the latest changes are rehearsed where so many are asked for', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Kalmar' })
    await demo.synchronize()
    const report = await rehearse(
      { fields: await fieldsWith('city', { transformTo: [{ type: 'UPPERCASE' }] }) },
      1,
    )
    expect(report).toMatchObject({ changes: 1, differing: 1 })
    expect(report.fields).toMatchObject([{ count: 1, examples: [{ after: 'KALMAR' }] }])
  })

  test('what would fail now is told with the reason', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Skövde' })
    await demo.synchronize()
    const report = await rehearse({
      fields: await fieldsWith('city', { optionMap: [{ local: 'Nowhere', integration: 'Nowhere' }] }),
    })
    const failing = report.fields.find((field) => field.kind === 'NEWLY_FAILING')
    expect(failing).toMatchObject({ field: 'address1_city' })
    expect(failing?.examples).toContainEqual(
      expect.objectContaining({
        localId: pair.customerId,
        before: 'Skövde',
        after: null,
        failure: expect.objectContaining({ errorClass: 'VALIDATION' }),
      }),
    )
  })

  test('a field that is no longer carried, and one that newly is: its value is read now', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Motala', taxRegistrationNumber: 'SE-1' })
    await demo.synchronize()
    const { fields } = await document()
    const report = await rehearse({
      fields: [
        ...fields.filter((field) => field['localField'] !== 'city'),
        {
          localField: 'taxRegistrationNumber',
          integrationField: 'accountnumber',
          direction: 'TO_INTEGRATION_TABLE',
        },
      ],
    })
    const of = (kind: string) => report.fields.find((field) => field.kind === kind)
    expect(of('NO_LONGER_CARRIED')).toMatchObject({ field: 'address1_city' })
    expect(of('NEWLY_CARRIED')).toMatchObject({ field: 'accountnumber' })
    expect(of('NEWLY_CARRIED')?.examples).toContainEqual(
      expect.objectContaining({ localId: pair.customerId, after: 'SE-1', readNow: true }),
    )
  })

  test('a filter: what would leave it', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Eksjö' })
    await demo.synchronize()
    const report = await rehearse({
      localFilter: { field: 'city', comparison: '<>', value: 'Eksjö' },
    })
    expect(report.leavesFilter).toBeGreaterThanOrEqual(1)
    expect(report.entersFilter).toBe(0)
  })

  test('a detection: what would have been a conflict, and what could not be rehearsed', async () => {
    await demo.update({ conflictDetection: 'FIELDS' })
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Falun' })
    await demo.person.editAccount(pair.accountId, { telephone1: '+46 23' })
    await demo.synchronize()

    const report = await rehearse({ conflictDetection: 'TIMESTAMPS' })

    const conflicts = report.decisions.find((decision) => decision.kind === 'NEW_CONFLICT')
    expect(conflicts?.examples).toContainEqual(
      expect.objectContaining({
        localId: pair.customerId,
        before: ['INTEGRATION:address1_city', 'LOCAL:phoneNumber'],
        after: [],
        failure: expect.objectContaining({ errorClass: 'CONFLICT' }),
      }),
    )
    expect(report.notRehearsed).toContainEqual({
      reason: expect.stringMatching(/about creations/),
      count: expect.any(Number),
    })

    const sent = await rehearse({
      conflictDetection: 'TIMESTAMPS',
      updateConflictPolicy: 'SEND_DATA_UPDATE_TO_INTEGRATION_TABLE',
    })
    expect(sent.decisions.find((decision) => decision.kind === 'WRITTEN_OTHERWISE')?.examples).toContainEqual(
      expect.objectContaining({
        localId: pair.customerId,
        after: ['INTEGRATION:address1_city', 'INTEGRATION:telephone1'],
      }),
    )
    await demo.update({ conflictDetection: 'TIMESTAMPS' })
  })

  test('settings that make no sense are refused at their places', async () => {
    await expect(rehearse({ direction: 'SIDEWAYS' })).rejects.toThrow(/changes\.direction/)
    await expect(rehearse({ name: 'OTHER' })).rejects.toThrow(/changes\.name/)
  })
})
