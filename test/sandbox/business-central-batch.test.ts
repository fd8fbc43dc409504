import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Entity, Reply, TestSandbox } from './support.js'
import { errorOf, records, startTestSandbox, text } from './support.js'

let running: TestSandbox
beforeAll(async () => {
  running = await startTestSandbox()
})
afterAll(() => running.close())

interface Item {
  readonly id?: string
  readonly method: string
  readonly url: string
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

const batch = (requests: readonly Item[], headers: Record<string, string> = {}): Promise<Reply> =>
  running.businessCentral.call('POST', '/api/v2.0/$batch', { body: { requests }, headers })
const responses = (
  reply: Reply,
): { id: unknown; status: number; body?: Entity; headers: Record<string, string> }[] =>
  reply.json['responses'] as never
const create = (displayName: string, rest: object = {}): Item => ({
  method: 'POST',
  url: 'customers',
  body: { displayName, ...rest },
})
const named = async (name: string): Promise<Entity[]> =>
  records(await running.businessCentral.get(`customers?$filter=displayName eq '${name}'`))

describe('$batch of Business Central', () => {
  test('every form of address, each with its id', async () => {
    const { url, companyId } = running.sandbox.businessCentral
    const reply = await batch([
      { id: 'a', ...create('Forms') },
      { id: 'b', method: 'POST', url: `companies(${companyId})/customers`, body: { displayName: 'Forms' } },
      {
        id: 'c',
        method: 'POST',
        url: `${url}/companies(${companyId})/customers`,
        body: { displayName: 'Forms' },
      },
      { method: 'POST', url: 'customers', headers: { Company: 'Northwind' }, body: { displayName: 'Forms' } },
      { id: 'e', method: 'GET', url: `customers?$filter=displayName eq 'Forms'&$select=number` },
    ])
    expect(reply.status).toBe(200)
    expect(responses(reply).map(({ id, status }) => [id, status])).toEqual([
      ['a', 201],
      ['b', 201],
      ['c', 201],
      [null, 201],
      ['e', 200],
    ])
    expect(responses(reply)[4]?.body?.['value']).toHaveLength(4)
    expect(responses(reply)[0]?.headers).toMatchObject({ 'odata-version': '4.0' })
  })

  test('stops at the first error, what came before stays', async () => {
    const reply = await batch([create('Stops'), create(''), create('Stops')])
    expect(responses(reply).map(({ status }) => status)).toEqual([201, 400])
    expect(await named('Stops')).toHaveLength(1)
  })

  test('goes on when asked to', async () => {
    const reply = await batch(
      [
        create('Goes on'),
        create(''),
        create('Goes on'),
        { method: 'GET', url: 'clients' },
        create('Goes on'),
      ],
      {
        prefer: 'odata.continue-on-error',
      },
    )
    expect(responses(reply).map(({ status }) => status)).toEqual([201, 400, 201, 404, 201])
    expect(await named('Goes on')).toHaveLength(3)
  })

  test('a snapshot is undone as a whole though its first items say 201', async () => {
    const isolated = { isolation: 'snapshot' }
    const failed = await batch(
      [create('Snapshot'), create('Snapshot', { number: 'SNAP1' }), create('')],
      isolated,
    )
    expect(responses(failed).map(({ status }) => status)).toEqual([201, 201, 400])
    expect(await named('Snapshot')).toHaveLength(0)
    const passed = await batch(
      [
        create('Snapshot', { number: 'SNAP1' }),
        { method: 'GET', url: `customers?$filter=number eq 'SNAP1'` },
      ],
      isolated,
    )
    expect(responses(passed)[1]?.body?.['value']).toHaveLength(1)
    expect(await named('Snapshot')).toHaveLength(1)
  })

  test('changes of one record follow each other, each with the token of the one before', async () => {
    const created = (
      await running.businessCentral.call('POST', 'customers', { body: { displayName: 'Twice' } })
    ).json
    const url = `customers(${text(created, 'id')})`
    const headers = { 'If-Match': text(created, '@odata.etag') }
    const reply = await batch(
      [
        { method: 'PATCH', url, headers, body: { city: 'One' } },
        { method: 'PATCH', url, headers, body: { city: 'Two' } },
        { method: 'DELETE', url, headers: { 'If-Match': '*' } },
        { method: 'GET', url },
      ],
      { prefer: 'odata.continue-on-error' },
    )
    expect(responses(reply).map(({ status }) => status)).toEqual([200, 409, 204, 404])
    expect(responses(reply)[0]?.body?.['city']).toBe('One')
  })

  test('a number may change hands within a batch', async () => {
    const created = (
      await running.businessCentral.call('POST', 'customers', {
        body: { displayName: 'Hands', number: 'HANDS' },
      })
    ).json
    const reply = await batch([
      {
        method: 'DELETE',
        url: `customers(${text(created, 'id')})`,
        headers: { 'If-Match': text(created, '@odata.etag') },
      },
      create('Hands again', { number: 'HANDS' }),
      create('Hands third', { number: 'HANDS' }),
    ])
    expect(responses(reply).map(({ status }) => status)).toEqual([204, 201, 400])
  })

  test('two batches that create the same number at once: one wins each number', async () => {
    const numbers = Array.from({ length: 50 }, (_unused, index) => create('Race', { number: `RACE${index}` }))
    const both = await Promise.all(
      [numbers, numbers.toReversed()].map((items) => batch(items, { prefer: 'odata.continue-on-error' })),
    )
    const statuses = both.flatMap(responses).map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(50)
    expect(statuses.filter((status) => status === 400)).toHaveLength(50)
    expect(await named('Race')).toHaveLength(50)
  })

  test('more than a hundred operations are refused', async () => {
    const reply = await batch(Array.from({ length: 101 }, () => create('Too many')))
    expect(errorOf(reply)).toMatchObject({ status: 500, code: 'Internal_ServerError' })
    expect(await named('Too many')).toHaveLength(0)
  })
})
