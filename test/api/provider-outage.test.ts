import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './support/api.js'
import { AUDIENCE, CLIENT_ID, CLIENT_SECRET, startProvider, type TestProvider } from './support/provider.js'

let api: TestApi
let provider: TestProvider

beforeAll(async () => {
  provider = await startProvider(() => `${api.url}/sign-in/callback`)
  api = await startTestApi('api_provider_outage', undefined, {
    provider: {
      issuer: provider.issuer,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      scope: 'openid',
      audience: AUDIENCE,
      roleClaim: 'roles',
      values: { ADMINISTRATOR: [], OPERATOR: [], VIEWER: ['Accord.Viewer'] },
    },
    sessionHours: 8,
    publicUrl: null,
  })
})
afterAll(async () => {
  await api.close()
  await provider.close()
})

const ME = '{ me { name } }'

const token = (): Promise<string> =>
  provider.sign({
    iss: provider.issuer,
    aud: AUDIENCE,
    sub: 'anna-1',
    exp: Math.floor(Date.now() / 1000) + 300,
    name: 'Anna Berg',
    roles: ['Accord.Viewer'],
  })

/** The code with which a connection is closed to who shows a token. */
function closedWith(authorization: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const client = createClient({
      url: `${api.url.replace('http', 'ws')}/graphql/ws`,
      connectionParams: { authorization },
      retryAttempts: 0,
      on: { closed: (event) => resolve((event as CloseEvent).code) },
    })
    client.subscribe(
      { query: 'subscription { countersChanged { mapping { name } } }' },
      { next: () => reject(new Error('It was let in.')), error: () => undefined, complete: () => undefined },
    )
  })
}

test('while the provider does not tell its keys nobody is told that his token is wrong', async () => {
  const outages = [
    ['/.well-known/openid-configuration', null],
    ['/.well-known/openid-configuration', { status: 503, body: 'away' }],
    ['/jwks', null],
    ['/jwks', { status: 500, body: 'away' }],
    ['/jwks', { status: 200, body: 'a page of a proxy' }],
    ['/jwks', { status: 200, body: '{"keys":"none"}' }],
  ] as const
  for (const [path, fault] of outages) {
    provider.faults.clear()
    provider.faults.set(path, fault)
    expect(await api.ask(ME, {}, await token())).toMatchObject({
      status: 503,
      errors: [{ extensions: { code: 'SIGN_IN_UNAVAILABLE' } }],
    })
  }
  expect(await closedWith(`Bearer ${await token()}`)).toBe(1013)
  const told = (text: string): number => api.log.filter((line) => line.includes(text)).length
  expect(told('The keys of the provider of sign-in cannot be read')).toBe(1)
  provider.faults.clear()
  expect((await api.ask(ME, {}, await token())).data['me']).toEqual({ name: 'Anna Berg' })
  expect((await api.ask(ME, {}, `${await token()}x`)).status).toBe(401)
  expect(told('The keys of the provider of sign-in can be read again')).toBe(1)
})
