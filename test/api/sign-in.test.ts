import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { run, sql } from '../../src/persistence/sql.js'
import { startTestApi, type TestApi } from './support/api.js'
import { Browser } from './support/browser.js'
import { AUDIENCE, CLIENT_ID, CLIENT_SECRET, startProvider, type TestProvider } from './support/provider.js'
import { Rows } from './support/rows.js'

let api: TestApi
let provider: TestProvider

const SESSION_HOURS = 8
const anna = { name: 'Anna Berg', email: 'anna@contoso.com', roles: ['Accord.Operator', 'Something.Else'] }

beforeAll(async () => {
  provider = await startProvider(() => `${api.url}/sign-in/callback`)
  api = await startTestApi('api_sign_in', undefined, {
    provider: {
      issuer: provider.issuer,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      scope: 'openid profile email',
      audience: AUDIENCE,
      roleClaim: 'roles',
      values: {
        ADMINISTRATOR: ['Accord.Administrator'],
        OPERATOR: ['Accord.Operator'],
        VIEWER: ['Accord.Viewer'],
      },
    },
    sessionHours: SESSION_HOURS,
    publicUrl: null,
  })
})
beforeEach(async () => {
  await api.reset()
  for (const subject of Object.keys(provider.people)) delete provider.people[subject]
  provider.people['anna-1'] = anna
  provider.before = 'anna-1'
})
afterAll(async () => {
  await api.close()
  await provider.close()
})

const ME = '{ me { id name role kind } }'

/** Asks as a page of Accord in a browser does. */
async function asPage(
  browser: Browser,
  query: string,
  headers: Readonly<Record<string, string>> = { origin: api.url },
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await browser.request(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, body: await response.json() }
}

async function signedInBrowser(): Promise<Browser> {
  const browser = new Browser()
  const { response } = await browser.go(`${api.url}/sign-in`)
  expect(response.status).toBe(200)
  return browser
}

const link = async (): Promise<string> => {
  const { data } = await api.ask<{ createSignInLink: { path: string } }>(
    'mutation { createSignInLink { path } }',
  )
  return `${api.url}${data.createSignInLink.path}`
}

