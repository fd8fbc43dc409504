import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './support/api.js'
import { nameConflict, Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_bulk_settlements')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

type Started = Readonly<Record<string, unknown>> & { readonly bulkAction: { readonly id: string } }

const start = (input: object) =>
  api.ask<{ startBulkSettlement: Started }>(
    `mutation ($input: StartBulkSettlementInput!) { startBulkSettlement(input: $input) { __typename
      ... on BulkActionStarted { isNew bulkAction { id subject action status selection requestedBy total done } }
      ... on BulkActionRefused { reason message } } }`,
    { input },
  )
const started = async (input: object): Promise<Started> => {
  const { data, errors } = await start(input)
  expect(errors).toEqual([])
  return data.startBulkSettlement
}
const problems = async (input: object): Promise<unknown> =>
  (await start(input)).errors[0]?.extensions['problems']

const conflict = async (mapping: string): Promise<string> => {
  const couplingId = await rows.coupling(mapping)
  return rows.skipped(mapping, { couplingId, detail: nameConflict(), clashing: '["displayName:name"]' })
}

describe('startBulkSettlement', () => {
  test('takes more than any answer could wait for, those alike one and no others', async () => {
    const mapping = await rows.mapping()
    const one = await conflict(mapping)
    await rows.skipped(mapping, { reason: 'VALIDATION' })
    await api.database.em.fork().execute(
      `with made as (
         insert into coupling (id, connection_id, mapping_id, local_table, integration_table, local_id, integration_id, local_version,
           integration_version, local_stamp, integration_stamp, last_by, last_source)
         select gen_random_uuid(), connection_id, mapping_id, local_table, integration_table, 'l' || n, 'i' || n, local_version,
           integration_version, local_stamp, integration_stamp, last_by, last_source
         from coupling, generate_series(1, 20000) n returning id, mapping_id)
       insert into record_state (id, mapping_id, coupling_id, side, record_id, state, reason, clashing, local_version)
       select gen_random_uuid(), mapping_id, id, 'LOCAL', id::text, 'SKIPPED', 'CONFLICT', '["displayName:name"]', 'W/"1"' from made`,
    )
    const answer = await started({ action: 'KEEP_LOCAL', filter: { alikeTo: one } })
    expect(answer).toMatchObject({
      isNew: true,
      bulkAction: {
        subject: 'SKIPPED_RECORDS',
        action: 'KEEP_LOCAL',
        status: 'RUNNING',
        total: 20_001,
        done: 0,
        requestedBy: expect.any(String),
        selection: `skipped synch. records of {"alikeTo":"${one}"}`,
      },
    })
    expect(api.runControl.asked).toEqual([`bulk:${answer.bulkAction.id}`])
    const { errors } = await api.ask(
      `mutation ($id: ID!) { resolveSkippedSynchRecords(filter: { alikeTo: $id }, keep: LOCAL) { __typename } }`,
      { id: one },
    )
    expect(JSON.stringify(errors)).toContain('startBulkSettlement')
  })

  test('asked twice under one key it is one action; nothing selected is nothing started', async () => {
    const mapping = await rows.mapping()
    const one = await conflict(mapping)
    const input = { action: 'DELETE_COUPLINGS', ids: [one], key: 'once' }
    const { bulkAction } = await started(input)
    expect(await started(input)).toMatchObject({ isNew: false, bulkAction: { id: bulkAction.id } })
    expect(await started({ ...input, action: 'RETRY' })).toMatchObject({ reason: 'KEY_USED_OTHERWISE' })
    expect(await started({ action: 'RETRY', filter: { errorClass: ['DUPLICATE'] } })).toMatchObject({
      reason: 'NOTHING_SELECTED',
      message: 'No skipped synch. record is selected, so there is nothing to do.',
    })
    expect(api.runControl.asked).toHaveLength(1)
  })

  test('refuses what has no meaning, and starts nothing', async () => {
    const mapping = await rows.mapping()
    const one = await conflict(mapping)
    expect(await problems({ action: 'RETRY' })).toMatchObject([{ argument: 'input' }])
    expect(await problems({ action: 'RETRY', ids: [one], filter: {} })).toMatchObject([{ argument: 'input' }])
    expect(await problems({ action: 'KEEP_FIELDS', ids: [one] })).toMatchObject([
      { argument: 'input.fields' },
    ])
    const fields = [{ name: 'displayName:name', keep: 'LOCAL' }]
    expect(await problems({ action: 'MERGE', ids: [one], fields })).toMatchObject([
      { argument: 'input.fields' },
    ])
    expect(
      await problems({ action: 'KEEP_FIELDS', ids: [one], fields: [{ name: 'no:such', keep: 'LOCAL' }] }),
    ).toMatchObject([{ argument: 'fields', message: expect.stringContaining('no:such') }])
    expect((await api.ask('{ bulkActions { totalCount } }')).data).toEqual({ bulkActions: { totalCount: 0 } })
    expect(api.runControl.asked).toEqual([])
  })

  test('starts nothing while its connection is disabled, but uncouples', async () => {
    const one = await conflict(await rows.mapping())
    await api.database.em.fork().execute(`update connection set disabled_at = now(), disabled_by = 'Anna'`)
    expect((await start({ action: 'KEEP_LOCAL', ids: [one] })).errors[0]?.extensions.code).toBe(
      'CONFLICTING_STATE',
    )
    expect(await started({ action: 'DELETE_COUPLINGS', ids: [one] })).toMatchObject({ isNew: true })
  })
})
