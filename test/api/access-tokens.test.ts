import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Role } from '../../src/domain/role.js'
import { startTestApi, TOKEN, type Answer, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

let api: TestApi
let rows: Rows

beforeAll(async () => {
  api = await startTestApi('api_access_tokens')
  rows = new Rows(api.database)
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const CREATE = `mutation ($input: AccessTokenInput!) { createAccessToken(input: $input) {
  token accessToken { id name role prefix createdBy expiresAt lastUsedAt revokedAt connection { name } } } }`
const REVOKE = `mutation ($id: ID!) { revokeAccessToken(id: $id) { revokedAt revokedBy } }`

interface Created {
  readonly createAccessToken: {
    readonly token: string
    readonly accessToken: { readonly id: string; readonly name: string; readonly prefix: string }
  }
}

async function create(input: Readonly<Record<string, unknown>>): Promise<Created['createAccessToken']> {
  const { data, errors } = await api.ask<Created>(CREATE, { input })
  expect(errors).toEqual([])
  return data.createAccessToken
}

const read = (token: string): Promise<Answer> => api.ask('{ integrationTableMappings { name } }', {}, token)

describe('an access token', () => {
  test('is shown once, lets in with its role, and stands in no table and no log', async () => {
    const { token, accessToken } = await create({ name: 'reports' })
    expect(accessToken).toMatchObject({
      name: 'reports',
      role: 'VIEWER',
      createdBy: 'local',
      revokedAt: null,
    })
    expect(token.startsWith(accessToken.prefix)).toBe(true)
    expect(token.length).toBeGreaterThan(accessToken.prefix.length + 30)
    expect((await read(token)).errors).toEqual([])
    const { data } = await api.ask(
      '{ accessTokens { name lastUsedAt } auditEntries { nodes { arguments changes { after } } } }',
    )
    expect(data['accessTokens']).toEqual([{ name: 'reports', lastUsedAt: expect.any(String) }])
    expect(JSON.stringify(data)).not.toContain(token)
    const [kept] = await api.database.em.fork().execute('select * from access_token')
    expect(JSON.stringify(kept)).not.toContain(token)
    expect(api.log.join('\n')).not.toContain(token.slice(accessToken.prefix.length))
  })

  test('that was revoked lets nobody in, from the next request on; its name is free again', async () => {
    const { token, accessToken } = await create({ name: 'reports', role: 'OPERATOR' })
    expect((await read(token)).status).toBe(200)
    const { data } = await api.ask(REVOKE, { id: accessToken.id })
    expect(data['revokeAccessToken']).toEqual({ revokedAt: expect.any(String), revokedBy: 'local' })
    expect(await read(token)).toMatchObject({
      status: 401,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    })
    expect((await create({ name: 'reports' })).accessToken.id).not.toBe(accessToken.id)
    const all = await api.ask('{ accessTokens { name } ended: accessTokens(includeEnded: true) { name } }')
    expect(all.data).toEqual({
      accessTokens: [{ name: 'reports' }],
      ended: [{ name: 'reports' }, { name: 'reports' }],
    })
  })

  test('that another process has revoked lets nobody in a second later', async () => {
    const { token } = await create({ name: 'reports' })
    expect((await read(token)).status).toBe(200)
    await api.database.em.fork().execute('update access_token set revoked_at = now()')
    await expect.poll(async () => (await read(token)).status, { timeout: 10_000 }).toBe(401)
  })

  test('that has expired lets nobody in', async () => {
    const { token } = await create({ name: 'reports', expiresInDays: 1 })
    await api.database.em.fork().execute(`update access_token set expires_at = now() - interval '1 second'`)
    expect((await read(token)).status).toBe(401)
  })

  test('of a deleted connection is gone with it', async () => {
    await rows.connection()
    const { token } = await create({ name: 'reports', connection: 'Contoso' })
    await api.database.em.fork().execute('delete from connection')
    expect((await read(token)).status).toBe(401)
  })

  test('is refused with every problem at once, and so is a name that another has', async () => {
    const { errors } = await api.ask(CREATE, { input: { name: ' ', expiresInDays: 0 } })
    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          problems: [{ argument: 'input.name' }, { argument: 'input.expiresInDays' }],
        },
      },
    ])
    await create({ name: 'reports' })
    expect((await api.ask(CREATE, { input: { name: 'reports' } })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', problems: [{ argument: 'input.name' }] } },
    ])
  })
})

describe('roles', () => {
  test.each(Object.values(Role))('%s: the role of the token is what counts', async (role) => {
    await rows.connection()
    await rows.mapping({ connectionId: await rows.connection({ name: 'Fabrikam' }) })
    const { token } = await create({ name: 'robot', role })
    const asked = [
      [Role.viewer, '{ integrationTableMappings { name } }'],
      [Role.operator, 'mutation { pauseIntegrationTableMapping(name: "CUSTOMER") { pausedBy } }'],
      [Role.administrator, 'mutation { disableConnection(name: "Contoso") { name } }'],
      [Role.administrator, '{ connections { localSystem { secrets { member } } } }'],
      [Role.administrator, '{ connections { document } }'],
    ] as const
    const order = Object.values(Role)
    for (const [needs, operation] of asked) {
      const { errors } = await api.ask(operation, {}, token)
      const codes = errors.map(({ extensions }) => extensions.code)
      expect([operation, [...new Set(codes)]]).toEqual([
        operation,
        order.indexOf(role) >= order.indexOf(needs) ? [] : ['FORBIDDEN'],
      ])
    }
  })

  test('who pauses is named after the token', async () => {
    await rows.mapping()
    const { token } = await create({ name: 'night watch', role: 'OPERATOR' })
    const { data } = await api.ask(
      'mutation { pauseIntegrationTableMapping(name: "CUSTOMER") { pausedBy } }',
      {},
      token,
    )
    expect(data['pauseIntegrationTableMapping']).toEqual({ pausedBy: 'night watch' })
  })
})

test('who tries wrong tokens again and again is told to wait, and the log neither grows nor holds a token', async () => {
  const answers: Answer[] = []
  for (let count = 0; count < 25; count += 1) answers.push(await read(`accord_wrong-${count}`))
  const statuses = answers.map(({ status }) => status)
  expect([...new Set(statuses)]).toEqual([401, 429])
  expect(statuses.slice(-5)).toEqual(Array.from({ length: 5 }, () => 429))
  expect(answers.at(-1)?.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }])
  const lines = api.log.filter((line) => line.includes('wrong credentials'))
  expect(lines).toHaveLength(statuses.filter((status) => status === 401).length)
  expect(api.log.join('\n')).not.toContain('accord_wrong')
  // Whoever has a right one is not kept out by others at his address.
  expect((await read(TOKEN)).status).toBe(200)
})
