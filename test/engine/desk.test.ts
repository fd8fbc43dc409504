import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Scenario, type Pair } from '../support/scenario.js'

type Row = Readonly<Record<string, unknown>>

interface Field {
  readonly name: string
  readonly base: string | null
  readonly local: string | null
  readonly integration: string | null
  readonly localName: string | null
  readonly integrationName: string | null
  readonly changedBy: string
  readonly recommended: string | null
  readonly reason: string
}
interface Side {
  readonly found: boolean | null
  readonly modifiedBy: string | null
  readonly modifiedAt: string | null
  readonly writtenByAccord: boolean
  readonly changedFields: readonly string[]
}
interface Call {
  readonly mutation: string
  readonly document: string
  readonly variables: Row
}
interface Comparison {
  readonly fresh: boolean
  readonly versions: { readonly local: string; readonly integration: string }
  readonly local: Side
  readonly integration: Side
  readonly fields: readonly Field[]
  readonly recommendation: { readonly advice: string; readonly reason: string; readonly action: Call | null }
}
interface Entry {
  readonly id: string
  readonly kind: string
  readonly text: string
  readonly by: string | null
  readonly side: string | null
  readonly outcome: string | null
  readonly write: { readonly id: string; readonly fields: readonly { readonly field: string }[] } | null
  readonly decidedOn: { readonly fields: readonly Field[] } | null
  readonly error: { readonly errorClass: string } | null
  readonly undo: Call | null
}

const COMPARISON = `fresh asOf versions { local integration } stamps { editedLast }
  local { found modifiedBy modifiedAt writtenByAccord changedFields lastWrite { id } record { name url } }
  integration { found modifiedBy modifiedAt writtenByAccord changedFields lastWrite { id } record { name url } }
  fields { name base local integration localName integrationName baseName changedBy owner recommended reason }
  recommendation { advice reason action { mutation document variables } }`

