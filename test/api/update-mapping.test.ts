import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { startTestApi, type Answer, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_update_mapping')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

function update(input: Readonly<Record<string, unknown>>, name = 'CUSTOMER'): Promise<Answer> {
  return api.ask(
    `mutation ($name: String!, $input: UpdateIntegrationTableMappingInput!) {
      updateIntegrationTableMapping(name: $name, input: $input) {
        toWatermark fromWatermark direction updateConflictPolicy conflictDetection } }`,
    { name, input },
  )
}

async function stored(id: string): Promise<Mapping> {
  return api.database.em.fork().findOneOrFail(Mapping, { id })
}

async function handle(mapping: string, side: string, stamp: string): Promise<void> {
  await api.database.em.fork().execute(
    `insert into handled_version (mapping_id, side, record_id, version, stamp, job_id)
     values (?, ?, ?, 'v', ?, gen_random_uuid())`,
    [mapping, side, `record at ${stamp}`, stamp],
  )
}

async function handled(): Promise<string[]> {
  const found = await api.database.em
    .fork()
    .execute<{ name: string }[]>("select side || ' ' || record_id as name from handled_version order by 1")
  return found.map((row) => row.name)
}

test('what is given changes, what is left out stays', async () => {
  const mapping = await rows.mapping({ toWatermark: new Date('2026-03-01T10:00:00Z') })
  const { data, errors } = await update({
    direction: 'TO_INTEGRATION_TABLE',
    updateConflictPolicy: 'SEND_DATA_UPDATE_TO_INTEGRATION_TABLE',
    conflictDetection: 'FIELDS',
  })
  expect(errors).toEqual([])
  expect(data['updateIntegrationTableMapping']).toEqual({
    toWatermark: '2026-03-01T10:00:00.000Z',
    fromWatermark: null,
    direction: 'TO_INTEGRATION_TABLE',
    updateConflictPolicy: 'SEND_DATA_UPDATE_TO_INTEGRATION_TABLE',
    conflictDetection: 'FIELDS',
  })
  expect(await stored(mapping)).toMatchObject({ toWatermarkRevision: 0, fromWatermarkRevision: 0 })
})

describe('a watermark set by hand', () => {
  test('counts as a new revision, is exact, and makes later versions of its side unread', async () => {
    const mapping = await rows.mapping({
      toWatermark: new Date('2026-03-01T12:00:00Z'),
      toClockOffset: 5_000,
      toWatermarkRevision: 3,
      fromWatermarkRevision: 1,
    })
    await handle(mapping, 'LOCAL', '2026-03-01T09:59:59.999Z')
    await handle(mapping, 'LOCAL', '2026-03-01T10:00:00.000Z')
    await handle(mapping, 'LOCAL', '2026-03-01T11:00:00.000Z')
    await handle(mapping, 'INTEGRATION', '2026-03-01T11:00:00.000Z')

    const { data } = await update({ toWatermark: '2026-03-01T12:00:00+02:00' })

    expect(data['updateIntegrationTableMapping']).toMatchObject({ toWatermark: '2026-03-01T10:00:00.000Z' })
    expect(await stored(mapping)).toMatchObject({
      toWatermarkRevision: 4,
      fromWatermarkRevision: 1,
      toClockOffset: null,
      fromWatermarkSet: null,
    })
    expect(await handled()).toEqual([
      'INTEGRATION record at 2026-03-01T11:00:00.000Z',
      'LOCAL record at 2026-03-01T09:59:59.999Z',
    ])
  })

  test('null reads everything again', async () => {
    const mapping = await rows.mapping({
      toWatermark: new Date(),
      fromWatermark: new Date(),
      fromToken: 'token',
      fromTokenFields: ['name'],
      fromWatermarkSet: 'BACK',
    })
    await handle(mapping, 'LOCAL', '1999-01-01T00:00:00Z')
    await handle(mapping, 'INTEGRATION', '1999-01-01T00:00:00Z')
    await update({ toWatermark: null, fromWatermark: null })
    expect(await stored(mapping)).toMatchObject({
      toWatermark: null,
      fromWatermark: null,
      fromToken: null,
      fromTokenFields: null,
      fromWatermarkSet: null,
      toWatermarkRevision: 1,
      fromWatermarkRevision: 1,
    })
    expect(await handled()).toEqual([])
  })

  test.each([
    ['earlier', '2026-03-01T09:00:00Z', 'BACK'],
    ['the same', '2026-03-01T10:00:00Z', 'BACK'],
    ['later', '2026-03-01T11:00:00Z', 'FORWARD'],
  ])('of a table read by its delta token says which way: %s', async (_case, mark, way) => {
    const mapping = await rows.mapping({
      fromWatermark: new Date('2026-03-01T10:00:00Z'),
      fromToken: 'token',
    })
    await update({ fromWatermark: mark })
    expect(await stored(mapping)).toMatchObject({
      fromToken: 'token',
      fromWatermarkSet: way,
      fromWatermarkRevision: 1,
    })
  })

  test('set twice before a pass is judged by what the token has read, not by the first setting', async () => {
    const mapping = await rows.mapping({
      fromWatermark: new Date('2026-03-01T10:00:00Z'),
      fromToken: 'token',
    })
    const run = await rows.run(mapping)
    await rows.job(mapping, run, {
      direction: 'FROM_INTEGRATION_TABLE',
      clockAt: new Date('2026-03-01T10:01:00Z'),
    })
    await update({ fromWatermark: '2026-03-01T08:00:00Z' })
    await update({ fromWatermark: '2026-03-01T09:00:00Z' })
    expect(await stored(mapping)).toMatchObject({ fromWatermarkSet: 'BACK' })
    await update({ fromWatermark: '2026-03-01T12:00:00Z' })
    await update({ fromWatermark: '2026-03-01T11:00:00Z' })
    expect(await stored(mapping)).toMatchObject({ fromWatermarkSet: 'FORWARD' })
  })

  test('of a table read by its stamps needs no such word', async () => {
    const mapping = await rows.mapping({ fromWatermark: new Date('2026-03-01T10:00:00Z') })
    await update({ fromWatermark: '2026-03-01T09:00:00Z' })
    expect(await stored(mapping)).toMatchObject({ fromWatermarkSet: null, fromWatermarkRevision: 1 })
  })
})

describe('bad input', () => {
  test('every problem is told at once, and nothing is changed', async () => {
    const mapping = await rows.mapping(
      { name: 'CURRENCY' },
      {
        direction: 'TO_INTEGRATION_TABLE',
        fields: [
          {
            name: 'displayName:name',
            localField: 'displayName',
            integrationField: 'name',
            direction: 'TO_INTEGRATION_TABLE',
          },
        ],
      },
    )
    const { errors } = await update(
      {
        toWatermark: '2026-03-01T10:00:00Z',
        fromWatermark: '9999-12-31T23:59:59Z',
        direction: 'BIDIRECTIONAL',
        conflictDetection: null,
        updateConflictPolicy: null,
      },
      'CURRENCY',
    )
    expect(errors).toHaveLength(1)
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
    expect(errors[0]?.extensions['problems']).toEqual([
      { argument: 'input.fromWatermark', message: expect.stringContaining('9999-12-31T23:59:59.000Z') },
      { argument: 'input.direction', message: expect.stringContaining('FROM_INTEGRATION_TABLE') },
      {
        argument: 'input.conflictDetection',
        message: 'Expected one of TIMESTAMPS, FIELDS; got null.',
      },
      { argument: 'input.updateConflictPolicy', message: expect.stringContaining('NONE') },
    ])
    expect(await stored(mapping)).toMatchObject({
      toWatermark: null,
      toWatermarkRevision: 0,
      direction: 'TO_INTEGRATION_TABLE',
    })
  })

  test('nothing to change', async () => {
    await rows.mapping()
    expect((await update({})).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', problems: [{ argument: 'input' }] } },
    ])
  })

  test('an unknown mapping, and a time that is none', async () => {
    await rows.mapping()
    expect((await update({ direction: 'BIDIRECTIONAL' }, 'CUSTOMERS')).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ])
    const { errors, status } = await update({ toWatermark: 'yesterday' })
    expect(status).toBe(400)
    expect(errors).toMatchObject([
      { message: expect.stringContaining('input.toWatermark'), extensions: { code: 'BAD_USER_INPUT' } },
    ])
  })
})