describe('who signs in at the provider', () => {
  test('is sent there with state, nonce and PKCE, and comes back with a session of his role', async () => {
    const browser = new Browser()
    const { response, way } = await browser.go(`${api.url}/sign-in?to=/health`)
    const asked = way.find(({ pathname }) => pathname === '/auth')?.searchParams
    expect(asked?.get('response_type')).toBe('code')
    expect(asked?.get('code_challenge_method')).toBe('S256')
    for (const parameter of ['state', 'nonce', 'code_challenge'])
      expect(asked?.get(parameter)?.length).toBeGreaterThan(30)
    expect(way.at(-1)?.href).toBe(`${api.url}/health`)
    expect(response.status).toBe(200)
    expect(await asPage(browser, ME)).toEqual({
      status: 200,
      body: { data: { me: { id: expect.any(String), name: 'Anna Berg', role: 'OPERATOR', kind: 'USER' } } },
    })
    const cookie = browser.set.find((set) => set.startsWith('accord_session='))
    expect(cookie).toMatch(/; Max-Age=28800/)
    expect(cookie).toMatch(/; HttpOnly/)
    expect(cookie).toMatch(/; SameSite=Lax/)
    expect(cookie).toMatch(/; Path=\//)
  })

  test('is named wherever he does something, and in the audit log', async () => {
    await new Rows(api.database).mapping()
    const browser = await signedInBrowser()
    const { body } = await asPage(
      browser,
      'mutation { pauseIntegrationTableMapping(name: "CUSTOMER") { pausedBy } }',
    )
    expect(body).toEqual({ data: { pauseIntegrationTableMapping: { pausedBy: 'Anna Berg' } } })
    const { data } = await api.ask(
      '{ auditEntries(orderBy: TIME_ASC) { nodes { action actor { name kind role } } } }',
    )
    const actor = { name: 'Anna Berg', kind: 'USER', role: 'OPERATOR' }
    expect(data['auditEntries']).toEqual({
      nodes: [
        { action: 'signIn', actor },
        { action: 'pauseIntegrationTableMapping', actor },
      ],
    })
  })

  test('is kept out without a role, until an administrator gives him one by hand', async () => {
    provider.people['anna-1'] = { ...anna, roles: ['Something.Else'] }
    const { response } = await new Browser().go(`${api.url}/sign-in`)
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('Anna Berg: You have no role here yet')
    const { data } = await api.ask<{ users: { nodes: readonly { id: string }[] } }>(
      '{ users { nodes { id name email subject issuer role claimedRole givenRole } } }',
    )
    expect(data.users.nodes).toMatchObject([
      {
        name: 'Anna Berg',
        email: 'anna@contoso.com',
        subject: 'anna-1',
        issuer: provider.issuer,
        role: null,
      },
    ])
    const id = data.users.nodes[0]?.id
    await api.ask('mutation ($id: ID!) { setUserRole(id: $id, role: ADMINISTRATOR) { role } }', { id })
    expect(await asPage(await signedInBrowser(), ME)).toMatchObject({
      body: { data: { me: { id, role: 'ADMINISTRATOR' } } },
    })
  })

  test('keeps his role, and is told why, when the provider does not say what he may do', async () => {
    const browser = await signedInBrowser()
    for (const fault of [null, { status: 500, body: 'no' }]) {
      provider.faults.set('/me', fault)
      const { response } = await new Browser().go(`${api.url}/sign-in`)
      expect(response.status).toBe(503)
      expect(await response.text()).toContain('did not tell what you may do')
    }
    provider.faults.clear()
    expect(await asPage(browser, ME)).toMatchObject({ body: { data: { me: { role: 'OPERATOR' } } } })
    provider.people['anna-1'] = { name: anna.name, email: anna.email }
    expect((await new Browser().go(`${api.url}/sign-in`)).response.status).toBe(403)
    expect((await asPage(browser, ME)).status).toBe(401)
  })

  test.each([
    [true, true],
    [false, false],
    [undefined, false],
  ])('whose e-mail is verified (%s) is noted so', async (verified, noted) => {
    provider.people['anna-1'] = { ...anna, ...(verified !== undefined && { email_verified: verified }) }
    await signedInBrowser()
    const { data } = await api.ask('{ users { nodes { email isEmailVerified } } }')
    expect(data['users']).toEqual({ nodes: [{ email: 'anna@contoso.com', isEmailVerified: noted }] })
  })

  test('loses his sessions when he is disabled, at once, and may come back when he is enabled', async () => {
    const browser = await signedInBrowser()
    const { data } = await api.ask<{ users: { nodes: readonly { id: string }[] } }>(
      '{ users { nodes { id } } }',
    )
    const id = data.users.nodes[0]?.id
    await api.ask('mutation ($id: ID!) { disableUser(id: $id) { disabledBy } }', { id })
    expect((await asPage(browser, ME)).status).toBe(401)
    expect((await new Browser().go(`${api.url}/sign-in`)).response.status).toBe(403)
    await api.ask('mutation ($id: ID!) { enableUser(id: $id) { disabledAt } }', { id })
    expect((await asPage(browser, ME)).status).toBe(401)
    expect((await asPage(await signedInBrowser(), ME)).status).toBe(200)
  })

  test('has the role that he has now, not the one that he signed in with', async () => {
    const browser = await signedInBrowser()
    const { data } = await api.ask<{ users: { nodes: readonly { id: string }[] } }>(
      '{ users { nodes { id } } }',
    )
    await api.ask('mutation ($id: ID!) { setUserRole(id: $id, role: VIEWER) { role } }', {
      id: data.users.nodes[0]?.id,
    })
    expect(await asPage(browser, ME)).toMatchObject({ body: { data: { me: { role: 'VIEWER' } } } })
  })

  test('who declines there is told so, and not signed in', async () => {
    provider.before = null
    const browser = new Browser()
    const { response } = await browser.go(`${api.url}/sign-in`)
    expect(response.status).toBe(400)
    expect((await asPage(browser, ME)).status).toBe(401)
  })

  test('a way back that this browser did not set out on, or came by already, leads nowhere', async () => {
    const browser = new Browser()
    const { way } = await browser.go(`${api.url}/sign-in`)
    const back = way.find(({ pathname }) => pathname === '/sign-in/callback')
    if (back === undefined) throw new Error('There was no way back.')
    expect((await browser.request(back)).status).toBe(400)
    const victim = new Browser()
    await victim.request(`${api.url}/sign-in`)
    const attacker = new Browser()
    const { way: unused } = await attacker.go(`${api.url}/sign-in`, '/sign-in/callback')
    expect((await victim.request(unused.at(-1) ?? '')).status).toBe(400)
    expect(victim.cookieOf('accord_session')).toBeUndefined()
  })

  test.each(['https://evil.example/', '//evil.example/', '/\\evil.example', 'health'])(
    'is not sent on to %s afterwards',
    async (to) => {
      const { way } = await new Browser().go(`${api.url}/sign-in?to=${encodeURIComponent(to)}`)
      expect(way.at(-1)?.href).toBe(`${api.url}/`)
    },
  )
})

describe('a session', () => {
  test('ends with the sign-out, on the server as well', async () => {
    const browser = await signedInBrowser()
    const secret = browser.cookieOf('accord_session') ?? ''
    const out = await browser.request(`${api.url}/sign-out`, { method: 'POST', headers: { origin: api.url } })
    expect(out.status).toBe(204)
    expect(browser.cookieOf('accord_session')).toBeUndefined()
    const again = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: api.url, cookie: `accord_session=${secret}` },
      body: JSON.stringify({ query: ME }),
    })
    expect(again.status).toBe(401)
    const { data } = await api.ask('{ auditEntries(first: 1) { nodes { action } } }')
    expect(data['auditEntries']).toEqual({ nodes: [{ action: 'signOut' }] })
  })

  test('ends by itself when its time is over', async () => {
    const browser = await signedInBrowser()
    await api.database.em.fork().execute(`update session set expires_at = now() - interval '1 second'`)
    expect((await asPage(browser, ME)).status).toBe(401)
  })

  test('ends with the next sign-in of that browser', async () => {
    const browser = await signedInBrowser()
    const earlier = browser.cookieOf('accord_session') ?? ''
    expect((await browser.go(`${api.url}/sign-in`)).response.status).toBe(200)
    expect(browser.cookieOf('accord_session')).not.toBe(earlier)
    const left = new Browser()
    const headers = { origin: api.url, cookie: `accord_session=${earlier}` }
    expect((await asPage(left, ME, headers)).status).toBe(401)
    expect((await asPage(browser, ME)).status).toBe(200)
    await browser.request(await link())
    expect(await api.database.em.fork().execute('select user_id from session')).toEqual([{ user_id: null }])
  })

  test('is kept as a hash alone', async () => {
    const browser = await signedInBrowser()
    const [kept] = await api.database.em.fork().execute('select * from session')
    expect(JSON.stringify(kept)).not.toContain(browser.cookieOf('accord_session'))
    expect(api.log.join('\n')).not.toContain(browser.cookieOf('accord_session'))
  })

  test.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['nobody says where', {}],
  ])('is not for a request that comes from %s', async (_, headers) => {
    const browser = await signedInBrowser()
    expect(await asPage(browser, ME, headers)).toMatchObject({
      status: 403,
      body: { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    })
    expect((await browser.request(`${api.url}/sign-out`, { method: 'POST', headers })).status).toBe(403)
    expect((await asPage(browser, ME)).status).toBe(200)
  })

  test('does not let a form of a page through that a browser sends without asking', async () => {
    const browser = await signedInBrowser()
    const response = await browser.request(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', origin: api.url },
      body: JSON.stringify({ query: ME }),
    })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
    const read = await browser.request(`${api.url}/graphql?query=${encodeURIComponent(ME)}`)
    expect(read.status).toBe(400)
    expect(await read.text()).toContain('CSRF')
  })
})

