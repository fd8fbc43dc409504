import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'

const CUSTOMERS = 2_000
const EDITED = 6
/** Milliseconds; thousands of records through both systems. */
const LONGEST = 240_000
const GUARD = 'The plug-in AccountGuard does not let accounts of this city in.'

interface Group {
  readonly id: string
  readonly state: string
  readonly errorClass: string
  readonly diagnosis: string | null
  readonly cause: string
  readonly remedy: string
  readonly openCount: number
  readonly resolvedCount: number
  readonly occurrences: number
  readonly recordsHeld: number
  readonly resolvedBy: string | null
  readonly reopened: number
  readonly tables: readonly string[]
  readonly trend: readonly { readonly occurrences: number; readonly resolved: number }[]
  readonly lastHour: number
  readonly samples: readonly { readonly message: string }[]
  readonly history: readonly { readonly kind: string; readonly actor: string }[]
}

interface Bulk {
  readonly id: string
  readonly status: string
  readonly total: number
  readonly done: number
  readonly succeeded: number
  readonly unchanged: number
  readonly failed: number
  readonly failures: readonly { readonly message: string }[]
}

const GROUP = `id state errorClass diagnosis cause remedy openCount resolvedCount occurrences recordsHeld resolvedBy reopened tables
  trend { occurrences resolved } lastHour samples { message } history { kind actor }`
const BULK = 'id status total done succeeded unchanged failed failures(first: 5) { message }'

let demo: Scenario
beforeAll(async () => {
  demo = await Scenario.start({
    quiet: false,
    sandbox: { customers: CUSTOMERS },
    // Writes that were begun are looked after when their requests can no longer be under way.
    engine: { requestDeadlineSeconds: 15 },
  })
  await demo.synchronize('CURRENCY')
})
afterAll(() => demo.stop())

const permissions = (): string => `${new URL(demo.engine.sandbox.dataverse.url).origin}/sandbox/permissions`
const withhold = async (body: object): Promise<void> => {
  const answer = await fetch(permissions(), { method: 'POST', body: JSON.stringify(body) })
  expect(answer.status).toBe(200)
}
const giveBack = (): Promise<Response> => fetch(permissions(), { method: 'DELETE' })

const faults = (): string => `${demo.engine.sandbox.dataverse.origin}/sandbox/faults`
/** A plug-in of Sales lets no account of that city in. */
const closeCity = async (city: string): Promise<void> => {
  const action = { kind: 'reject', field: 'address1_city', value: city, code: '0x80040265', message: GUARD }
  const body = JSON.stringify({ method: 'PATCH', path: 'accounts', times: null, action })
  expect((await fetch(faults(), { method: 'POST', body })).ok).toBe(true)
}
const openCity = (): Promise<Response> => fetch(faults(), { method: 'DELETE' })

const openGroups = async (): Promise<readonly Group[]> => {
  const { errorGroups } = await demo.ask<{ errorGroups: { nodes: readonly Group[] } }>(
    `{ errorGroups(filter: { mapping: "CUSTOMER", state: [OPEN, ASSIGNED, SNOOZED] }, orderBy: OPEN_DESC) { nodes { ${GROUP} } } }`,
  )
  return errorGroups.nodes
}
const group = async (id: string): Promise<Group> =>
  (await demo.ask<{ errorGroup: Group }>(`query ($id: ID!) { errorGroup(id: $id) { ${GROUP} } }`, { id }))
    .errorGroup

/** Starts a bulk action over a group and follows it to its end. */
const carriedOut = async (action: string, groupId: string, more: object = {}): Promise<Bulk> => {
  const { startBulkAction } = await demo.ask<{ startBulkAction: { bulkAction: Bulk } }>(
    `mutation ($input: StartBulkActionInput!) { startBulkAction(input: $input) {
      ... on BulkActionStarted { bulkAction { ${BULK} } } ... on BulkActionRefused { reason message } } }`,
    { input: { action, groups: [groupId], ...more } },
  )
  const { id } = startBulkAction.bulkAction
  return demo.until(
    async () =>
      (await demo.ask<{ bulkAction: Bulk }>(`query ($id: ID!) { bulkAction(id: $id) { ${BULK} } }`, { id }))
        .bulkAction,
    ({ status }) => status !== 'RUNNING',
    'the end of the bulk action',
  )
}

/** The counts of every group, and what the error log says. */
const expectCountsToAgree = async (): Promise<void> => {
  const counted = await demo.engine.database.em.fork().execute(`
    select g.id from error_group g where g.open_count <> (select count(*) from integration_synch_error e
      where e.group_id = g.id and e.resolved_at is null)
    or g.resolved_count <> (select count(*) from integration_synch_error e
      where e.group_id = g.id and e.resolved_at is not null)`)
  expect(counted).toEqual([])
}

