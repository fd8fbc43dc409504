import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { BothApis } from './business-central-support.js'
import { bothApis } from './business-central-support.js'
import type { Subscriber } from './subscriber.js'
import { startSubscriber } from './subscriber.js'
import type { Entity, Reply, TestSandbox } from './support.js'
import { errorOf, records, startTestSandbox, text } from './support.js'

let running: TestSandbox
let apis: BothApis
let subscriber: Subscriber
beforeAll(async () => {
  running = await startTestSandbox()
  apis = bothApis(running)
  await setDelay(20)
})
beforeEach(async () => {
  subscriber = await startSubscriber()
})
afterEach(async () => {
  await setDelay(20)
  for (const subscription of records(await apis.get('/api/v2.0/subscriptions')))
    await apis.remove(`/api/v2.0/subscriptions('${text(subscription, 'subscriptionId')}')`)
  await subscriber.close()
})
afterAll(() => running.close())

const DAY = 24 * 60 * 60 * 1000

async function setDelay(delay: number, of = running): Promise<void> {
  const response = await fetch(`${of.sandbox.businessCentral.origin}/sandbox/webhooks`, {
    method: 'POST',
    body: JSON.stringify({ delay }),
  })
  expect(response.status).toBe(200)
}

async function pending(): Promise<number> {
  const response = await fetch(`${running.sandbox.businessCentral.origin}/sandbox/webhooks`)
  return ((await response.json()) as { pending: number }).pending
}

const subscribe = (resource: string, rest: object = {}): Promise<Reply> =>
  apis.post('/api/v2.0/subscriptions', { notificationUrl: subscriber.url, resource, ...rest })
const subscribed = async (set: string, rest: object = {}): Promise<Entity> => {
  const reply = await subscribe(`companies(${running.sandbox.businessCentral.companyId})/${set}`, rest)
  expect(errorOf(reply)).toMatchObject({ status: 201 })
  return reply.json
}
const told = (): Entity[] => subscriber.deliveries.flat()
const untilTold = (count: number): Promise<void> =>
  vi.waitFor(() => expect(told().length).toBeGreaterThanOrEqual(count), { timeout: 10_000 })
const resourceOf = (set: string, entity: Entity): string =>
  `api/v2.0/companies(${running.sandbox.businessCentral.companyId})/${set}(${text(entity, 'id')})`