describe('an access token of the provider', () => {
  const claims = () => ({
    iss: provider.issuer,
    aud: AUDIENCE,
    sub: 'anna-1',
    exp: Math.floor(Date.now() / 1000) + 300,
    name: 'Anna Berg',
    roles: ['Accord.Viewer'],
  })

  test('lets in whom it was issued for, with the role that it claims', async () => {
    provider.people['robot'] = { name: 'Robot', email: 'robot@contoso.com', roles: ['Accord.Operator'] }
    const { data } = await api.ask(ME, {}, await provider.tokenOf(AUDIENCE))
    expect(data['me']).toMatchObject({ name: 'Robot', role: 'OPERATOR', kind: 'USER' })
  })

  test('that says nothing of roles leaves the one that is known', async () => {
    const { roles, ...silent } = claims()
    expect((await api.ask(ME, {}, await provider.sign(silent))).status).toBe(401)
    expect((await api.ask(ME, {}, await provider.sign({ ...silent, roles }))).status).toBe(200)
    const { data } = await api.ask(ME, {}, await provider.sign(silent))
    expect(data['me']).toMatchObject({ name: 'Anna Berg', role: 'VIEWER' })
    expect((await api.ask(ME, {}, await provider.sign({ ...silent, roles: ['Another'] }))).status).toBe(401)
    expect((await api.ask(ME, {}, await provider.sign(silent))).status).toBe(401)
  })

  test('that says nothing of roles counts as long as a session since the role was told, and not longer', async () => {
    const { roles, ...silent } = claims()
    expect((await api.ask(ME, {}, await provider.sign({ ...silent, roles }))).status).toBe(200)
    const toldBefore = (hours: number) =>
      run(
        api.database.em.fork(),
        sql`update app_user set role_told_at = now() - make_interval(hours => ${hours})`,
      )
    await toldBefore(SESSION_HOURS - 1)
    expect((await api.ask(ME, {}, await provider.sign(silent))).status).toBe(200)
    await toldBefore(SESSION_HOURS + 1)
    expect((await api.ask(ME, {}, await provider.sign(silent))).status).toBe(401)
    expect((await api.ask('{ users { nodes { name claimedRole } } }')).data['users']).toMatchObject({
      nodes: [{ name: 'Anna Berg', claimedRole: null }],
    })
    expect((await api.ask(ME, {}, await provider.sign({ ...silent, roles }))).status).toBe(200)
  })

  test('that tells the role anew counts from then, also where its user was seen a moment ago', async () => {
    const { roles, ...silent } = claims()
    const telling = await provider.sign({ ...silent, roles })
    expect((await api.ask(ME, {}, telling)).status).toBe(200)
    const em = api.database.em.fork()
    await run(em, sql`update app_user set role_told_at = now() - interval '1 hour'`)
    expect((await api.ask(ME, {}, await provider.sign(silent))).status).toBe(200)
    expect((await api.ask(ME, {}, telling)).status).toBe(200)
    expect(
      await run(em, sql`select role_told_at > now() - interval '1 minute' as fresh from app_user`),
    ).toEqual([{ fresh: true }])
  })

  test('is refused when it was issued for another service', async () => {
    provider.people['robot'] = { name: 'Robot', email: 'robot@contoso.com', roles: ['Accord.Operator'] }
    expect((await api.ask(ME, {}, await provider.tokenOf('api://another'))).status).toBe(401)
  })

  test('is refused when somebody else has signed it', async () => {
    const other = await startProvider(() => `${api.url}/sign-in/callback`)
    try {
      expect((await api.ask(ME, {}, await provider.sign(claims()))).status).toBe(200)
      expect((await api.ask(ME, {}, await other.sign(claims()))).status).toBe(401)
    } finally {
      await other.close()
    }
  })

  test.each([
    ['has expired', { exp: Math.floor(Date.now() / 1000) - 300 }],
    ['never expires', { exp: undefined }],
    ['is for another issuer', { iss: 'https://evil.example' }],
    ['names nobody', { sub: undefined }],
    ['is an ID token', { nonce: 'n' }],
    ['gives no role', { roles: [] }],
    ['is not valid yet', { nbf: Math.floor(Date.now() / 1000) + 300 }],
  ])('is refused when it %s', async (_, wrong) => {
    expect((await api.ask(ME, {}, await provider.sign({ ...claims(), ...wrong }))).status).toBe(401)
  })

  test('is refused without a signature', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    expect((await api.ask(ME, {}, `${part({ alg: 'none' })}.${part(claims())}.`)).status).toBe(401)
  })
})

