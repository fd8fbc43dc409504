import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows
const [localId, integrationId] = [randomUUID(), randomUUID()]

beforeAll(async () => {
  api = await startTestApi('api_coupling_preview')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const preview = (local: string = localId) =>
  api.ask(
    `query ($local: ID!, $integration: ID!) { couplingPreview(mapping: "CUSTOMER", localId: $local,
      integrationId: $integration) { problem } }`,
    { local, integration: integrationId },
  )

test('without a worker it says so, and what was asked of it', async () => {
  const mapping = await rows.mapping()
  const { errors } = await preview()
  expect(errors).toMatchObject([{ extensions: { code: 'ENGINE_UNAVAILABLE' } }])
  expect(errors[0]?.message).toContain('Start a worker')
  expect(api.recordExaminer.asked).toEqual([{ kind: 'pair', mappingId: mapping, localId, integrationId }])
})

test('a system that cannot be read: its failure with cause and remedy', async () => {
  await rows.mapping()
  api.recordExaminer.behave(async () => ({
    examination: null,
    failure: {
      errorClass: 'SETUP',
      message: 'No entry.',
      cause: 'The secret is wrong.',
      remedy: 'Renew it.',
    },
  }))
  const { errors } = await preview()
  expect(errors).toMatchObject([
    { message: 'No entry. Renew it.', extensions: { code: 'SYSTEM_FAILURE', cause: 'The secret is wrong.' } },
  ])
})

test('Temporal that is gone is told; ids and mappings that do not exist are refused before anybody looks', async () => {
  await rows.mapping()
  api.recordExaminer.behave(async () => {
    throw new Error('connect ECONNREFUSED')
  })
  expect((await preview()).errors).toMatchObject([{ extensions: { code: 'ENGINE_UNAVAILABLE' } }])
  expect((await preview('ten')).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  const { errors } = await api.ask(
    `{ couplingCandidates(mapping: "NOBODY", side: LOCAL, id: "${localId}") { problem } }`,
  )
  expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  expect(api.recordExaminer.asked).toHaveLength(1)
})

test.each(['', '  ', 'x'.repeat(81)])(
  'a text that names nothing is refused before anybody looks (%#)',
  async (text) => {
    await rows.mapping()
    const { errors } = await api.ask(
      'query ($text: String!) { findRecords(mapping: "CUSTOMER", side: LOCAL, text: $text) { isComplete } }',
      { text },
    )
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', problems: [{ argument: 'text' }] } },
    ])
    expect(api.recordExaminer.asked).toEqual([])
  },
)