describe('the desk', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  const compare = async (id: string, fresh: boolean): Promise<Comparison> => {
    const { skippedSynchRecordComparison } = await demo.ask<{ skippedSynchRecordComparison: Comparison }>(
      `query ($id: ID!, $fresh: Boolean!) { skippedSynchRecordComparison(id: $id, fresh: $fresh) { ${COMPARISON} } }`,
      { id, fresh },
    )
    return skippedSynchRecordComparison
  }
  const fieldOf = (shown: Comparison, name: string) => shown.fields.find((field) => field.name === name)
  const send = async ({ document, variables }: Call): Promise<Row> => demo.ask(document, variables)
  const resolve = async (variables: Row): Promise<readonly Row[]> => {
    const { resolveSkippedSynchRecords } = await demo.ask<{ resolveSkippedSynchRecords: readonly Row[] }>(
      `mutation ($ids: [ID!], $filter: SkippedSynchRecordFilter, $keep: Side, $merge: Boolean, $fields: [FieldChoice!],
          $seen: [SeenSkippedSynchRecord!]) {
        resolveSkippedSynchRecords(ids: $ids, filter: $filter, keep: $keep, merge: $merge, fields: $fields, seenVersions: $seen) {
          __typename ... on Applied { id written }
          ... on ChangedSince { id versions { local integration } fields { name local integration } }
          ... on Failed { id reason message } } }`,
      variables,
    )
    return resolveSkippedSynchRecords
  }
  const timeline = async (of: Row): Promise<{ readonly nodes: readonly Entry[]; readonly pageInfo: Row }> => {
    const { recordTimeline } = await demo.ask<{
      recordTimeline: { nodes: readonly Entry[]; pageInfo: Row }
    }>(
      `query ($couplingId: ID, $side: Side, $id: ID, $first: Int! = 50, $after: String) {
        recordTimeline(mapping: "CUSTOMER", couplingId: $couplingId, side: $side, id: $id, first: $first, after: $after) {
          nodes { id at kind text by side outcome write { id fields { field before after } }
            decidedOn { mappingVersion firstContact versions { local integration } fields { name base local integration } }
            state { fields { name } } error { errorClass } run { id } undo { mutation document variables } }
          pageInfo { hasNextPage endCursor } } }`,
      of,
    )
    return recordTimeline
  }

  /** Both sides changed the city, Business Central alone the phone, Sales alone the street; Sales was edited last. */
  const clash = async (): Promise<{ readonly pair: Pair; readonly id: string }> => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Hier', phoneNumber: '1' })
    await demo.clock('dataverse', 5_000)
    await demo.person.editAccount(pair.accountId, { address1_city: 'Dort', address1_line2: 'Haus' })
    await demo.clock('dataverse', 0)
    await demo.synchronize()
    const skipped = await demo.skipped(pair)
    if (skipped === null) throw new Error('The pair is not skipped.')
    return { pair, id: skipped.id }
  }

  test('shows base, both values, who changed what and when, and recommends with reason what can be called as it stands', async () => {
    const { pair, id } = await clash()
    const stored = await compare(id, false)
    expect(stored.fresh).toBe(false)
    expect(fieldOf(stored, 'city:address1_city')).toMatchObject({
      local: 'Hier',
      integration: 'Dort',
      changedBy: 'BOTH',
      recommended: 'INTEGRATION',
      reason: 'NEWER',
    })
    expect(fieldOf(stored, 'phoneNumber:telephone1')).toMatchObject({
      changedBy: 'LOCAL',
      recommended: 'LOCAL',
      reason: 'ONLY_ONE_CHANGED',
    })
    expect(stored.recommendation).toMatchObject({ advice: 'PER_FIELD', reason: 'SIDES_DIFFER_BY_FIELD' })
    const owner = stored.fields.find((field) => field.localName !== null)
    expect(owner?.integrationName).toBe(owner?.localName)

    const shown = await compare(id, true)
    expect(shown).toMatchObject({ fresh: true, local: { found: true }, integration: { found: true } })
    // Sales tells who it was, Business Central's API does not.
    expect(shown.integration.modifiedBy).toEqual(expect.stringMatching(/\p{L}/u))
    expect(shown.integration.modifiedBy).not.toMatch(/^[0-9a-f-]{36}$/)
    expect(shown.local.modifiedBy).toBeNull()
    expect(shown.integration).toMatchObject({ writtenByAccord: false })

    expect(shown.recommendation.action).toMatchObject({ mutation: 'resolveSkippedSynchRecords' })
    await send(shown.recommendation.action as Call)
    expect(await demo.skipped(pair)).toBeNull()
    const { customer, account } = await demo.records(pair)
    expect([customer?.['city'], customer?.['phoneNumber'], customer?.['addressLine2']]).toEqual([
      'Dort',
      '1',
      'Haus',
    ])
    expect([account?.['address1_city'], account?.['telephone1'], account?.['address1_line2']]).toEqual([
      'Dort',
      '1',
      'Haus',
    ])
  })

  test('a conflict resolved per field while someone edits: changed since, then resolved again on the new state', async () => {
    const { pair, id } = await clash()
    const shown = await compare(id, true)
    const fields = [{ name: 'city:address1_city', value: 'Mitte' }]
    await demo.person.editCustomer(pair.customerId, { city: 'Woanders' })
    const before = await demo.versions(pair)
    const [changed] = await resolve({ ids: [id], fields, seen: [{ id, ...shown.versions }] })
    expect(changed).toMatchObject({ __typename: 'ChangedSince', id })
    expect(changed?.['fields']).toContainEqual({
      name: 'city:address1_city',
      local: 'Woanders',
      integration: 'Dort',
    })
    expect(await demo.versions(pair)).toEqual(before)
    // What has been recorded meanwhile is not what he saw, even if he insists.
    expect(await resolve({ ids: [id], fields, seen: [{ id, ...shown.versions }] })).toMatchObject([
      { __typename: 'ChangedSince' },
    ])
    expect(await demo.versions(pair)).toEqual(before)

    const seen = [{ id, ...(changed?.['versions'] as Row) }]
    expect(await resolve({ ids: [id], fields, seen })).toMatchObject([
      { __typename: 'Applied', written: true },
    ])
    const { customer, account } = await demo.records(pair)
    expect([customer?.['city'], account?.['address1_city']]).toEqual(['Mitte', 'Mitte'])
    expect(await demo.skipped(pair)).toBeNull()

    const { nodes } = await timeline({ couplingId: pair.couplingId })
    expect(nodes.map((entry) => entry.kind)).toEqual(
      expect.arrayContaining([
        'COUPLED',
        'WRITTEN',
        'FAILED',
        'SKIPPED',
        'DECIDED',
        'SKIP_ENDED',
        'RESOLVED',
      ]),
    )
    const decided = nodes.filter((entry) => entry.kind === 'DECIDED').map((entry) => entry.outcome)
    expect(decided).toEqual(['APPLIED', 'CHANGED_SINCE', 'CHANGED_SINCE'])
    // By pages, from either record, it is the same.
    const half = await timeline({ side: 'INTEGRATION', id: pair.accountId, first: 4 })
    const rest = await timeline({
      side: 'INTEGRATION',
      id: pair.accountId,
      after: half.pageInfo['endCursor'],
    })
    expect([...half.nodes, ...rest.nodes].map((entry) => entry.id)).toEqual(nodes.map((entry) => entry.id))

    const step = nodes.find((entry) => entry.kind === 'WRITTEN' && entry.side === 'LOCAL')
    expect(step?.by).toEqual(expect.any(String))
    await send(step?.undo as Call)
    expect((await demo.records(pair)).customer?.['city']).toBe('Woanders')
    const undone = (await timeline({ couplingId: pair.couplingId })).nodes
    expect(undone.find((entry) => entry.id === step?.id)?.undo).toBeNull()
    expect(undone[0]).toMatchObject({ kind: 'WRITTEN', text: 'A person undid an earlier write.' })
  })

  test('what a run wrote is told with what it was decided on', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Neustadt' })
    await demo.synchronize()
    const { nodes } = await timeline({ couplingId: pair.couplingId })
    const written = nodes.find((entry) => entry.kind === 'WRITTEN' && entry.decidedOn !== null)
    expect(written).toMatchObject({
      side: 'INTEGRATION',
      text: expect.stringContaining('Only one of the two records'),
    })
    const city = written?.decidedOn?.fields.find((field) => field.name === 'city:address1_city')
    expect(city?.local).toBe('Neustadt')
    expect(city?.base).toBe(city?.integration)
    expect(city?.base).not.toBe('Neustadt')
  })

  test('made a rule: rehearsed, refused once the mapping changed, applied by the id of a rehearsal; then it decides', async () => {
    const { pair, id } = await clash()
    type Rehearsed = {
      readonly rehearseRule: {
        readonly changes: readonly Row[]
        readonly waiting: number
        readonly rehearsal: {
          readonly id: string
          readonly status: string
          readonly report: Row | null
        } | null
        readonly nextStep: Call | null
      }
    }
    const rehearse = async () =>
      (
        await demo.ask<Rehearsed>(
          `mutation ($id: ID!) { rehearseRule(skippedSynchRecordId: $id, fields: [{ name: "city:address1_city", owner: LOCAL }]) {
            changes { path text } waiting rehearsal { id status report { changes decided } }
            nextStep { mutation document variables } } }`,
          { id },
        )
      ).rehearseRule
    const apply = async (rehearsalId: string | undefined) =>
      (
        await demo.ask<{ applyRule: Row & { readonly nextStep?: Call } }>(
          `mutation ($rehearsalId: ID!) { applyRule(rehearsalId: $rehearsalId) { __typename
            ... on RuleApplied { version changes { path } nextStep { mutation document variables } }
            ... on RuleNotApplied { reason message remedy } } }`,
          { rehearsalId },
        )
      ).applyRule
    const first = await rehearse()
    expect(first).toMatchObject({
      changes: [{ path: 'fields[city:address1_city].owner' }],
      waiting: (await demo.allSkipped({ mapping: 'CUSTOMER', errorClass: ['CONFLICT'] })).length,
      rehearsal: { status: 'COMPLETED', report: { decided: expect.any(Number) } },
    })
    await demo.update({ deletionReview: { percent: 6, minimum: 10 } })
    expect(await apply(first.rehearsal?.id)).toMatchObject({
      __typename: 'RuleNotApplied',
      reason: 'MAPPING_CHANGED',
    })

    const second = await rehearse()
    const applied = await apply(second.rehearsal?.id)
    expect(applied).toMatchObject({
      __typename: 'RuleApplied',
      changes: [{ path: 'fields[city:address1_city].owner' }],
    })
    expect(await apply(second.rehearsal?.id)).toMatchObject({ reason: 'ALREADY_APPLIED' })
    expect(await rehearse()).toMatchObject({ changes: [], rehearsal: null, nextStep: null })

    // By timestamps the rest of the record is a conflict still, which the comparison tells; by fields the owner has decided.
    await demo.update({ conflictDetection: 'FIELDS' })
    await send(applied.nextStep as Call)
    await demo.until(
      () => demo.skipped(pair),
      (skipped) => skipped === null,
      'the rule to decide the record',
    )
    const both = async () => {
      const { customer, account } = await demo.records(pair)
      return [account?.['address1_city'], customer?.['city'], customer?.['addressLine2']].join()
    }
    await demo.until(
      both,
      (held) => held === 'Hier,Hier,Haus',
      "the owner's city in both, and what Sales alone changed",
    )
    await demo.update({ conflictDetection: 'TIMESTAMPS' })
  })

  test('merged: each side keeps what it alone changed; a clash stays', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { phoneNumber: '77' })
    await demo.person.editAccount(pair.accountId, { address1_line2: 'Hinten' })
    await demo.synchronize()
    const id = (await demo.skipped(pair))?.id ?? ''
    expect((await compare(id, false)).recommendation).toMatchObject({
      advice: 'MERGE',
      reason: 'EACH_ITS_OWN_FIELDS',
    })
    expect(await resolve({ ids: [id], merge: true })).toMatchObject([
      { __typename: 'Applied', written: true },
    ])
    const { customer, account } = await demo.records(pair)
    expect([customer?.['phoneNumber'], account?.['telephone1']]).toEqual(['77', '77'])
    expect([customer?.['addressLine2'], account?.['address1_line2']]).toEqual(['Hinten', 'Hinten'])
  })

  test('all that are alike: over the same fields, and no others', async () => {
    const [one, two] = [await clash(), await clash()]
    const other = await demo.pair()
    await demo.person.editCustomer(other.customerId, { addressLine2: 'Hof' })
    await demo.person.editAccount(other.accountId, { address1_line2: 'Haus' })
    await demo.synchronize()
    const alike = await demo.allSkipped({ alikeTo: one.id })
    expect(alike.map((skipped) => skipped.id).sort()).toEqual([one.id, two.id].sort())
    const over = await demo.allSkipped({ fieldsInConflict: ['addressLine2:address1_line2'] })
    expect(over.map((skipped) => skipped.id)).toEqual([(await demo.skipped(other))?.id])

    const answers = await resolve({ filter: { alikeTo: one.id }, keep: 'LOCAL' })
    expect(answers.map((answer) => answer['__typename'])).toEqual(['Applied', 'Applied'])
    expect((await demo.records(two.pair)).account?.['address1_city']).toBe('Hier')
    expect(await demo.skipped(other)).not.toBeNull()
  })

  test('retried and uncoupled, with a result each', async () => {
    const { pair, id } = await clash()
    const settle = async (action: string, more: Row) =>
      (
        await demo.ask<{ settleSkippedSynchRecords: readonly Row[] }>(
          `mutation ($action: SkippedAction!, $ids: [ID!], $filter: SkippedSynchRecordFilter, $seen: [SeenSkippedSynchRecord!]) {
            settleSkippedSynchRecords(action: $action, ids: $ids, filter: $filter, seenVersions: $seen) { __typename
              ... on Applied { id couplingId written } ... on ChangedSince { id versions { local } }
              ... on Failed { id reason message } } }`,
          { action, ...more },
        )
      ).settleSkippedSynchRecords
    expect(await settle('RETRY', { ids: [id] })).toMatchObject([
      { __typename: 'Failed', reason: 'NOT_DONE', message: expect.stringContaining('Cannot update the') },
    ])
    const again = (await demo.skipped(pair))?.id ?? ''
    const stale = [{ id: again, local: 'W/"an older one"', integration: null }]
    expect(await settle('DELETE_COUPLINGS', { ids: [again], seen: stale })).toMatchObject([
      { __typename: 'ChangedSince', versions: { local: expect.any(String) } },
    ])
    expect(await settle('DELETE_COUPLINGS', { filter: { coupling: pair.couplingId } })).toMatchObject([
      { __typename: 'Applied', couplingId: pair.couplingId, written: false },
    ])
    expect(await demo.skipped(pair)).toBeNull()
    expect(await settle('RESTORE_RECORDS', { ids: [again] })).toMatchObject([{ reason: 'NOT_SKIPPED' }])
    const { nodes } = await timeline({ side: 'LOCAL', id: pair.customerId })
    expect(nodes.slice(0, 4).map((entry) => entry.kind)).toEqual([
      'SKIP_ENDED',
      'SKIPPED',
      'SKIP_ENDED',
      'SKIPPED',
    ])
  })

  test('why is it not in sync: by a look at both systems', async () => {
    const pair = await demo.pair()
    const ask = async (id: string, fresh: boolean | null = null) =>
      (
        await demo.ask<{ recordStatus: Row }>(
          `query ($id: ID!, $fresh: Boolean) { recordStatus(system: BUSINESS_CENTRAL, table: "customers", id: $id, fresh: $fresh) {
            reason fresh message evidence clause nextStep { mutation variables } } }`,
          { id, fresh },
        )
      ).recordStatus
    expect(await ask(pair.customerId, true)).toMatchObject({ reason: 'IN_SYNC', fresh: true, nextStep: null })
    await demo.person.editCustomer(pair.customerId, { city: 'Später' })
    const waiting = await ask(pair.customerId, true)
    expect(waiting).toMatchObject({
      reason: 'PENDING_NEXT_RUN',
      nextStep: { mutation: 'synchronizeMapping' },
    })
    expect(String(waiting['evidence'])).toContain('city:address1_city')
    const stranger = await demo.person.createCustomer({ displayName: 'Niemandes Kunde' })
    expect(await ask(String(stranger['id']))).toMatchObject({ reason: 'PENDING_NEXT_RUN', fresh: true })
    await demo.update({ synchOnlyCoupledRecords: true })
    expect(await ask(String(stranger['id']))).toMatchObject({ reason: 'NOT_COUPLED', fresh: true })
    await demo.person.deleteCustomer(String(stranger['id']))
    expect(await ask(String(stranger['id']))).toMatchObject({ reason: 'UNKNOWN_RECORD', fresh: true })
  })
})