describe('subscriptions', () => {
  test('are granted after a handshake, for three days, and can be read by their key', async () => {
    const before = Date.now()
    const granted = await subscribed('customers', { clientState: 'a secret' })
    expect(subscriber.handshakes).toBe(1)
    expect(granted).toMatchObject({
      notificationUrl: subscriber.url,
      resource: `api/v2.0/companies(${running.sandbox.businessCentral.companyId})/customers`,
      clientState: 'a secret',
    })
    const life = Date.parse(text(granted, 'expirationDateTime')) - before
    expect(life).toBeGreaterThanOrEqual(3 * DAY)
    expect(life).toBeLessThan(3 * DAY + 60_000)
    const path = `/api/v2.0/subscriptions('${text(granted, 'subscriptionId')}')`
    expect((await apis.get(path)).json).toEqual(granted)
    expect(records(await apis.get('/api/v2.0/subscriptions'))).toHaveLength(1)
  })

  test('are renewed by a change, which needs the ETag and another handshake, and end by a deletion', async () => {
    const granted = await subscribed('items')
    const path = `/api/v2.0/subscriptions('${text(granted, 'subscriptionId')}')`
    const renew = (headers: Record<string, string>): Promise<Reply> =>
      running.businessCentral.call('PATCH', path, { body: { clientState: 'new' }, headers })
    expect(errorOf(await renew({}))).toMatchObject({ status: 400, code: 'BadRequest_InvalidToken' })
    const renewed = await renew({ 'if-match': text(granted, '@odata.etag') })
    expect(renewed.json).toMatchObject({ clientState: 'new', subscriptionId: granted['subscriptionId'] })
    expect(subscriber.handshakes).toBe(2)
    expect(Date.parse(text(renewed.json, 'expirationDateTime'))).toBeGreaterThanOrEqual(
      Date.parse(text(granted, 'expirationDateTime')),
    )
    expect(errorOf(await renew({ 'if-match': text(granted, '@odata.etag') }))).toMatchObject({
      status: 409,
      code: 'Request_EntityChanged',
    })
    expect((await apis.remove(path)).status).toBe(204)
    expect(errorOf(await apis.get(path))).toMatchObject({ status: 404, code: 'Internal_RecordNotFound' })
  })

  test('are refused without the token in the answer, and for sets without notifications', async () => {
    subscriber.greeting = () => 'hello'
    expect(errorOf(await subscribe('customers'))).toEqual({
      status: 400,
      code: 'BadRequest',
      message: 'The notification URL could not be validated: it did not return the validation token.',
    })
    subscriber.greeting = null
    for (const set of ['contacts', 'salespeoplePurchasers', 'currencyExchangeRates']) {
      expect(errorOf(await subscribe(`api/v2.0/${set}`))).toEqual({
        status: 400,
        code: 'BadRequest',
        message: `The entity set 'api/v2.0/${set}' does not support webhooks.`,
      })
    }
    expect(errorOf(await subscribe(`${apis.own}/customers`))).toMatchObject({ status: 400 })
    expect(errorOf(await subscribe('customers', { clientState: 'x'.repeat(2049) }))).toMatchObject({
      code: 'Application_StringExceededLength',
    })
    expect(records(await apis.get('/api/v2.0/subscriptions'))).toHaveLength(0)
  })

  test('are listed in the metadata of API v2.0 alone', async () => {
    expect((await apis.get('/api/v2.0/$metadata')).text).toContain('EntitySet Name="subscriptions"')
    expect((await apis.get('/api/accord/synchronization/v1.0/$metadata')).text).not.toContain('subscriptions')
    expect((await apis.get('/api/accord/synchronization/v1.0/subscriptions')).status).toBe(404)
  })

  test('can be had for every notified set, by every form of address', async () => {
    const { url, companyId } = running.sandbox.businessCentral
    const forms = [
      `${url}/companies(${companyId})/vendors`,
      `/api/v2.0/companies(${companyId})/items`,
      `api/v2.0/companies(${companyId})/unitsOfMeasure`,
      `companies(${companyId})/currencies`,
      'paymentTerms',
      'shipmentMethods',
      'itemCategories',
    ]
    for (const form of forms) {
      const set = form.split('/').at(-1) ?? ''
      expect((await subscribe(form)).json).toMatchObject({
        resource: `api/v2.0/companies(${companyId})/${set}`,
      })
    }
  })
})