describe('a sign-in link of this machine', () => {
  test('signs its administrator in, once', async () => {
    const address = await link()
    const browser = new Browser()
    const first = await browser.request(address)
    expect([first.status, first.headers.get('location')]).toEqual([303, '/'])
    expect(await asPage(browser, ME)).toMatchObject({
      body: { data: { me: { name: 'local', role: 'ADMINISTRATOR', kind: 'LOCAL' } } },
    })
    const second = new Browser()
    const refused = await second.request(address)
    expect(refused.status).toBe(400)
    expect(await refused.text()).toContain('<a href="/">Go to Accord</a>')
    expect(second.cookieOf('accord_session')).toBeUndefined()
  })

  test('is too old after its ten minutes', async () => {
    const address = await link()
    await api.database.em
      .fork()
      .execute(`update sign_in_ticket set expires_at = expires_at - interval '10 minutes'`)
    expect((await new Browser().request(address)).status).toBe(400)
  })

  test.each([
    ['by a proxy', { 'x-forwarded-for': '203.0.113.7' }],
    ['by another proxy', { forwarded: 'for=203.0.113.7' }],
    ['by a proxy that says so', { via: '1.1 proxy' }],
    ['by a proxy that names him', { 'x-real-ip': '203.0.113.7' }],
    ['by a proxy that tells how', { 'x-forwarded-proto': 'https' }],
    ['by a proxy that tells where', { 'x-forwarded-host': 'accord.example.com' }],
  ])('is none for who comes %s', async (_, headers) => {
    const address = await link()
    expect((await new Browser().request(address, { headers })).status).toBe(404)
    expect((await new Browser().request(address)).status).toBe(303)
  })

  test.each([
    ['/errors/group/1?state=open', '/errors/group/1?state=open'],
    ['//example.com/errors', '/'],
    ['https://example.com/errors', '/'],
    ['/\\\\example.com', '/'],
  ])('leads to %s, where the browser was going, if that is here', async (wish, place) => {
    const cookie = `accord_return_to=${encodeURIComponent(wish)}`
    const response = await new Browser().request(await link(), { headers: { cookie } })
    expect(response.headers.get('location')).toBe(place)
    expect(response.headers.getSetCookie().join()).toMatch(
      /accord_return_to=; Max-Age=0; Path=\/sign-in\/link/,
    )
  })

  test('is made for who holds the token of this machine alone', async () => {
    provider.people['anna-1'] = { ...anna, roles: ['Accord.Administrator'] }
    const { body } = await asPage(await signedInBrowser(), 'mutation { createSignInLink { path } }')
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
  })
})
