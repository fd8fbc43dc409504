import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestSandbox } from './support.js'
import { errorOf, startTestSandbox, text } from './support.js'

let running: TestSandbox
beforeAll(async () => {
  running = await startTestSandbox()
})
afterAll(() => running.close())

type Header = 'none' | 'malformed' | 'current' | 'stale' | 'star'

/** The rules of If-Match, row by row. */
const RULES: readonly { method: 'PATCH' | 'DELETE'; header: Header; status: number; code: string }[] = [
  { method: 'PATCH', header: 'none', status: 400, code: 'BadRequest_InvalidToken' },
  { method: 'PATCH', header: 'malformed', status: 400, code: 'BadRequest_InvalidToken' },
  { method: 'PATCH', header: 'current', status: 200, code: '' },
  { method: 'PATCH', header: 'stale', status: 409, code: 'Request_EntityChanged' },
  { method: 'PATCH', header: 'star', status: 200, code: '' },
  { method: 'DELETE', header: 'none', status: 204, code: '' },
  { method: 'DELETE', header: 'malformed', status: 400, code: 'BadRequest_InvalidToken' },
  { method: 'DELETE', header: 'current', status: 204, code: '' },
  { method: 'DELETE', header: 'stale', status: 409, code: 'Request_EntityChanged' },
  { method: 'DELETE', header: 'star', status: 204, code: '' },
]

describe('If-Match in Business Central', () => {
  test.each(RULES)('$method with $header: $status $code', async ({ method, header, status, code }) => {
    const client = running.businessCentral
    const created = await client.call('POST', 'customers', { body: { displayName: 'Etag' } })
    const id = text(created.json, 'id')
    const first = text(created.json, '@odata.etag')
    const changed = await client.call('PATCH', `customers(${id})`, {
      body: { city: 'A' },
      headers: { 'if-match': first },
    })
    const current = text(changed.json, '@odata.etag')
    const headers: Record<Header, Record<string, string>> = {
      none: {},
      malformed: { 'if-match': 'W/"not a token"' },
      current: { 'if-match': current },
      stale: { 'if-match': first },
      star: { 'if-match': '*' },
    }
    const options =
      method === 'PATCH' ? { body: { city: 'B' }, headers: headers[header] } : { headers: headers[header] }
    const reply = await client.call(method, `customers(${id})`, options)
    expect(errorOf(reply)).toMatchObject({ status, code })
    const after = await client.get(`customers(${id})`)
    const remains = status === 200 ? 'B' : 'A'
    expect([after.status, after.json['city']]).toEqual(status === 204 ? [404, undefined] : [200, remains])
  })

  test('the token has the documented form and moves with every change', async () => {
    const created = await running.businessCentral.call('POST', 'customers', { body: { displayName: 'Form' } })
    const etag = text(created.json, '@odata.etag')
    expect(Buffer.from(/^W\/"(.*)"$/.exec(etag)?.[1] ?? '', 'base64').toString()).toMatch(/^'20;\d{20};00;'$/)
    expect(created.headers.get('etag')).toBe(etag)
    const changed = await running.businessCentral.call('PATCH', `customers(${text(created.json, 'id')})`, {
      body: {},
      headers: { 'if-match': etag },
    })
    expect(text(changed.json, '@odata.etag')).not.toBe(etag)
  })

  test('the sandbox can be told to refuse a deletion without a token', async () => {
    const strict = await startTestSandbox({ strictDelete: true })
    try {
      const created = await strict.businessCentral.call('POST', 'customers', {
        body: { displayName: 'Strict' },
      })
      const reply = await strict.businessCentral.call('DELETE', `customers(${text(created.json, 'id')})`)
      expect(errorOf(reply)).toMatchObject({ status: 400, code: 'BadRequest_InvalidToken' })
    } finally {
      await strict.close()
    }
  })
})
