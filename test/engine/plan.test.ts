import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { counted, Scenario } from '../support/scenario.js'
import { Gate } from './support/gate.js'

interface Item {
  readonly action: string
  readonly direction: string
  readonly localId: string | null
  readonly integrationId: string | null
  readonly localName: string | null
  readonly changes: readonly {
    readonly side: string
    readonly field: string
    readonly before: string | null
    readonly after: string | null
  }[]
  readonly failure: { readonly errorClass: string; readonly message: string } | null
  readonly refused: boolean
}

interface Plan {
  readonly id: string
  readonly status: string
  readonly hash: string | null
  readonly estimate: { readonly localCalls: number; readonly integrationCalls: number } | null
  readonly counts: readonly { readonly action: string; readonly count: number }[]
  readonly items: { readonly nodes: readonly Item[] }
}

const PLAN = `id status hash estimate { localCalls integrationCalls } counts { action count }
  items(first: 500) { nodes { action direction localId integrationId localName refused
    changes { side field before after } failure { errorClass message } } }`

describe('a plan', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start({ engine: { pageSize: 20 } })
  })
  afterEach(() => demo.clearFaults())
  afterAll(() => demo.stop())

  const plan = async (args = ''): Promise<Plan> =>
    (await demo.ask<{ planMapping: Plan }>(`mutation { planMapping(name: "CUSTOMER"${args}) { ${PLAN} } }`))
      .planMapping
  const look = async (id: string): Promise<Plan> =>
    (await demo.ask<{ plan: Plan }>(`{ plan(id: "${id}") { ${PLAN} } }`)).plan
  const apply = async ({ id, hash }: Pick<Plan, 'id' | 'hash'>, more = '') => {
    const { applyPlan } = await demo.ask<{ applyPlan: { id: string } }>(
      `mutation { applyPlan(id: "${id}", hash: "${hash}"${more}) { id } }`,
    )
    return demo.ended(applyPlan.id)
  }
  const itemOf = (made: Plan, id: string): Item | undefined =>
    made.items.nodes.find((item) => item.localId === id || item.integrationId === id)

  test('lists writes field by field, creations and conflicts, and writes nothing', async () => {
    const edited = await demo.pair()
    const fought = await demo.pair()
    await demo.person.editAccount(edited.accountId, { address1_city: 'Planned', telephone1: '+49 30 1' })
    await demo.person.editCustomer(fought.customerId, { city: 'Here' })
    await demo.person.editAccount(fought.accountId, { address1_city: 'There' })
    const created = await demo.person.createCustomer({ displayName: 'Only planned' })
    const before = [await demo.records(edited), await demo.records(fought), await demo.person.countAccounts()]
    const made = await plan()
    expect(made).toMatchObject({ status: 'COMPLETED', hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(itemOf(made, edited.accountId)).toMatchObject({
      action: 'UPDATE',
      direction: 'FROM_INTEGRATION_TABLE',
      changes: [
        { side: 'LOCAL', field: 'city', after: 'Planned' },
        { side: 'LOCAL', field: 'phoneNumber', after: '+49 30 1' },
      ],
    })
    expect(itemOf(made, fought.customerId)).toMatchObject({
      action: 'CONFLICT',
      failure: { errorClass: 'CONFLICT' },
      changes: [],
    })
    expect(itemOf(made, String(created['id']))).toMatchObject({ action: 'CREATE', localName: 'Only planned' })
    expect([
      await demo.records(edited),
      await demo.records(fought),
      await demo.person.countAccounts(),
    ]).toEqual(before)
    expect(await demo.openErrors(fought)).toEqual([])
    expect(await demo.skipped(fought)).toBeNull()
  })

  test('what a run does is what its plan said', async () => {
    const made = await plan()
    const run = await demo.synchronize()
    const planned = Object.fromEntries(made.counts.map(({ action, count }) => [action, count]))
    const sum = (counter: string) => (counted(run, 'TO')[counter] ?? 0) + (counted(run, 'FROM')[counter] ?? 0)
    expect({ CREATE: sum('inserted'), UPDATE: sum('modified'), CONFLICT: sum('conflicts') }).toEqual({
      CREATE: planned['CREATE'] ?? 0,
      UPDATE: planned['UPDATE'] ?? 0,
      CONFLICT: planned['CONFLICT'] ?? 0,
    })
  })

  test('is carried out once, as it was planned; what has changed since is left alone', async () => {
    const [kept, moved] = [await demo.pair(), await demo.pair()]
    await demo.person.editAccount(kept.accountId, { address1_city: 'Kept' })
    await demo.person.editAccount(moved.accountId, { address1_city: 'First' })
    const made = await plan()
    await demo.person.editAccount(moved.accountId, { address1_city: 'Second' })
    const run = await apply(made)
    expect(run.status).toBe('COMPLETED')
    expect(counted(run, 'FROM')).toMatchObject({ modified: 1, ignored: 1 })
    expect((await demo.records(kept)).customer).toMatchObject({ city: 'Kept' })
    expect((await demo.records(moved)).customer?.['city']).not.toMatch(/First|Second/)
    expect(itemOf(await look(made.id), moved.accountId)).toMatchObject({ refused: true })
    await expect(apply(made)).rejects.toThrow('was carried out before')
    await demo.synchronize()
    expect((await demo.records(moved)).customer).toMatchObject({ city: 'Second' })
  })

  test('is refused with another hash, and after its mapping was changed', async () => {
    const pair = await demo.pair()
    await demo.person.editAccount(pair.accountId, { address1_city: 'Refused' })
    const made = await plan()
    await expect(apply({ id: made.id, hash: 'f'.repeat(64) })).rejects.toThrow(
      'not the plan that was looked at',
    )
    await demo.ask(
      'mutation { updateIntegrationTableMapping(name: "CUSTOMER", input: { conflictDetection: FIELDS }) { name } }',
    )
    await expect(apply(made)).rejects.toThrow('was changed since')
    expect((await demo.records(pair)).customer?.['city']).not.toBe('Refused')
  })

  test('runs beside a run, and moves no watermark', async () => {
    const marks = await demo.watermarks()
    await demo.fault('businessCentral', {
      path: 'customers',
      times: 4,
      action: { kind: 'delay', milliseconds: 300 },
    })
    const run = await demo.request('CUSTOMER', 'FULL')
    const made = await plan(', mode: FULL')
    expect(made.status).toBe('COMPLETED')
    expect((await demo.ended(run.id)).status).toBe('COMPLETED')
    expect((await demo.watermarks()).to).not.toBe(marks.to)
    const after = await demo.watermarks()
    await plan()
    expect(await demo.watermarks()).toEqual(after)
  })

  test('that acts on more deletions than a run would is carried out only when a person allows them', async () => {
    await demo.update({
      deletionConflictPolicy: 'DELETE_COUPLING',
      deletionReview: { percent: 0, minimum: 2 },
    })
    const pairs = [await demo.pair(), await demo.pair()]
    for (const { accountId } of pairs) await demo.person.deleteAccount(accountId)
    const made = await plan()
    expect(made.counts).toContainEqual({ action: 'UNCOUPLE', count: 2 })
    await expect(apply(made)).rejects.toThrow('acts on 2 deletions')
    const coupled = async () => {
      const { couplings } = await demo.ask<{ couplings: { totalCount: number } }>(
        `{ couplings(filter: { mapping: "CUSTOMER" }) { totalCount } }`,
      )
      return couplings.totalCount
    }
    const before = await coupled()
    const run = await apply(made, ', allowDeletions: true')
    expect(run.status).toBe('COMPLETED')
    expect(await coupled()).toBe(before - 2)
    for (const { customerId } of pairs) expect(await demo.person.customerById(customerId)).not.toBeNull()
    await demo.update({ deletionConflictPolicy: 'NONE', deletionReview: { percent: 5, minimum: 10 } })
  })

  test('what is edited between the comparison and the write is left alone as well', async () => {
    const pair = await demo.pair()
    await demo.person.editAccount(pair.accountId, { address1_city: 'Planned' })
    const made = await plan()
    await using decided = await Gate.shut(demo.engine, {
      table: 'synch_page',
      when: `new.state = 'COMPARED' and exists (
        select 1 from synch_job j join synch_run r on r.id = j.run_id
        where j.id = new.job_id and r.kind = 'RECORDS' and j.direction = 'FROM_INTEGRATION_TABLE')`,
    })
    const applied = apply(made)
    await decided.reached()
    await demo.person.editCustomer(pair.customerId, { phoneNumber: '+49 30 2' })
    await decided.open()
    expect(counted(await applied, 'FROM')).toMatchObject({ ignored: 1 })
    expect(itemOf(await look(made.id), pair.accountId)).toMatchObject({ refused: true })
    const { customer, account } = await demo.records(pair)
    expect([customer?.['city'], account?.['telephone1']]).not.toContain('Planned')
    expect(account?.['telephone1']).not.toBe('+49 30 2')
  })
})
