import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/sandbox.js'
import type { TestSandbox } from './support.js'
import {
  CLIENT,
  clientWithToken,
  errorOf,
  fetchToken,
  freshDatabaseUrl,
  startTestSandbox,
} from './support.js'

let running: TestSandbox
beforeAll(async () => {
  running = await startTestSandbox()
})
afterAll(() => running.close())

const FORM = {
  grant_type: 'client_credentials',
  client_id: CLIENT.id,
  client_secret: CLIENT.secret,
  scope: 'https://org.crm.dynamics.com/.default',
}

const REFUSALS = [
  {
    name: 'a wrong secret',
    form: { ...FORM, client_secret: 'wrong' },
    status: 401,
    error: 'invalid_client',
    code: 7000215,
  },
  {
    name: 'no secret',
    form: { ...FORM, client_secret: '' },
    status: 401,
    error: 'invalid_client',
    code: 7000218,
  },
  {
    name: 'an unknown client',
    form: { ...FORM, client_id: 'nobody' },
    status: 400,
    error: 'unauthorized_client',
    code: 700016,
  },
  {
    name: 'no grant',
    form: { ...FORM, grant_type: '' },
    status: 400,
    error: 'invalid_request',
    code: 900144,
  },
  {
    name: 'another grant',
    form: { ...FORM, grant_type: 'authorization_code' },
    status: 400,
    error: 'unsupported_grant_type',
    code: 70003,
  },
  {
    name: 'a bad scope',
    form: { ...FORM, scope: 'user_impersonation' },
    status: 400,
    error: 'invalid_scope',
    code: 70011,
  },
]

describe('the token endpoint', () => {
  test.each(REFUSALS)('refuses $name', async ({ form, status, error, code }) => {
    const reply = await fetch(running.sandbox.tokenUrl, { method: 'POST', body: new URLSearchParams(form) })
    const body = (await reply.json()) as Record<string, unknown>
    expect(reply.status).toBe(status)
    expect(body).toMatchObject({ error, error_codes: [code] })
    expect(String(body['error_description'])).toMatch(new RegExp(`^AADSTS${code}: .*\\r\\nTrace ID: `))
    expect(body).toHaveProperty('correlation_id')
  })

  test('both systems serve it and take its tokens, also after a restart', async () => {
    const { businessCentral, tokenUrl } = running.sandbox
    const token = await fetchToken(
      `${businessCentral.origin}${new URL(tokenUrl).pathname}`,
      CLIENT.id,
      CLIENT.secret,
    )
    running = await running.restart()
    expect((await clientWithToken(running.sandbox.businessCentral.url, token).get('companies')).status).toBe(
      200,
    )
    expect((await clientWithToken(running.sandbox.dataverse.url, token).get('WhoAmI')).status).toBe(200)
  })
})

describe('without a valid token', () => {
  test.each([
    ['missing', null],
    ['foreign', 'eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl'],
  ])('%s: 401 as each system words it', async (_name, token) => {
    const businessCentral = await clientWithToken(running.sandbox.businessCentral.url, token).get('companies')
    expect(errorOf(businessCentral)).toEqual({
      status: 401,
      code: 'Authentication_InvalidCredentials',
      message: 'The server has rejected the client credentials.',
    })
    const dataverse = await clientWithToken(running.sandbox.dataverse.url, token).get('WhoAmI')
    expect(dataverse.status).toBe(401)
    expect(dataverse.headers.get('www-authenticate')).toMatch(/^Bearer authorization_uri=/)
  })

  test('an expired one', async () => {
    const brief = await startTestSandbox({ tokenLifetime: 0 })
    try {
      expect((await brief.businessCentral.get('customers')).status).toBe(401)
      expect(errorOf(await brief.dataverse.get('WhoAmI'))).toMatchObject({ status: 401, code: '0x8004a101' })
    } finally {
      await brief.close()
    }
  })
})

test('a taken port is named with its option, and nothing is left running', async () => {
  const taken = Number(new URL(running.sandbox.dataverse.origin).port)
  const starting = startSandbox({
    businessCentralDatabaseUrl: freshDatabaseUrl('sandbox_bc'),
    dataverseDatabaseUrl: freshDatabaseUrl('sandbox_dv'),
    businessCentralPort: taken,
    dataversePort: 0,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    demo: false,
  })
  await expect(starting).rejects.toThrow(
    `Port ${taken} for the Business Central sandbox is taken by another program. Choose another with --business-central-port.`,
  )
})