test(
  'a missing privilege holds up 2,000 records: one group with its remedy; restored, one bulk retry brings all in sync, and a purge keeps the statistics',
  async () => {
    await withhold({ without: ['prvCreateAccount'] })
    expect(await demo.synchronize()).toMatchObject({ status: 'FAILED' })
    const [found, ...others] = await openGroups()
    expect(others).toEqual([])
    expect(found).toMatchObject({
      state: 'OPEN',
      errorClass: 'PERMISSION',
      diagnosis: 'PRIVILEGE_MISSING',
      remedy:
        'Add Create on the table Account with organisation depth to the security role of the application user.',
      openCount: 1,
      recordsHeld: CUSTOMERS,
      tables: ['Customer', 'Account'],
      lastHour: 1,
    })
    expect(found?.cause).toContain('prvCreateAccount')
    const { id } = found as Group

    await giveBack()
    expect(await carriedOut('RETRY_NOW', id, { key: 'restored' })).toMatchObject({
      status: 'COMPLETED',
      total: 1,
      succeeded: 1,
      failed: 0,
    })
    expect(await demo.person.countAccounts()).toBe(CUSTOMERS)
    expect(await openGroups()).toEqual([])
    expect(await group(id)).toMatchObject({
      state: 'RESOLVED',
      resolvedBy: null,
      openCount: 0,
      recordsHeld: 0,
      history: [{ kind: 'RESOLVED', actor: 'Accord' }],
    })

    const { deleteAllIntegrationSynchErrors: purged } = await demo.ask<{
      deleteAllIntegrationSynchErrors: { deleted: number; kept: number }
    }>('mutation { deleteAllIntegrationSynchErrors(confirm: true) { deleted kept } }')
    expect(purged).toEqual({ deleted: 1, kept: 0 })
    expect(await group(id)).toMatchObject({ occurrences: 1, resolvedCount: 0, samples: [] })
    const { errorStatistics } = await demo.ask<{ errorStatistics: readonly object[] }>(
      '{ errorStatistics(mapping: "CUSTOMER") { errorClass occurrences recorded resolved } }',
    )
    expect(errorStatistics).toEqual([{ errorClass: 'PERMISSION', occurrences: 1, recorded: 1, resolved: 1 }])
    await expectCountsToAgree()
  },
  LONGEST,
)

test(
  'a plug-in refuses single records: a retry in vain tells of each, later success resolves the group, and it reopens when it happens again',
  async () => {
    const moveToBadlands = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1) {
        const pair = await demo.pair()
        await demo.person.editCustomer(pair.customerId, { city: 'Badlands' })
      }
    }
    await demo.synchronize()
    await closeCity('Badlands')
    await moveToBadlands(EDITED)
    await demo.synchronize()
    const [found] = await openGroups()
    expect(found).toMatchObject({ openCount: EDITED, recordsHeld: EDITED })
    expect(found?.samples).toHaveLength(3)
    const { id } = found as Group

    const inVain = await carriedOut('RETRY_NOW', id)
    expect(inVain).toMatchObject({ status: 'COMPLETED', total: EDITED, done: EDITED, failed: EDITED })
    expect(inVain.failures).toHaveLength(5)
    expect(inVain.failures[0]?.message).toContain(GUARD)
    expect(await carriedOut('SKIP', id)).toMatchObject({ succeeded: EDITED, failed: 0 })
    expect(await demo.allSkipped()).toHaveLength(EDITED)
    expect(await carriedOut('RETRY_WITH_BACK_OFF', id)).toMatchObject({ succeeded: EDITED })
    expect(await demo.allSkipped()).toHaveLength(0)

    await openCity()
    expect(await carriedOut('RETRY_NOW', id)).toMatchObject({ succeeded: EDITED, failed: 0 })
    expect(await group(id)).toMatchObject({
      state: 'RESOLVED',
      openCount: 0,
      resolvedCount: EDITED,
      reopened: 0,
    })

    await closeCity('Badlands')
    await moveToBadlands(1)
    await demo.synchronize()
    expect(await group(id)).toMatchObject({ state: 'OPEN', openCount: 1, resolvedCount: EDITED, reopened: 1 })
    expect(await carriedOut('RESOLVE', id)).toMatchObject({ succeeded: 1 })
    expect(await group(id)).toMatchObject({
      state: 'RESOLVED',
      openCount: 0,
      resolvedBy: expect.any(String) as string,
    })
    await openCity()
    await expectCountsToAgree()
  },
  LONGEST,
)
