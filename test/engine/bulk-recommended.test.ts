import { afterAll, beforeAll, expect, test } from 'vitest'
import { Side } from '../../src/domain/value.js'
import { quoted } from '../support/person.js'
import { Scenario, type Pair } from '../support/scenario.js'

interface Action {
  readonly status: string
  readonly failures: readonly { readonly message: string }[]
}

let demo: Scenario
beforeAll(async () => {
  demo = await Scenario.start()
})
afterAll(() => demo.stop())

async function asRecommended(ids: readonly string[]): Promise<Action> {
  const { startBulkSettlement } = await demo.ask<{ startBulkSettlement: { bulkAction: { id: string } } }>(
    `mutation ($input: StartBulkSettlementInput!) { startBulkSettlement(input: $input) {
      ... on BulkActionStarted { bulkAction { id } } } }`,
    { input: { action: 'AS_RECOMMENDED', ids } },
  )
  const read = async (): Promise<Action> =>
    (
      await demo.ask<{ bulkAction: Action }>(
        'query ($id: ID!) { bulkAction(id: $id) { status total succeeded failed failures { message } } }',
        { id: startBulkSettlement.bulkAction.id },
      )
    ).bulkAction
  return demo.until(read, ({ status }) => status !== 'RUNNING', 'the end of the bulk action')
}
const skippedIdOf = async (pair: Pair): Promise<string> => (await demo.skipped(pair))?.id ?? ''

/** Stamps of the services are whole seconds, so a test tells which edit was the later one. */
async function editedLast(skippedId: string | undefined, side: Side | null): Promise<void> {
  await demo.engine.database.em
    .fork()
    .execute(
      `update record_state set detail = jsonb_set(detail::jsonb, '{editedLast}', ?::jsonb) where id = ?`,
      [JSON.stringify(side), skippedId],
    )
}

test('as recommended, each record is settled by what is known of it; what nobody can tell is left to a person', async () => {
  const [merged, undecided, gone] = [await demo.pair(), await demo.pair(), await demo.pair()]
  const name = String((await demo.records(gone)).customer?.['displayName'])
  await demo.person.editCustomer(merged.customerId, { phoneNumber: '030-1' })
  await demo.person.editCustomer(undecided.customerId, { city: 'Hier' })
  await demo.person.editAccount(undecided.accountId, { address1_city: 'Dort' })
  await demo.person.editAccount(merged.accountId, { address1_city: 'Dort' })
  await demo.person.deleteAccount(gone.accountId)
  await demo.synchronize()
  const ids = await Promise.all([merged, undecided, gone].map(skippedIdOf))
  // As where both have the same stamp: nothing tells who was later.
  await editedLast(ids[1], null)

  expect(await asRecommended(ids)).toEqual({
    status: 'COMPLETED',
    total: 3,
    succeeded: 2,
    failed: 1,
    failures: [{ message: expect.stringContaining('Nothing tells which side is right.') }],
  })
  const { customer, account } = await demo.records(merged)
  expect(customer).toMatchObject({ phoneNumber: '030-1', city: 'Dort' })
  expect(account).toMatchObject({ telephone1: '030-1', address1_city: 'Dort' })
  expect(await demo.person.account(`name eq ${quoted(name)}`)).not.toBeNull()
  expect((await demo.records(undecided)).customer).toMatchObject({ city: 'Hier' })
  expect(await demo.skipped(undecided)).not.toBeNull()
})

test('as recommended, the newer edit is kept: of a whole record, or of the fields that both have changed', async () => {
  const [whole, mixed] = [await demo.pair(), await demo.pair()]
  for (const { customerId, accountId } of [whole, mixed]) {
    await demo.person.editCustomer(customerId, { city: 'Hier' })
    await demo.person.editAccount(accountId, { address1_city: 'Dort' })
  }
  await demo.person.editCustomer(mixed.customerId, { phoneNumber: '030-2' })
  await demo.synchronize()
  const ids = await Promise.all([whole, mixed].map(skippedIdOf))
  await editedLast(ids[0], Side.local)
  await editedLast(ids[1], Side.integration)

  expect(await asRecommended(ids)).toMatchObject({ status: 'COMPLETED', succeeded: 2, failed: 0 })
  expect(await demo.records(whole)).toMatchObject({
    customer: { city: 'Hier' },
    account: { address1_city: 'Hier' },
  })
  expect(await demo.records(mixed)).toMatchObject({
    customer: { city: 'Dort', phoneNumber: '030-2' },
    account: { address1_city: 'Dort', telephone1: '030-2' },
  })
})
