import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, validate } from 'graphql/index.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXAMPLES } from '../../src/api/graphiql/examples.js'
import { buildApiSchema } from '../../src/api/schema.js'
import { startTestApi, type TestApi } from './support/api.js'
import { Rows } from './support/rows.js'

const PROJECT = join(import.meta.dirname, '..', '..')
const FOLDER = join(PROJECT, 'docs', 'examples')

let api: TestApi

beforeAll(async () => {
  api = await startTestApi('front_end')
})
afterAll(() => api.close())

describe('GraphiQL', () => {
  async function page(): Promise<{ readonly html: string; readonly policy: string }> {
    const response = await fetch(`${api.url}/graphiql`)
    expect(response.status).toBe(200)
    return { html: await response.text(), policy: response.headers.get('content-security-policy') ?? '' }
  }

  test('comes whole from Accord, and may load and ask nothing elsewhere', async () => {
    const { html, policy } = await page()
    const addresses = [...html.matchAll(/(?:src|href|from)\s*=?\s*"([^"]+)"/g)].map(([, address]) => address)
    expect(addresses).toContain('/graphiql/files/ruru.js')
    for (const address of addresses) {
      expect(address).toMatch(/^\/graphiql\/files\//)
      const file = await fetch(`${api.url}${address}`)
      expect(file.status).toBe(200)
      expect(Number((await file.arrayBuffer()).byteLength)).toBeGreaterThan(1000)
    }
    expect(policy).not.toMatch(/https?:|\*|'unsafe-eval'/)
    expect((await fetch(`${api.url}/graphiql/files/nothing.js`)).status).toBe(404)
  })

  test('has no script that its policy does not name, each time anew', async () => {
    const { html, policy } = await page()
    const [, nonce] = /script-src 'self' 'nonce-([^']+)'/.exec(policy) ?? []
    const scripts = html.match(/<script[^>]*>/g) ?? []
    expect(scripts.length).toBeGreaterThan(2)
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`)
    expect((await page()).policy).not.toBe(policy)
  })

  test('begins with operations of the API as it is', () => {
    expect(validate(buildApiSchema(), parse(EXAMPLES))).toEqual([])
  })
})

test('docs/api.md is what schema.graphql says (npm run docs:api writes it)', () => {
  expect(() =>
    execFileSync(process.execPath, ['scripts/api-reference.mjs', '--check'], { cwd: PROJECT, stdio: 'pipe' }),
  ).not.toThrow()
})

describe('the examples for front ends', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.graphql'))
  const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8')

  test('are there', () => {
    expect(files.length).toBeGreaterThan(5)
  })

  test.each(files.filter((name) => name !== 'progress.graphql'))('%s is answered', async (name) => {
    await api.reset()
    const rows = new Rows(api.database)
    await rows.mapping({ name: 'CUSTOMER' })
    const { errors, data } = await api.ask(read(name), { name: 'CUSTOMER', text: 'Contoso' })
    expect(errors).toEqual([])
    expect(Object.keys(data).length).toBeGreaterThan(0)
  })

  test('the subscription among them is one of the API as it is', () => {
    expect(validate(buildApiSchema(), parse(read('progress.graphql')))).toEqual([])
  })
})
