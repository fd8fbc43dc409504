import { gunzipSync } from 'node:zlib'
import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from './support/api.js'

const FIRST_LOAD_LIMIT = 300_000

let api: TestApi

beforeAll(async () => {
  api = await startTestApi('console_files')
})
afterAll(() => api.close())

async function page(path: string): Promise<Response> {
  return fetch(`${api.url}${path}`, { headers: { accept: 'text/html,application/xhtml+xml' } })
}

/** What the page loads before anything is chosen: its scripts, those that they import, as they come over the wire. */
async function firstScripts(): Promise<
  ReadonlyMap<string, { readonly compressed: number; readonly text: string }>
> {
  const html = await (await page('/')).text()
  const waiting = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? '')
  const read = new Map<string, { readonly compressed: number; readonly text: string }>()
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (read.has(path)) continue
    const { body, headers } = await request(`${api.url}/${path}`, { headers: { 'accept-encoding': 'gzip' } })
    expect(headers['content-encoding']).toBe('gzip')
    const bytes = Buffer.from(await body.arrayBuffer())
    const text = gunzipSync(bytes).toString()
    read.set(path, { compressed: bytes.byteLength, text })
    for (const [, name] of text.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
      waiting.push(`assets/${name}`)
  }
  return read
}

test('every address that a browser opens is the console, which is looked for anew each time', async () => {
  for (const path of ['/', '/errors', '/skipped/7f0e?tab=2']) {
    const response = await page(path)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(await response.text()).toContain('<div id="root">')
  }
})

test('what is no page stays none: addresses of the API, missing files, programs that ask for data', async () => {
  for (const path of ['/graphql/nothing', '/graphiql/nothing', '/export/nothing', '/assets/nothing.js']) {
    expect([path, (await page(path)).status]).toEqual([path, 404])
  }
  const { status, headers } = await fetch(`${api.url}/errors`, { headers: { accept: 'application/json' } })
  expect([status, headers.get('content-type')]).toEqual([404, 'application/json; charset=utf-8'])
})

test('its scripts are kept for ever, since their names tell of their content', async () => {
  const [path = ''] = [...(await firstScripts()).keys()]
  const { headers } = await fetch(`${api.url}/${path}`)
  expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8')
})

test('its policy lets it run its own scripts and styles and ask its own server, and nothing else', async () => {
  const first = (await page('/')).headers.get('content-security-policy') ?? ''
  expect(first).not.toMatch(/unsafe-|\*|https?:/)
  expect(first).toContain("script-src 'self' 'nonce-")
  expect((await page('/')).headers.get('content-security-policy')).not.toBe(first)
})

test('the first load is under 300 kB of compressed script', async () => {
  const scripts = await firstScripts()
  const bytes = [...scripts.values()].reduce((sum, { compressed }) => sum + compressed, 0)
  expect(scripts.size).toBeGreaterThan(1)
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThan(FIRST_LOAD_LIMIT)
})
