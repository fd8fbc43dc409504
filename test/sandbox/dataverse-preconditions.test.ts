import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestSandbox } from './support.js'
import { errorOf, startTestSandbox, text } from './support.js'

let running: TestSandbox
beforeAll(async () => {
  running = await startTestSandbox()
})
afterAll(() => running.close())

type Header = 'none' | 'matchAny' | 'noneMatchAny' | 'current' | 'stale' | 'malformed' | 'noneMatchNull'
type State = 'present' | 'missing' | 'deleted'

interface Rule {
  readonly method: 'PATCH' | 'DELETE'
  readonly state: State
  readonly header: Header
  readonly status: number
  readonly code: string
}

const rule = (method: Rule['method'], state: State, header: Header, status: number, code = ''): Rule => ({
  method,
  state,
  header,
  status,
  code,
})

/** What a precondition does, for a record that is there, never was, or was deleted. */
const RULES: readonly Rule[] = [
  rule('PATCH', 'present', 'none', 200),
  rule('PATCH', 'present', 'noneMatchNull', 200),
  rule('PATCH', 'present', 'matchAny', 200),
  rule('PATCH', 'present', 'noneMatchAny', 412, '0x80040237'),
  rule('PATCH', 'present', 'current', 200),
  rule('PATCH', 'present', 'stale', 412, '0x80060882'),
  rule('PATCH', 'present', 'malformed', 400, '0x0'),
  rule('PATCH', 'missing', 'none', 201),
  rule('PATCH', 'missing', 'matchAny', 404, '0x80040217'),
  rule('PATCH', 'missing', 'noneMatchAny', 201),
  rule('PATCH', 'missing', 'stale', 404, '0x80040217'),
  rule('PATCH', 'deleted', 'none', 201),
  rule('PATCH', 'deleted', 'current', 404, '0x80040217'),
  rule('DELETE', 'present', 'none', 204),
  rule('DELETE', 'present', 'matchAny', 204),
  rule('DELETE', 'present', 'current', 204),
  rule('DELETE', 'present', 'stale', 412, '0x80060882'),
  rule('DELETE', 'missing', 'none', 404, '0x80040217'),
  rule('DELETE', 'missing', 'matchAny', 404, '0x80040217'),
]

describe('preconditions in Dataverse', () => {
  test.each(RULES)(
    '$method of a $state record with $header: $status $code',
    async ({ method, state, header, status, code }) => {
      const client = running.dataverse
      const representation = { prefer: 'return=representation' }
      const id = randomUUID()
      const url = `accounts(${id})`
      let first = 'W/"1"'
      let current = 'W/"2"'
      if (state !== 'missing') {
        first = text(
          (await client.call('PATCH', url, { body: { name: 'First' }, headers: representation })).json,
          '@odata.etag',
        )
        current = text(
          (await client.call('PATCH', url, { body: { name: 'Before' }, headers: representation })).json,
          '@odata.etag',
        )
      }
      if (state === 'deleted') await client.call('DELETE', url)
      const headers: Record<Header, Record<string, string>> = {
        none: {},
        matchAny: { 'if-match': '*' },
        noneMatchAny: { 'if-none-match': '*' },
        noneMatchNull: { 'if-none-match': 'null' },
        current: { 'if-match': current },
        stale: { 'if-match': first },
        malformed: { 'if-match': 'yesterday' },
      }
      const sent = { ...representation, ...headers[header] }
      const reply = await client.call(
        method,
        url,
        method === 'PATCH' ? { body: { name: 'After' }, headers: sent } : { headers: sent },
      )
      expect(errorOf(reply)).toMatchObject({ status, code })
      const after = await client.get(`${url}?$select=name`)
      const untouched = state === 'present' ? 'Before' : undefined
      const done = method === 'PATCH' ? 'After' : undefined
      expect(after.json['name']).toBe(status < 300 ? done : untouched)
    },
  )

  test('answers without representation are 204 with the address of the record', async () => {
    const created = await running.dataverse.call('POST', 'accounts', { body: { name: 'Address' } })
    expect(created.status).toBe(204)
    const address = created.headers.get('odata-entityid') ?? ''
    expect(address).toMatch(/\/api\/data\/v9\.2\/accounts\([0-9a-f-]{36}\)$/)
    expect((await running.dataverse.call('PATCH', address, { body: { fax: '1' } })).status).toBe(204)
    expect((await running.dataverse.get(address)).json).toMatchObject({ name: 'Address', fax: '1' })
  })

  test('a creation may choose its id once', async () => {
    const accountid = randomUUID()
    expect(
      (await running.dataverse.call('POST', 'accounts', { body: { accountid, name: 'Chosen' } })).status,
    ).toBe(204)
    const again = await running.dataverse.call('POST', 'accounts', { body: { accountid, name: 'Again' } })
    expect(errorOf(again)).toMatchObject({ status: 412, code: '0x80040237' })
  })
})
