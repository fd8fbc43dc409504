import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { storeCheck } from '../../src/persistence/connection-checks.js'
import { ConnectionCheck } from '../../src/persistence/entities/connection-check.js'
import { diagnose } from '../../src/domain/diagnosis/diagnose.js'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi('connection_checks')
})
afterAll(() => api.close())

let connectionId: string
beforeEach(async () => {
  await api.reset()
  connectionId = await new Rows(api.database).connection({ name: 'demo' })
})

const FINDING = diagnose('PRIVILEGE_MISSING', {
  what: 'The user is missing the privilege prvWriteAccount.',
  side: 'INTEGRATION',
  evidence: 'no prvWriteAccount',
  correlationIds: [{ name: 'REQ_ID', value: '1' }],
})
const CHECK =
  'id requestedBy findings { code severity side what cause remedy evidence correlationIds { name value } link }'

const store = (checkedAt = new Date()): Promise<ConnectionCheck> =>
  storeCheck(api.database.em.fork(), { connectionId, requestedBy: 'local', checkedAt, findings: [FINDING] })

test('has a worker check, by id or by name, and answers with what it stored', async () => {
  api.connectionChecker.behave(async () => ({ checkId: (await store()).id, failure: null }))
  for (const words of [`connectionId: "${connectionId}"`, 'connection: "demo"', '']) {
    const { data } = await api.ask(`mutation { checkConnection${words && `(${words})`} { ${CHECK} } }`)
    expect(data['checkConnection']).toMatchObject({ requestedBy: 'local', findings: [FINDING] })
  }
  expect(api.connectionChecker.asked).toEqual(
    Array.from({ length: 3 }, () => ({ connectionId, requestedBy: 'local' })),
  )
})

test('says so when no worker checks in time, Temporal is away, or the check itself fails', async () => {
  const codeOf = async (words = ''): Promise<string | undefined> =>
    (await api.ask(`mutation { checkConnection${words} { id } }`)).errors[0]?.extensions.code
  expect(await codeOf()).toBe('ENGINE_UNAVAILABLE')
  api.connectionChecker.behave(() => Promise.reject(new Error('no Temporal')))
  expect(await codeOf()).toBe('ENGINE_UNAVAILABLE')
  const failure = { errorClass: 'UNEXPECTED', message: 'It broke.', cause: 'None.', remedy: 'None.' } as const
  api.connectionChecker.behave(async () => ({ checkId: null, failure }))
  expect(await codeOf()).toBe('SYSTEM_FAILURE')
  expect(await codeOf('(connection: "nobody")')).toBe('NOT_FOUND')
  expect(await codeOf(`(connectionId: "${randomUUID()}")`)).toBe('NOT_FOUND')
  expect(await codeOf(`(connection: "demo", connectionId: "${connectionId}")`)).toBe('BAD_USER_INPUT')
})

test('fifty checks of a connection are kept, and the last one is the latest', async () => {
  for (let day = 1; day <= 52; day += 1) await store(new Date(Date.UTC(2026, 0, day)))
  const em = api.database.em.fork()
  expect(await em.count(ConnectionCheck, { connectionId })).toBe(50)
  const oldest = await em.findOneOrFail(ConnectionCheck, { connectionId }, { orderBy: { checkedAt: 'asc' } })
  expect(oldest.checkedAt.toISOString()).toMatch(/^2026-01-03/)
})

test('the last check of each connection is shown with it', async () => {
  await store(new Date('2026-01-02'))
  await store(new Date('2026-01-03'))
  await new Rows(api.database).connection({ name: 'never checked' })
  const { data } = await api.ask<{ connections: readonly object[] }>(
    '{ connections { name lastCheck { checkedAt findings { code } } } }',
  )
  expect(data.connections).toEqual([
    {
      name: 'demo',
      lastCheck: { checkedAt: '2026-01-03T00:00:00.000Z', findings: [{ code: 'PRIVILEGE_MISSING' }] },
    },
    { name: 'never checked', lastCheck: null },
  ])
})
