import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SignInOptions } from '../../src/api/sign-in/options.js'
import { startTestApi, TOKEN, type TestApi } from './support/api.js'
import { Browser } from './support/browser.js'
import { CLIENT_ID, CLIENT_SECRET, startProvider, type TestProvider } from './support/provider.js'
import { asStream, overWebSocket } from './support/subscriber.js'

/** How long something that is told at once may take on a busy machine. */
const PATIENT = { timeout: 20_000 }

const SITE = 'https://accord.example.com'

/** Below a path of a host that others share, behind a proxy of this machine. */
let behind: TestApi
/** On a host of its own; believes no proxy. */
let plain: TestApi
let provider: TestProvider

const signIn = (publicUrl: string): SignInOptions => ({
  provider: {
    issuer: provider.issuer,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    scope: 'openid profile email',
    audience: null,
    roleClaim: 'roles',
    values: { ADMINISTRATOR: [], OPERATOR: ['Accord.Operator'], VIEWER: [] },
  },
  sessionHours: 8,
  publicUrl,
})

beforeAll(async () => {
  provider = await startProvider(() => `${SITE}/accord/sign-in/callback`)
  ;[behind, plain] = await Promise.all([
    startTestApi('api_behind_proxy', undefined, signIn(`${SITE}/accord`), { trustedProxies: ['loopback'] }),
    startTestApi('api_no_proxy', undefined, signIn(SITE)),
  ])
  provider.people['anna-1'] = { name: 'Anna Berg', email: 'anna@contoso.com', roles: ['Accord.Operator'] }
  provider.before = 'anna-1'
})
beforeEach(() => behind.reset())
afterAll(async () => {
  await Promise.all([behind.close(), plain.close()])
  await provider.close()
})

/** What a proxy says of who came to it. */
const from = (address: string): Readonly<Record<string, string>> => ({
  'x-forwarded-for': address,
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'accord.example.com',
})

const withWrongToken = (api: TestApi, address: string): Promise<Response> =>
  fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer wrong', ...from(address) },
    body: JSON.stringify({ query: '{ me { name } }' }),
  })

/** Signs in by the proxy; `host`: where the provider sends the browser. */
async function signedIn(address: string, to = ''): Promise<{ browser: Browser; last: Response }> {
  const browser = new Browser()
  const headers = from(address)
  const first = await browser.request(`${behind.url}/accord/sign-in${to}`, { headers })
  const { way } = await browser.go(first.headers.get('location') ?? '', '/accord/sign-in/callback')
  const back = way.at(-1) as URL
  expect(back.origin).toBe(SITE)
  return { browser, last: await browser.request(`${behind.url}${back.pathname}${back.search}`, { headers }) }
}

describe('behind a proxy that is trusted', () => {
  test('nobody keeps others from signing in', async () => {
    const busy = { headers: from('203.0.113.7'), redirect: 'manual' } as const
    const statuses: number[] = []
    for (let count = 0; count < 22; count += 1)
      statuses.push((await fetch(`${behind.url}/accord/sign-in`, busy)).status)
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 303))
    expect(statuses.slice(20)).toEqual([429, 429])
    expect((await signedIn('203.0.113.8')).last.status).toBe(303)
  })

  test('wrong tokens are counted by where they come from', async () => {
    for (let count = 0; count < 20; count += 1)
      expect((await withWrongToken(behind, '203.0.113.9')).status).toBe(401)
    expect((await withWrongToken(behind, '203.0.113.9')).status).toBe(429)
    expect((await withWrongToken(behind, '203.0.113.10')).status).toBe(401)
    expect(behind.log.join('\n')).toContain('"address":"203.0.113.10"')
    expect(behind.log.join('\n')).not.toContain('ACCORD_TRUSTED_PROXIES')
  })

  test('the audit log names the address of who signed in', async () => {
    await signedIn('203.0.113.11')
    const { data } = await behind.ask('{ auditEntries { nodes { action address } } }')
    expect(data['auditEntries']).toEqual({ nodes: [{ action: 'signIn', address: '203.0.113.11' }] })
  })
})

