import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requestBulkSettlement } from '../../src/persistence/bulk-actions.js'
import type { BulkSettlement } from '../../src/domain/bulk-action.js'
import { sql, texts } from '../../src/persistence/sql.js'
import { quoted } from '../support/person.js'
import { Scenario, type Pair } from '../support/scenario.js'

type Row = Readonly<Record<string, unknown>>

interface Action {
  readonly id: string
  readonly status: string
  readonly failures: readonly Row[]
  readonly changed: readonly Row[]
}

const ACTION = `id subject action status total done succeeded unchanged changedSince failed
  failures(first: 5) { outcome errorId message }
  changed: failures(first: 5, outcome: CHANGED_SINCE) { outcome skippedSynchRecordId couplingId message }`
const CITY = 'city:address1_city'

describe('skipped synch. records settled by the many', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  /** Pairs of which both sides changed the city, here to `Hier` and there to `Dort`. */
  const clashes = async (count: number): Promise<readonly { readonly pair: Pair; readonly id: string }[]> => {
    const pairs: Pair[] = []
    for (let made = 0; made < count; made += 1) {
      const pair = await demo.pair()
      await demo.person.editCustomer(pair.customerId, { city: 'Hier' })
      await demo.person.editAccount(pair.accountId, { address1_city: 'Dort' })
      pairs.push(pair)
    }
    await demo.synchronize()
    return Promise.all(pairs.map(async (pair) => ({ pair, id: (await demo.skipped(pair))?.id ?? '' })))
  }
  const cities = async (pair: Pair) => {
    const { customer, account } = await demo.records(pair)
    return [customer?.['city'], account?.['address1_city']]
  }
  const read = async (id: string): Promise<Action> =>
    (await demo.ask<{ bulkAction: Action }>(`query ($id: ID!) { bulkAction(id: $id) { ${ACTION} } }`, { id }))
      .bulkAction
  const ended = (id: string): Promise<Action> =>
    demo.until(
      () => read(id),
      ({ status }) => status !== 'RUNNING',
      'the end of the bulk action',
    )
  const start = async (input: Row): Promise<Row> =>
    (
      await demo.ask<{ startBulkSettlement: Row }>(
        `mutation ($input: StartBulkSettlementInput!) { startBulkSettlement(input: $input) { __typename
          ... on BulkActionStarted { isNew bulkAction { id } } ... on BulkActionRefused { reason } } }`,
        { input },
      )
    ).startBulkSettlement
  const settled = async (input: Row): Promise<Action> =>
    ended(((await start(input))['bulkAction'] as { id: string }).id)
  /** What was asked for, and is not yet under way. */
  const asked = async (kind: BulkSettlement, ids: readonly string[]): Promise<string> => {
    const requested = await demo.engine.database.em.fork().transactional((em) =>
      requestBulkSettlement(
        em,
        {
          kind,
          key: null,
          asked: null,
          selection: 'chosen',
          assignee: null,
          principal: 'USER anna',
          requestedBy: 'Anna',
        },
        sql`record_state s`,
        sql`s.id = any(${texts(ids)}::uuid[])`,
      ),
    )
    if (requested.kind === 'EMPTY') throw new Error('Nothing is selected.')
    return requested.id
  }

  test('all that are alike are kept alike; what somebody has edited is left alone, and kept once it was looked at again', async () => {
    const [first, second, edited] = await clashes(3)
    const other = await demo.pair()
    await demo.person.editCustomer(other.customerId, { phoneNumber: '1' })
    await demo.person.editAccount(other.accountId, { telephone1: '2' })
    await demo.synchronize()
    if (first === undefined || second === undefined || edited === undefined) throw new Error('Three, please.')
    await demo.person.editAccount(edited.pair.accountId, { address1_city: 'Woanders' })

    const alike = (await demo.allSkipped({ alikeTo: first.id })).length
    const input = { action: 'KEEP_LOCAL', filter: { alikeTo: first.id }, key: 'all of them' }
    const action = await settled(input)
    expect(action).toMatchObject({
      subject: 'SKIPPED_RECORDS',
      action: 'KEEP_LOCAL',
      status: 'COMPLETED',
      total: alike,
      done: alike,
      succeeded: alike - 1,
      changedSince: 1,
      failed: 0,
      failures: [],
      changed: [{ outcome: 'CHANGED_SINCE', couplingId: edited.pair.couplingId }],
    })
    expect(await cities(first.pair)).toEqual(['Hier', 'Hier'])
    expect(await cities(second.pair)).toEqual(['Hier', 'Hier'])
    expect(await cities(edited.pair)).toEqual(['Hier', 'Woanders'])
    expect(await demo.skipped(first.pair)).toBeNull()
    expect(await demo.skipped(other)).not.toBeNull()
    expect(await start({ ...input, filter: { alikeTo: edited.id } })).toMatchObject({
      reason: 'KEY_USED_OTHERWISE',
    })

    const again = await settled({ action: 'KEEP_INTEGRATION', ids: [edited.id] })
    expect(again).toMatchObject({ status: 'COMPLETED', succeeded: 1, changedSince: 0 })
    expect(await cities(edited.pair)).toEqual(['Woanders', 'Woanders'])
  })

  test('what a run has met in another state since is left alone, what was settled since has nothing to do', async () => {
    const [moved, gone] = await clashes(2)
    if (moved === undefined || gone === undefined) throw new Error('Two, please.')
    const id = await asked('KEEP_LOCAL', [moved.id, gone.id])
    await demo.person.editCustomer(moved.pair.customerId, { city: 'Anderswo' })
    const retry = await settled({ action: 'RETRY', ids: [moved.id] })
    expect(retry).toMatchObject({ succeeded: 0, failed: 1 })
    expect(retry.failures).toMatchObject([
      { outcome: 'FAILED', errorId: null, message: expect.stringContaining('Cannot update the') },
    ])
    expect(await demo.resolve(gone.id, 'INTEGRATION')).toMatchObject({ __typename: 'Applied' })

    await demo.engine.control.startBulkAction(id)
    expect(await ended(id)).toMatchObject({
      total: 2,
      unchanged: 1,
      changedSince: 1,
      changed: [{ couplingId: moved.pair.couplingId }],
    })
    expect(await cities(moved.pair)).toEqual(['Anderswo', 'Dort'])
    expect(await cities(gone.pair)).toEqual(['Dort', 'Dort'])
  })

  test('field by field with a value of his own, and uncoupled', async () => {
    const [own, loose] = await clashes(2)
    if (own === undefined || loose === undefined) throw new Error('Two, please.')
    const fields = [{ name: CITY, value: 'Mitte' }]
    expect(await settled({ action: 'KEEP_FIELDS', ids: [own.id], fields })).toMatchObject({ succeeded: 1 })
    expect(await cities(own.pair)).toEqual(['Mitte', 'Mitte'])
    expect(await settled({ action: 'DELETE_COUPLINGS', ids: [loose.id] })).toMatchObject({ succeeded: 1 })
    expect(await demo.skipped(loose.pair)).toBeNull()
    expect(await cities(loose.pair)).toEqual(['Hier', 'Dort'])
  })

  test('records whose partner was deleted: what is left is deleted, but not where it was edited since', async () => {
    const [one, edited] = [await demo.pair(), await demo.pair()]
    for (const { accountId } of [one, edited]) await demo.person.deleteAccount(accountId)
    await demo.synchronize()
    const ids = await Promise.all([one, edited].map(async (pair) => (await demo.skipped(pair))?.id ?? ''))
    await demo.person.editCustomer(edited.customerId, { city: 'Kalix' })
    expect(await settled({ action: 'DELETE_RECORDS', ids })).toMatchObject({ succeeded: 1, changedSince: 1 })
    expect((await demo.records(one)).customer).toBeNull()
    expect((await demo.records(edited)).customer).toMatchObject({ city: 'Kalix' })
    expect(await settled({ action: 'RESTORE_RECORDS', ids: [ids[1]] })).toMatchObject({ succeeded: 1 })
    const name = String((await demo.records(edited)).customer?.['displayName'])
    expect(await demo.person.account(`name eq ${quoted(name)}`)).toMatchObject({ address1_city: 'Kalix' })
  })

  test('called off before it began, it leaves everything as it is', async () => {
    const [clash] = await clashes(1)
    if (clash === undefined) throw new Error('One, please.')
    const id = await asked('KEEP_LOCAL', [clash.id])
    await demo.ask('mutation ($id: ID!) { cancelBulkAction(id: $id) { id } }', { id })
    await demo.engine.control.startBulkAction(id)
    expect(await ended(id)).toMatchObject({ status: 'CANCELLED', total: 1, done: 0 })
    expect(await cities(clash.pair)).toEqual(['Hier', 'Dort'])
    expect(await demo.skipped(clash.pair)).not.toBeNull()
  })
})