describe('notifications', () => {
  test('tell of creation, change and deletion, on whichever route, without content', async () => {
    const granted = await subscribed('customers', { clientState: 'a secret' })
    const customer = await apis.customer()
    await untilTold(1)
    expect(subscriber.deliveries).toEqual([
      [
        {
          subscriptionId: granted['subscriptionId'],
          clientState: 'a secret',
          expirationDateTime: granted['expirationDateTime'],
          resource: resourceOf('customers', customer),
          changeType: 'created',
          lastModifiedDateTime: customer['lastModifiedDateTime'],
        },
      ],
    ])
    await apis.patch(`${apis.own}/customers(${text(customer, 'id')})`, { fax: '1' })
    await untilTold(2)
    await apis.remove(`customers(${text(customer, 'id')})`)
    await untilTold(3)
    expect(told().map((entry) => entry['changeType'])).toEqual(['created', 'updated', 'deleted'])
  })

  test('several changes of one record within the delay are one; those of several sets come together', async () => {
    await subscribed('customers')
    await subscribed('vendors')
    await setDelay(60_000)
    const customer = await apis.customer()
    await apis.patch(`customers(${text(customer, 'id')})`, { city: 'Bonn' })
    const vendor = await apis.created('vendors', {})
    const short = await apis.created('vendors', {})
    await apis.remove(`vendors(${text(short, 'id')})`)
    expect(await pending()).toBe(3)
    await setDelay(0)
    await untilTold(3)
    expect(subscriber.deliveries).toHaveLength(1)
    expect(told().map((entry) => [entry['resource'], entry['changeType']])).toEqual([
      [resourceOf('customers', customer), 'created'],
      [resourceOf('vendors', vendor), 'created'],
      [resourceOf('vendors', short), 'deleted'],
    ])
    expect(await pending()).toBe(0)
  })

  test('a record that changes with another is told of as well', async () => {
    const unit = await apis.post('unitsOfMeasure', { code: 'CRATE' })
    const item = await apis.created('items', { baseUnitOfMeasureCode: 'CRATE' })
    await subscribed('items')
    await apis.patch(`unitsOfMeasure(${text(unit.json, 'id')})`, { code: 'CASE' })
    await untilTold(1)
    expect(told()).toMatchObject([{ resource: resourceOf('items', item), changeType: 'updated' }])
  })

  test('what was undone is not told of', async () => {
    await subscribed('customers')
    const requests = [
      { method: 'POST', url: 'customers', body: { displayName: 'Undone' } },
      { method: 'POST', url: 'customers', body: {} },
    ]
    await running.businessCentral.call('POST', '/api/v2.0/$batch', {
      body: { requests },
      headers: { isolation: 'snapshot' },
    })
    const customer = await apis.customer()
    await untilTold(1)
    expect(told()).toMatchObject([{ resource: resourceOf('customers', customer) }])
  })

  test('more than a thousand changes are told as one of the set, with a filter that finds them', async () => {
    await subscribed('vendors')
    await setDelay(60_000)
    const label = randomUUID()
    for (let batch = 0; batch < 11; batch += 1) {
      const requests = Array.from({ length: 100 }, () => ({
        method: 'POST',
        url: 'vendors',
        body: { displayName: label },
      }))
      expect((await apis.post('/api/v2.0/$batch', { requests })).status).toBe(200)
    }
    await setDelay(0)
    await untilTold(1)
    expect(told()).toMatchObject([{ changeType: 'collection' }])
    const resource = text(told()[0] ?? {}, 'resource')
    const found = records(await apis.get(`/${resource}`))
    expect(found.filter((vendor) => vendor['displayName'] === label)).toHaveLength(1100)
    expect(await pending()).toBe(0)
  })

  test.each([408, 429, 503])('a subscriber that answers %d is told again', async (status) => {
    await subscribed('customers')
    subscriber.status = status
    const customer = await apis.customer()
    await untilTold(2)
    expect(await pending()).toBe(1)
    subscriber.status = 200
    await vi.waitFor(async () => expect(await pending()).toBe(0), { timeout: 10_000 })
    expect(new Set(told().map((entry) => entry['resource']))).toEqual(
      new Set([resourceOf('customers', customer)]),
    )
  })

  test('a subscriber that answers otherwise loses the subscription', async () => {
    await subscribed('customers')
    subscriber.status = 404
    await apis.customer()
    await vi.waitFor(async () => expect(records(await apis.get('/api/v2.0/subscriptions'))).toHaveLength(0), {
      timeout: 10_000,
    })
    expect(subscriber.deliveries).toHaveLength(1)
  })

  test('a subscription that nobody renewed ends', async () => {
    await subscribed('customers')
    const setClock = (offset: number): Promise<Response> =>
      fetch(`${running.sandbox.businessCentral.origin}/sandbox/clock`, {
        method: 'POST',
        body: JSON.stringify({ offset }),
      })
    await setClock(3 * DAY + 60_000)
    try {
      await apis.customer()
      await vi.waitFor(
        async () => expect(records(await apis.get('/api/v2.0/subscriptions'))).toHaveLength(0),
        {
          timeout: 10_000,
        },
      )
      expect(told()).toHaveLength(0)
    } finally {
      await setClock(0)
    }
  })

  test('what was noted before a restart is told after it', async () => {
    let other = await startTestSandbox()
    try {
      const client = bothApis(other)
      await client.post('/api/v2.0/subscriptions', { notificationUrl: subscriber.url, resource: 'customers' })
      await setDelay(60_000, other)
      const customer = await client.customer()
      other = await other.restart()
      await untilTold(1)
      expect(told()).toMatchObject([{ resource: resourceOf('customers', customer), changeType: 'created' }])
    } finally {
      await other.close()
    }
  })
})
