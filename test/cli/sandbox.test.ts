import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { assertPortFree, findFreePort } from '../../src/embedded/port.js'
import { waitUntil } from '../../src/embedded/wait.js'
import { start } from './support.js'

const folder = mkdtempSync(join(tmpdir(), 'accord-sandbox-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const PORTS = [
  'ACCORD_POSTGRES_PORT',
  'ACCORD_BUSINESS_CENTRAL_SANDBOX_PORT',
  'ACCORD_DATAVERSE_SANDBOX_PORT',
] as const

interface Facts {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly businessCentral: { readonly url: string }
  readonly dataverse: { readonly url: string; readonly origin: string }
}

async function tokenFrom(facts: Facts, grant: Record<string, string>): Promise<string> {
  const body = new URLSearchParams({
    client_id: facts.clientId,
    scope: `${facts.dataverse.origin}/.default`,
    ...grant,
  })
  const reply = (await (await fetch(facts.tokenUrl, { method: 'POST', body })).json()) as {
    access_token: string
  }
  return reply.access_token
}

test('the sandboxes run alone: a client signs in with what was printed, and switches are set from the start', async () => {
  const settings: Record<string, string> = { ACCORD_DATA: join(folder, 'data') }
  for (const name of PORTS) settings[name] = String(await findFreePort())
  const words = ['--json', '--limits', '--user', 'account@northwind.example:secret']
  const switched = ['--switch', 'dataverse service {"untracked":["accounts"]}']
  const command = start(['sandbox', ...words, ...switched], settings)
  try {
    await command.waitForOutput('"businessCentral"')
    const facts = JSON.parse(command.output) as Facts
    const read = (token: string, url: string): Promise<Response> =>
      fetch(url, { headers: { authorization: `Bearer ${token}` } })
    const token = await tokenFrom(facts, {
      grant_type: 'client_credentials',
      client_secret: facts.clientSecret,
    })
    expect((await read(token, `${facts.businessCentral.url}/customers?$top=1`)).status).toBe(200)
    const account = await tokenFrom(facts, {
      grant_type: 'password',
      username: 'account@northwind.example',
      password: 'secret',
    })
    const definition = await read(account, `${facts.dataverse.url}/EntityDefinitions(LogicalName='account')`)
    expect(definition.headers.get('x-ms-ratelimit-burst-remaining-xrm-requests')).toBe('5999')
    expect(await definition.json()).toMatchObject({ ChangeTrackingEnabled: false })
  } finally {
    command.child.kill('SIGINT')
    expect((await command.ended).code).toBe(0)
  }
  await waitUntil('everything to be gone', 30, async () => {
    for (const name of PORTS) await assertPortFree(Number(settings[name]), name, name)
    return true
  })
})
