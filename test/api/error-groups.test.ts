import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ErrorClass, type Failure } from '../../src/domain/failure.js'
import { recordErrors, resolveErrors } from '../../src/persistence/queries/errors.js'
import { purgeEmptyGroups, purgeResolvedErrors } from '../../src/persistence/queries/error-retention.js'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows
beforeAll(async () => {
  api = await startTestApi('api_error_groups')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const TOO_LONG: Failure = {
  errorClass: ErrorClass.validation,
  message: 'The name is too long.',
  cause: 'Account Name takes 160 characters.',
  remedy: 'Shorten the name.',
  field: 'name',
}
const NO_RIGHT: Failure = {
  errorClass: ErrorClass.permission,
  message: 'Is missing prvCreateAccount.',
  cause: 'No role has it.',
  remedy: 'Add it.',
  code: '0x80040220',
}

/** Records a failure of these records, as a run does. */
async function meet(
  mappingId: string,
  failure: Failure,
  records: readonly string[],
  runId = randomUUID(),
): Promise<void> {
  await api.database.em.fork().transactional((em) =>
    recordErrors(
      em,
      { mappingId, runId, jobId: null, direction: 'TO_INTEGRATION_TABLE' },
      records.map((id) => ({
        recordKey: `LOCAL:${id}`,
        couplingId: null,
        failure,
        table: 'accounts',
        sourceSide: 'LOCAL',
        sourceId: id,
        sourceName: id,
        destinationId: null,
        destinationName: null,
        detail: null,
      })),
    ),
  )
}
const settle = (mappingId: string, records: readonly string[]): Promise<void> =>
  api.database.em.fork().transactional((em) =>
    resolveErrors(
      em,
      mappingId,
      records.map((id) => `LOCAL:${id}`),
    ),
  )

interface Group {
  readonly id: string
  readonly state: string
  readonly message: string
  readonly openCount: number
  readonly resolvedCount: number
  readonly occurrences: number
  readonly assignee: string | null
  readonly tags: readonly string[]
  readonly version: number
  readonly reopened: number
  readonly history: readonly {
    readonly kind: string
    readonly actor: string
    readonly detail: string | null
  }[]
}
const GROUP =
  'id state message openCount resolvedCount occurrences assignee tags version reopened history { kind actor detail }'

async function groups(filter = '', order = 'OPEN_DESC'): Promise<readonly Group[]> {
  const { data, errors } = await api.ask<{ errorGroups: { nodes: readonly Group[] } }>(
    `{ errorGroups(orderBy: ${order}${filter === '' ? '' : `, filter: ${filter}`}) { nodes { ${GROUP} } } }`,
  )
  expect(errors).toEqual([])
  return data.errorGroups.nodes
}
async function only(): Promise<Group> {
  const [group, ...others] = await groups()
  if (group === undefined || others.length > 0) throw new Error('Expected one group.')
  return group
}
async function change(name: string, args: string): Promise<Readonly<Record<string, unknown>>> {
  const { data, errors } = await api.ask(
    `mutation { ${name}(${args}) { __typename ... on ErrorGroupChanged { group { ${GROUP} } }
      ... on ErrorGroupChangedSince { group { ${GROUP} } message } ... on ErrorGroupUnknown { id } } }`,
  )
  expect(errors).toEqual([])
  return [data[name]].flat()[0] as Readonly<Record<string, unknown>>
}

interface Started {
  readonly isNew: boolean
  readonly bulkAction: { readonly id: string }
}

describe('groups of errors', () => {
  test('errors with one root cause are one group, counted while they are recorded and resolved', async () => {
    const mapping = await rows.mapping()
    const run = randomUUID()
    await meet(mapping, TOO_LONG, ['a', 'b', 'c'], run)
    await meet(mapping, TOO_LONG, ['a'], run)
    await meet(mapping, NO_RIGHT, ['d'])
    expect(await groups()).toMatchObject([
      { message: TOO_LONG.message, state: 'OPEN', openCount: 3, resolvedCount: 0, occurrences: 3 },
      { message: NO_RIGHT.message, openCount: 1, occurrences: 1 },
    ])
    await meet(mapping, TOO_LONG, ['a', 'b'])
    await settle(mapping, ['a', 'b', 'nobody'])
    expect((await groups('', 'OCCURRENCES_DESC'))[0]).toMatchObject({
      openCount: 1,
      resolvedCount: 2,
      occurrences: 5,
    })
  })

  test('the last success resolves a group by itself; another occurrence reopens it', async () => {
    const mapping = await rows.mapping()
    await meet(mapping, TOO_LONG, ['a', 'b'])
    await settle(mapping, ['a', 'b'])
    expect(await only()).toMatchObject({
      state: 'RESOLVED',
      history: [{ kind: 'RESOLVED', actor: 'Accord' }],
    })
    await meet(mapping, TOO_LONG, ['b'])
    expect(await only()).toMatchObject({
      state: 'OPEN',
      openCount: 1,
      resolvedCount: 2,
      reopened: 1,
      history: [{ kind: 'REOPENED' }, { kind: 'RESOLVED' }],
    })
  })

  test('assigned, snoozed, noted, tagged, resolved by hand: each step is in the history, under who did it', async () => {
    const mapping = await rows.mapping()
    await meet(mapping, TOO_LONG, ['a'])
    const { id } = await only()
    const it = `groups: [{ id: "${id}" }]`
    await change('assignErrorGroups', `${it}, assignee: "anna"`)
    expect(await only()).toMatchObject({ state: 'ASSIGNED', assignee: 'anna' })
    await change('snoozeErrorGroups', `${it}, until: "2999-01-01T00:00:00Z"`)
    expect((await only()).state).toBe('SNOOZED')
    expect(await groups('{ state: [OPEN, ASSIGNED] }')).toEqual([])
    await api.database.em.fork().execute(`update error_group set snoozed_until = now() - interval '1 second'`)
    expect((await only()).state).toBe('ASSIGNED')
    expect(await groups('{ state: [ASSIGNED] }')).toHaveLength(1)
    await change('noteErrorGroup', `id: "${id}", text: "Asked the vendor."`)
    await change('tagErrorGroups', `${it}, add: ["vendor", "names"]`)
    await change('tagErrorGroups', `${it}, remove: ["vendor"]`)
    await change('resolveErrorGroups', it)
    const done = await only()
    expect(done).toMatchObject({ state: 'RESOLVED', openCount: 0, resolvedCount: 1, tags: ['names'] })
    expect(done.history.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['RESOLVED', null],
      ['TAGGED', 'names'],
      ['TAGGED', 'vendor, names'],
      ['NOTED', 'Asked the vendor.'],
      ['SNOOZED', '2999-01-01T00:00:00.000Z'],
      ['ASSIGNED', 'anna'],
    ])
    await change('reopenErrorGroups', it)
    expect((await only()).state).toBe('ASSIGNED')
  })

  test('a change is bound to the version that was looked at', async () => {
    const mapping = await rows.mapping()
    await meet(mapping, TOO_LONG, ['a'])
    const { id, version } = await only()
    const seen = `groups: [{ id: "${id}", version: ${version} }]`
    expect(await change('assignErrorGroups', `${seen}, assignee: "anna"`)).toMatchObject({
      __typename: 'ErrorGroupChanged',
      group: { assignee: 'anna' },
    })
    expect(await change('assignErrorGroups', `${seen}, assignee: "bert"`)).toMatchObject({
      __typename: 'ErrorGroupChangedSince',
      group: { assignee: 'anna', version: version + 1 },
    })
    expect(await change('resolveErrorGroups', `groups: [{ id: "${randomUUID()}" }]`)).toMatchObject({
      __typename: 'ErrorGroupUnknown',
    })
    const { errors } = await api.ask(
      `mutation { snoozeErrorGroups(groups: [{ id: "${id}" }], until: "2001-01-01T00:00:00Z") { __typename } }`,
    )
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  test('filters and orders', async () => {
    const connectionId = await rows.connection()
    const mapping = await rows.mapping({ connectionId })
    const other = await rows.mapping({ connectionId, name: 'VENDOR' }, { localTable: 'vendors' })
    await meet(mapping, TOO_LONG, ['a', 'b'])
    await meet(other, NO_RIGHT, ['a'])
    await change('tagErrorGroups', `groups: [{ id: "${(await groups())[1]?.id}" }], add: ["rights"]`)
    const messages = async (filter: string) => (await groups(filter)).map(({ message }) => message)
    for (const filter of [
      '{ mapping: "VENDOR" }',
      '{ errorClass: [PERMISSION] }',
      '{ table: "vendors" }',
      '{ tag: "rights" }',
      '{ text: "PRVCREATE" }',
      '{ resolvableBy: ADMINISTRATOR }',
    ])
      expect(await messages(filter)).toEqual([NO_RIGHT.message])
    expect(await messages('{ table: "accounts" }')).toHaveLength(2)
    expect(await messages('{ assignee: "anna" }')).toEqual([])
    expect(await messages('{ time: { from: "2999-01-01T00:00:00Z" } }')).toEqual([])
    for (const order of ['OCCURRENCES_DESC', 'LAST_SEEN_ASC', 'FIRST_SEEN_ASC'])
      expect((await groups('', order))[0]?.message).toBe(TOO_LONG.message)
    for (const order of ['LAST_SEEN_DESC', 'FIRST_SEEN_DESC'])
      expect((await groups('', order))[0]?.message).toBe(NO_RIGHT.message)
  })

  test('a group tells what waits for its records', async () => {
    const connectionId = await rows.connection()
    const customers = await rows.mapping({ connectionId })
    const contacts = await rows.mapping({ connectionId, name: 'CONTACT' })
    await meet(customers, TOO_LONG, ['a'])
    for (let index = 0; index < 3; index += 1)
      await rows.skipped(contacts, {
        state: 'PENDING',
        reason: 'DEPENDENCY_MISSING',
        waitsForMappings: ['CUSTOMER'],
        waitsForSide: 'LOCAL',
        waitsForId: 'a',
      })
    const { data } = await api.ask('{ errorGroups { nodes { recordsWaiting samples { source { id } } } } }')
    expect(data['errorGroups']).toEqual({
      nodes: [{ recordsWaiting: 3, samples: [{ source: { id: 'a' } }] }],
    })
  })
})

describe('a purge', () => {
  const PREVIEW =
    '{ purgePreview { deletable stillRelevant groups { deletable stillRelevant group { message } } } }'

  test('is previewed by root cause; its statistics and the groups stay', async () => {
    const mapping = await rows.mapping()
    await meet(mapping, TOO_LONG, ['a', 'b', 'c'])
    await meet(mapping, NO_RIGHT, ['d'])
    await settle(mapping, ['a', 'b'])
    expect((await api.ask(PREVIEW)).data['purgePreview']).toEqual({
      deletable: 2,
      stillRelevant: 2,
      groups: [
        { deletable: 2, stillRelevant: 1, group: { message: TOO_LONG.message } },
        { deletable: 0, stillRelevant: 1, group: { message: NO_RIGHT.message } },
      ],
    })
    await api.ask('mutation { deleteAllIntegrationSynchErrors(confirm: true) { deleted } }')
    expect((await groups('', 'FIRST_SEEN_ASC'))[0]).toMatchObject({
      openCount: 1,
      resolvedCount: 0,
      occurrences: 3,
    })
    const { data } = await api.ask('{ errorStatistics { errorClass occurrences recorded resolved } }')
    expect(data['errorStatistics']).toEqual([
      { errorClass: 'PERMISSION', occurrences: 1, recorded: 1, resolved: 0 },
      { errorClass: 'VALIDATION', occurrences: 3, recorded: 3, resolved: 2 },
    ])
  })

  test('by retention takes what was resolved long ago, never what is open or what an unsettled record points to', async () => {
    const mapping = await rows.mapping()
    await meet(mapping, TOO_LONG, ['a', 'b', 'c'])
    await settle(mapping, ['a', 'b'])
    const em = api.database.em.fork()
    await em.execute(`update integration_synch_error set first_seen = now() - interval '200 days',
      last_seen = now() - interval '200 days', resolved_at = case when resolved_at is null then null else now() - interval '91 days' end`)
    await em.execute(`insert into record_state (id, mapping_id, side, record_id, state, reason, error_id)
      select gen_random_uuid(), mapping_id, 'LOCAL', source_id, 'SKIPPED', 'VALIDATION', id
      from integration_synch_error where source_id = 'b'`)
    expect(await purgeResolvedErrors(api.database.em.fork(), 90, 10)).toBe(1)
    expect(await purgeResolvedErrors(api.database.em.fork(), 90, 10)).toBe(0)
    expect(await only()).toMatchObject({ openCount: 1, resolvedCount: 1 })
    await purgeEmptyGroups(em, 0)
    expect(await groups()).toHaveLength(1)
  })
})

describe('startBulkAction', () => {
  const start = (input: string) =>
    api.ask<{ startBulkAction: Readonly<Record<string, unknown>> }>(
      `mutation { startBulkAction(input: ${input}) { __typename
        ... on BulkActionStarted { isNew bulkAction { id total status selection requestedBy } }
        ... on BulkActionRefused { reason } } }`,
    )
  const started = async (input: string) => {
    const { data, errors } = await start(input)
    expect(errors).toEqual([])
    return data.startBulkAction as {
      readonly __typename: string
      readonly isNew?: boolean
      readonly reason?: string
      readonly bulkAction: { readonly id: string; readonly total: number }
    }
  }

  test('writes down the open errors of a group, a selection or a filter, and starts the workflow', async () => {
    const mapping = await rows.mapping()
    await meet(mapping, TOO_LONG, ['a', 'b', 'c'])
    await meet(mapping, NO_RIGHT, ['d'])
    await settle(mapping, ['a'])
    const [first] = await groups()
    const { bulkAction } = await started(`{ action: RETRY_NOW, groups: ["${first?.id}"] }`)
    expect(bulkAction.total).toBe(2)
    expect(api.runControl.asked).toEqual([`bulk:${bulkAction.id}`])
    expect((await started('{ action: SKIP, filter: { errorClass: [PERMISSION] } }')).bulkAction.total).toBe(1)
    expect((await started('{ action: SKIP, filter: {} }')).bulkAction.total).toBe(3)
    await meet(mapping, NO_RIGHT, ['e'])
    const { data } = await api.ask(`{ bulkAction(id: "${bulkAction.id}") { total done failures { message } }
      bulkActions(first: 10) { nodes { total } totalCount } }`)
    expect(data).toEqual({
      bulkAction: { total: 2, done: 0, failures: [] },
      bulkActions: { nodes: [{ total: 3 }, { total: 1 }, { total: 2 }], totalCount: 3 },
    })
  })

  test('asked for again under its key it is the same action, unless something else is asked for', async () => {
    await meet(await rows.mapping(), TOO_LONG, ['a'])
    const key = randomUUID()
    const one = await started(`{ action: SKIP, filter: {}, key: "${key}" }`)
    const again = await started(`{ action: SKIP, filter: {}, key: "${key}" }`)
    expect([one.isNew, again.isNew]).toEqual([true, false])
    expect(again.bulkAction.id).toBe(one.bulkAction.id)
    expect(api.runControl.asked).toHaveLength(1)
    expect(await started(`{ action: RESOLVE, filter: {}, key: "${key}" }`)).toMatchObject({
      reason: 'KEY_USED_OTHERWISE',
    })
  })

  test('a key is his who asked, not his who has the same name', async () => {
    await meet(await rows.mapping(), TOO_LONG, ['a'])
    const { data } = await api.ask<{ createAccessToken: { token: string } }>(
      'mutation { createAccessToken(input: { name: "local", role: OPERATOR, expiresInDays: 1 }) { token } }',
    )
    const ask =
      'mutation { startBulkAction(input: { action: SKIP, filter: {}, key: "night" }) { ... on BulkActionStarted { isNew bulkAction { id requestedBy } } } }'
    const mine = await api.ask<{ startBulkAction: Started }>(ask)
    const other = await api.ask<{ startBulkAction: Started }>(ask, {}, data.createAccessToken.token)
    expect([mine, other].map((answer) => answer.data.startBulkAction)).toMatchObject([
      { isNew: true, bulkAction: { requestedBy: 'local' } },
      { isNew: true, bulkAction: { requestedBy: 'local' } },
    ])
    expect(other.data.startBulkAction.bulkAction.id).not.toBe(mine.data.startBulkAction.bulkAction.id)
  })

  test('refuses an empty selection and a request without meaning; without Temporal nothing is begun', async () => {
    const mapping = await rows.mapping()
    expect(await started('{ action: SKIP, filter: { mapping: "CUSTOMER" } }')).toMatchObject({
      reason: 'NOTHING_SELECTED',
    })
    await meet(mapping, TOO_LONG, ['a'])
    for (const input of [
      '{ action: SKIP }',
      '{ action: SKIP, filter: {}, groups: [] }',
      '{ action: SKIP, filter: {}, assignee: "anna" }',
      '{ action: SKIP, filter: {}, key: " " }',
    ])
      expect((await start(input)).errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
    api.runControl.beUnreachable()
    expect((await start('{ action: SKIP, filter: {} }')).errors[0]?.extensions.code).toBe(
      'ENGINE_UNAVAILABLE',
    )
    const { data } = await api.ask(
      '{ bulkActions(status: [FAILED]) { nodes { message } } bulk: bulkActions(status: [RUNNING]) { nodes { id } } }',
    )
    expect(data).toMatchObject({ bulk: { nodes: [] } })
  })

  test('is called off once, and not when it is over', async () => {
    await meet(await rows.mapping(), TOO_LONG, ['a'])
    const { bulkAction } = await started('{ action: SKIP, filter: {} }')
    const cancel = () =>
      api.ask(`mutation { cancelBulkAction(id: "${bulkAction.id}") { cancelRequestedAt } }`)
    expect((await cancel()).errors).toEqual([])
    await api.database.em.fork().execute(`update bulk_action set status = 'CANCELLED'`)
    expect((await cancel()).errors[0]?.extensions.code).toBe('CONFLICTING_STATE')
  })
})
