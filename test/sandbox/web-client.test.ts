import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tableOf } from '../../src/domain/catalog/tables.js'
import { recordUrl } from '../../src/domain/record-url.js'
import { startTestSandbox, text, type TestSandbox } from './support.js'

let running: TestSandbox

beforeAll(async () => {
  running = await startTestSandbox()
})
afterAll(() => running.close())

/** Opens a record as Accord links to it, without a token. */
async function open(
  kind: 'BUSINESS_CENTRAL' | 'DATAVERSE',
  table: string,
  id: string,
): Promise<{ readonly response: Response; readonly html: string }> {
  const { businessCentral, dataverse } = running.sandbox
  const settings =
    kind === 'DATAVERSE'
      ? { appUrl: dataverse.origin }
      : { webClientUrl: `${businessCentral.origin}/?company=Northwind` }
  const response = await fetch(recordUrl({ kind, settings }, tableOf(kind, table), id) ?? '')
  return { response, html: await response.text() }
}

const NAME = `<script>alert("1")</script> & 'Söhne'`
const ESCAPED = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;Söhne&#39;'

describe('who follows a link to a record', () => {
  test('finds a customer on a page that can be read', async () => {
    const { json } = await running.businessCentral.call('POST', 'customers', {
      body: { displayName: NAME, city: 'Köln', creditLimit: 1200.5, taxLiable: true },
    })
    const { response, html } = await open('BUSINESS_CENTRAL', 'customers', text(json, 'id'))
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(html).toContain(`<h1>${text(json, 'number')} · ${ESCAPED}</h1>`)
    expect(html).toContain('<dt>City</dt><dd>Köln</dd>')
    expect(html).toContain('<dt>Credit Limit</dt><dd>1200.5</dd>')
    expect(html).toContain('<dt>Tax Liable</dt><dd>Yes</dd>')
    expect(html).toMatch(/Last modified: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/)
    expect(html).not.toContain('<script')
  })

  test('finds an account with labels, names for lookups, and who changed it', async () => {
    const { headers } = await running.personInDataverse.call('POST', 'accounts', {
      body: { name: NAME, telephone1: '030-1', paymenttermscode: 1 },
    })
    const id = /\(([0-9a-f-]+)\)$/.exec(headers.get('odata-entityid') ?? '')?.[1] ?? ''
    const { html } = await open('DATAVERSE', 'accounts', id)
    expect(html).toContain(`<h1>${ESCAPED}</h1>`)
    expect(html).toContain('<dd>030-1</dd>')
    expect(html).toContain('<dt>Payment Terms</dt><dd>Net 30</dd>')
    expect(html).toContain('<dt>Owner</dt><dd>Dana Whitfield</dd>')
    expect(html).toContain('Modified By: Dana Whitfield')
    expect(html).not.toContain('<script')
  })

  test('is told that a record is not there', async () => {
    const nobody = '11111111-2222-4333-8444-555555555555'
    for (const [kind, table] of [
      ['BUSINESS_CENTRAL', 'customers'],
      ['DATAVERSE', 'accounts'],
    ] as const) {
      const { response, html } = await open(kind, table, nobody)
      expect(response.status).toBe(404)
      expect(html).toMatch(/does not exist/i)
    }
  })

  test('opens every table that mappings know', async () => {
    for (const [kind, tables] of [
      [
        'BUSINESS_CENTRAL',
        [
          'customers',
          'vendors',
          'contacts',
          'items',
          'unitsOfMeasure',
          'currencies',
          'salespeoplePurchasers',
        ],
      ],
      ['DATAVERSE', ['accounts', 'contacts', 'products', 'transactioncurrencies', 'systemusers']],
    ] as const) {
      for (const table of tables) {
        const { html } = await open(kind, table, '11111111-2222-4333-8444-555555555555')
        expect(html).toMatch(/does not exist/i)
      }
    }
  })

  test('finds no such page at the addresses of the interface', async () => {
    const { businessCentral, dataverse } = running.sandbox
    for (const { url, origin } of [businessCentral, dataverse]) {
      expect((await fetch(`${url}/companies`)).status).toBe(401)
      expect((await fetch(`${origin}/`)).status).toBe(404)
    }
  })
})
