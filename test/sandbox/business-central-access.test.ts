import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, TestSandbox } from './support.js'
import { CLIENT, clientWithToken, errorOf, fetchToken, records, startTestSandbox, text } from './support.js'

let running: TestSandbox
beforeAll(async () => {
  running = await startTestSandbox({ demo: true })
})
afterAll(() => running.close())
afterEach(async () => {
  for (const name of ['service', 'permissions', 'sign-in', 'exchange-rates'])
    await running.release('businessCentral', name)
})

const turn = (name: string, body: object): Promise<void> => running.turn('businessCentral', name, body)
const firstCustomer = async (): Promise<string> =>
  text(records(await running.businessCentral.get('customers?$top=1'))[0] ?? {}, 'id')
const change = (path: string, headers: Record<string, string> = {}): Promise<Reply> =>
  running.businessCentral.call('PATCH', path, {
    body: { city: 'Hamburg' },
    headers: { 'if-match': '*', ...headers },
  })

const REJECTED = {
  status: 401,
  code: 'Authentication_InvalidCredentials',
  message: 'The server has rejected the client credentials.',
}

describe('the door of Business Central', () => {
  test.each([
    ['no application card', 'permissions', { applicationCard: 'missing' }],
    ['a disabled application card', 'permissions', { applicationCard: 'disabled' }],
    ['tokens for another audience', 'service', { audience: 'https://org.crm.dynamics.com' }],
  ])('is shut: %s', async (_name, name, body) => {
    await turn(name, body)
    expect(errorOf(await running.businessCentral.get('customers'))).toEqual(REJECTED)
    await running.release('businessCentral', name)
    expect((await running.businessCentral.get('customers')).status).toBe(200)
  })

  test('is shut to tokens without the role, and only to the client they belong to', async () => {
    const { tokenUrl, personClientId, personClientSecret, businessCentral } = running.sandbox
    await turn('sign-in', { clientId: CLIENT.id, roles: ['Automation.ReadWrite.All'] })
    const statusOf = async (id: string, secret: string): Promise<number> => {
      const token = await fetchToken(tokenUrl, id, secret)
      return (await clientWithToken(businessCentral.url, token).get('companies')).status
    }
    expect(await statusOf(CLIENT.id, CLIENT.secret)).toBe(401)
    expect(await statusOf(personClientId, personClientSecret)).toBe(200)
  })

  test.each([
    [{ apiServices: false }, 405, 'BadRequest_MethodNotAllowed'],
    [{ environment: false }, 404, 'NoEnvironment'],
  ])('nobody gets in: %j', async (service, status, code) => {
    await turn('service', service)
    expect(errorOf(await running.businessCentral.get('customers'))).toMatchObject({ status, code })
  })

  test('pages wait for the upgrade of their data', async () => {
    await turn('service', { dataUpgradePending: true })
    expect(errorOf(await running.businessCentral.get('customers'))).toMatchObject({
      status: 400,
      message: 'You must run the data upgrade for this API page.',
    })
    expect((await running.businessCentral.get('/api/v2.0/companies')).status).toBe(200)
  })
})

describe('permission sets', () => {
  test('may lack the company: the list is empty, and what is in it does not exist', async () => {
    await turn('permissions', { companies: false })
    expect(records(await running.businessCentral.get('/api/v2.0/companies'))).toEqual([])
    expect(errorOf(await running.businessCentral.get('customers'))).toMatchObject({
      status: 404,
      code: 'Internal_CompanyNotFound',
    })
  })

  test('may lack one right on one table; items of a batch are refused one by one', async () => {
    const id = await firstCustomer()
    await turn('permissions', { denied: [{ table: 'customers', rights: ['Modify', 'Insert'] }] })
    const denied = (right: string): object => ({
      status: 403,
      code: 'Internal_ServerError',
      message: `Sorry, the current permissions prevented the action. (TableData 18 Customer ${right}: Base Application)`,
    })
    expect(errorOf(await change(`customers(${id})`))).toEqual(denied('Modify'))
    // What is refused for want of permission is refused before the version is looked at.
    expect(errorOf(await change(`customers(${id})`, { 'if-match': 'W/"JzE5OzE7MDsn"' }))).toEqual(
      denied('Modify'),
    )
    const requests = [
      { method: 'GET', url: `customers(${id})` },
      { method: 'POST', url: 'customers', body: { displayName: 'Nobody' } },
      { method: 'GET', url: 'vendors?$top=1' },
    ]
    const batch = await running.businessCentral.call('POST', '/api/v2.0/$batch', {
      body: { requests },
      headers: { prefer: 'odata.continue-on-error' },
    })
    expect((batch.json['responses'] as { status: number }[]).map(({ status }) => status)).toEqual([
      200, 403, 200,
    ])
    await running.release('businessCentral', 'permissions')
    expect((await change(`customers(${id})`)).status).toBe(200)
  })
})

test('exchange rates of a currency are missing, or begin another day, until the switch is cleared', async () => {
  const ratesOf = async (): Promise<unknown[]> =>
    records(await running.businessCentral.get(`currencyExchangeRates?$filter=currencyCode eq 'EUR'`)).map(
      (rate) => [rate['startingDate'], rate['relationalExchangeRateAmount']],
    )
  const before = await ratesOf()
  expect(before).toHaveLength(1)
  await turn('exchange-rates', { currency: 'EUR', rates: [] })
  expect(await ratesOf()).toEqual([])
  await turn('exchange-rates', { currency: 'EUR', rates: [{ from: '2099-01-01', rate: 1.5 }] })
  expect(await ratesOf()).toEqual([['2099-01-01', 1.5]])
  running = await running.restart()
  await running.release('businessCentral', 'exchange-rates')
  expect(await ratesOf()).toEqual(before)
})

test('a switch that makes no sense is refused', async () => {
  await expect(turn('permissions', { denied: [{ table: 'cars', rights: ['Read'] }] })).rejects.toThrow(
    'no table',
  )
  await expect(turn('sign-in', { clientId: 'nobody', state: 'ok' })).rejects.toThrow('no application')
})