describe('without one', () => {
  test('what a client says of its address is not believed, and that a proxy may stand there is told once', async () => {
    const statuses = []
    for (let count = 0; count < 21; count += 1)
      statuses.push((await withWrongToken(plain, `203.0.113.${count}`)).status)
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401))
    expect(statuses[20]).toBe(429)
    expect(plain.log.filter((line) => line.includes('ACCORD_TRUSTED_PROXIES'))).toHaveLength(1)
  })

  test('no other host can set the cookies of a host that is all ours', async () => {
    const { headers } = await fetch(`${plain.url}/sign-in`, {
      headers: { 'x-forwarded-for': '203.0.113.1' },
      redirect: 'manual',
    })
    const [cookie] = headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-accord_sign_in=/)
    expect(cookie).toMatch(/; Path=\/;/)
    expect(cookie).toMatch(/; Secure/)
  })
})

describe('below a path prefix', () => {
  test('a browser is signed in there and nowhere else on the host, and sent back below it', async () => {
    const { browser, last } = await signedIn('203.0.113.12')
    expect(last.headers.get('location')).toBe('/accord/')
    const [away, session] = ['sign_in', 'session'].map((name) =>
      browser.set.find((set) => set.startsWith(`__Secure-accord_${name}=`) && !set.includes('=;')),
    )
    expect(away).toMatch(/; Path=\/accord\/sign-in\/callback; HttpOnly; Secure; SameSite=Lax/)
    expect(session).toMatch(/; Path=\/accord; HttpOnly; Secure; SameSite=Lax/)
    const ask = async (path: string): Promise<number> => {
      const { status } = await browser.request(`${behind.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: SITE, ...from('203.0.113.12') },
        body: JSON.stringify({ query: '{ me { name } }' }),
      })
      return status
    }
    expect(await ask('/accord/graphql')).toBe(200)
    expect(await ask('/graphql')).toBe(401)
    const out = { method: 'POST', headers: { origin: SITE, ...from('203.0.113.12') } }
    expect((await browser.request(`${behind.url}/accord/sign-out`, out)).status).toBe(204)
    expect(browser.cookieOf('__Secure-accord_session')).toBeUndefined()
  })

  test.each([
    ['?to=/accord/graphiql?a=1', '/accord/graphiql?a=1'],
    ['?to=/graphiql', '/accord/graphiql'],
    ['?to=/accord/../elsewhere', '/accord/elsewhere'],
    ['?to=//evil.example', '/accord/'],
    ['?to=/.//evil.example', '/accord/'],
  ])('after the sign-in %s leads to %s', async (to, place) => {
    expect((await signedIn('203.0.113.13', to)).last.headers.get('location')).toBe(place)
  })

  test.each(['/accord', ''])(
    'everything is served, also where a proxy takes it off: "%s"',
    async (prefix) => {
      const base = `${behind.url}${prefix}`
      const authorization = `Bearer ${TOKEN}`
      const get = async (path: string): Promise<string> => {
        const response = await fetch(`${base}${path}`, { headers: { authorization } })
        expect([path, response.status]).toEqual([path, 200])
        return response.text()
      }
      for (const path of ['/healthz', '/readyz', '/health', '/metrics', '/export/errors.csv']) await get(path)
      expect(await get('/')).toContain('<base href="/accord/"')
      const page = await get('/graphiql')
      expect(page).toContain('"/accord/graphql"')
      const file = /\/accord(\/graphiql\/files\/[^"'\s]+\.\w+)/.exec(page)?.[1] ?? 'none'
      expect((await get(file)).length).toBeGreaterThan(1000)
      expect(
        (await fetch(`${base}/hints/00000000-0000-4000-8000-000000000000`, { method: 'POST' })).status,
      ).toBe(404)
      for (const subscribe of [overWebSocket, asStream]) {
        const heard = subscribe(base, 'subscription { countersChanged { mapping { name } } }')
        await expect.poll(() => heard.answers.length, PATIENT).toBeGreaterThan(0)
        heard.stop()
      }
    },
  )

  test('the root of it needs no slash, and what only begins alike is not below it', async () => {
    expect((await fetch(`${behind.url}/accord`)).status).toBe(200)
    expect((await fetch(`${behind.url}/accordion/healthz`)).status).toBe(404)
  })

  test('a link of this machine leads there', async () => {
    const { data } = await behind.ask<{ createSignInLink: { path: string } }>(
      'mutation { createSignInLink { path } }',
    )
    const browser = new Browser()
    const response = await browser.request(new URL(data.createSignInLink.path, `${behind.url}/graphql`))
    expect([response.status, response.headers.get('location')]).toEqual([303, '/accord/'])
    expect(browser.set[0]).toMatch(/^accord_session=.*; Path=\/accord; HttpOnly; SameSite=Lax/)
  })
})
