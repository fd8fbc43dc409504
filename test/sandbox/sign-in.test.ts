import { X509Certificate, constants, createPrivateKey, sign } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { APPLICATION_STATES, USER_STATES } from '../../sandbox/common/sign-in-states.js'
import type { TestSandbox } from './support.js'
import { CLIENT, clientWithToken, startTestSandbox } from './support.js'
import { CERTIFICATE, OTHER_PRIVATE_KEY, PRIVATE_KEY } from './certificates.js'

const USER = {
  username: 'integration@northwind.example',
  password: 'pass word',
  webServiceKey: 'a+key/with=',
}
const SCOPE = 'https://org.crm.dynamics.com/.default'

let running: TestSandbox
beforeAll(async () => {
  running = await startTestSandbox({ users: [USER], certificate: CERTIFICATE })
})
afterAll(() => running.close())
afterEach(async () => {
  await running.release('dataverse', 'sign-in')
  await running.release('businessCentral', 'service')
})

interface Reply {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}
async function ask(form: Record<string, string>, path?: string): Promise<Reply> {
  const url = path === undefined ? running.sandbox.tokenUrl : new URL(path, running.sandbox.tokenUrl).href
  const reply = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ client_id: CLIENT.id, scope: SCOPE, ...form }),
  })
  return { status: reply.status, body: (await reply.json()) as Reply['body'] }
}
const bySecret = (): Promise<Reply> => ask({ grant_type: 'client_credentials', client_secret: CLIENT.secret })
const byPassword = (rest: object = {}): Promise<Reply> =>
  ask({ grant_type: 'password', username: USER.username, password: USER.password, ...rest })
const byCertificate = (signed: string): Promise<Reply> =>
  ask({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: signed,
  })

interface Assertion {
  readonly algorithm?: 'RS256' | 'PS256'
  readonly key?: string
  readonly thumbprint?: 'sha1' | 'sha256'
  readonly lifetime?: number
}
function assertion({
  algorithm = 'PS256',
  key = PRIVATE_KEY,
  thumbprint = 'sha256',
  lifetime = 600,
}: Assertion): string {
  const { fingerprint, fingerprint256 } = new X509Certificate(CERTIFICATE)
  const hex = thumbprint === 'sha1' ? fingerprint : fingerprint256
  const named = Buffer.from(hex.replaceAll(':', ''), 'hex').toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const parts = [
    { alg: algorithm, typ: 'JWT', [thumbprint === 'sha1' ? 'x5t' : 'x5t#S256']: named },
    { aud: running.sandbox.tokenUrl, iss: CLIENT.id, sub: CLIENT.id, jti: 'once', exp: now + lifetime },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  const padding =
    algorithm === 'PS256'
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      : { padding: constants.RSA_PKCS1_PADDING }
  const signature = sign('sha256', Buffer.from(parts.join('.')), { key: createPrivateKey(key), ...padding })
  return `${parts.join('.')}.${signature.toString('base64url')}`
}

describe('an application', () => {
  test.each(Object.entries(APPLICATION_STATES).filter(([state]) => state !== 'certificateUnknown'))(
    'in the state %s is refused until the switch is cleared',
    async (state, { status, error, code }) => {
      await running.turn('dataverse', 'sign-in', { clientId: CLIENT.id, state })
      const refused = await bySecret()
      expect(refused.status).toBe(status)
      expect(refused.body).toMatchObject({ error, error_codes: [code] })
      expect(refused.body['error_description']).toMatch(new RegExp(`^AADSTS${code}: `))
      await running.release('businessCentral', 'sign-in')
      expect((await bySecret()).status).toBe(200)
    },
  )

  test('signs in with its certificate, whatever thumbprint and algorithm it uses', async () => {
    for (const algorithm of ['RS256', 'PS256'] as const) {
      for (const thumbprint of ['sha1', 'sha256'] as const) {
        const reply = await byCertificate(assertion({ algorithm, thumbprint }))
        expect(reply).toMatchObject({ status: 200, body: { token_type: 'Bearer' } })
      }
    }
  })

  test.each([
    ['signed with another key', { key: OTHER_PRIVATE_KEY }, 700027],
    ['out of time', { lifetime: -10 }, 700024],
  ] as const)('is refused with an assertion %s', async (_name, how, code) => {
    expect(await byCertificate(assertion(how))).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_codes: [code] },
    })
  })

  test('is refused with something that is no assertion', async () => {
    expect(await byCertificate('nothing')).toMatchObject({ status: 401, body: { error_codes: [50027] } })
  })

  test('with an expired secret may still show its certificate, and the other way round', async () => {
    await running.turn('dataverse', 'sign-in', { state: 'secretExpired' })
    expect((await byCertificate(assertion({}))).status).toBe(200)
    await running.turn('dataverse', 'sign-in', { state: 'certificateUnknown' })
    expect((await bySecret()).status).toBe(200)
    expect((await byCertificate(assertion({}))).body).toMatchObject({ error_codes: [700027] })
  })
})

describe('a user', () => {
  test.each(Object.entries(USER_STATES))(
    'in the state %s is refused',
    async (state, { status, error, code }) => {
      await running.turn('businessCentral', 'sign-in', { username: USER.username, state })
      expect(await byPassword()).toMatchObject({ status, body: { error, error_codes: [code] } })
    },
  )

  test('must know the password', async () => {
    expect(await byPassword({ password: 'wrong' })).toMatchObject({
      status: 400,
      body: { error_codes: [50126] },
    })
    expect(await byPassword({ username: 'nobody' })).toMatchObject({
      status: 400,
      body: { error_codes: [50034] },
    })
  })

  test('is himself in Dataverse', async () => {
    const { body } = await byPassword()
    const client = clientWithToken(running.sandbox.dataverse.url, String(body['access_token']))
    const { UserId } = (await client.get('WhoAmI')).json
    const user = await client.get(`systemusers(${String(UserId)})?$select=domainname,applicationid`)
    expect(user.json).toMatchObject({ domainname: USER.username, applicationid: null })
  })

  test('signs in to Business Central on premises with his web service key', async () => {
    const companies = `${running.sandbox.businessCentral.origin}/BC/api/v2.0/companies`
    const withKey = (key: string): Promise<Response> =>
      fetch(companies, {
        headers: { authorization: `Basic ${Buffer.from(`${USER.username}:${key}`).toString('base64')}` },
      })
    expect((await withKey(USER.webServiceKey)).status).toBe(401)
    await running.turn('businessCentral', 'service', { onPremises: true })
    expect((await withKey(USER.webServiceKey)).status).toBe(200)
    const refused = await withKey(USER.password)
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Basic realm=""'])
  })
})

test('switches can be set when the sandbox starts', async () => {
  const locked = await startTestSandbox({
    switches: [{ system: 'dataverse', name: 'service', body: { administrationMode: true } }],
  })
  try {
    expect((await locked.dataverse.get('WhoAmI')).json).toMatchObject({ error: { code: '0x8004a113' } })
  } finally {
    await locked.close()
  }
})
