import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { assertPortFree, findFreePort } from '../../src/embedded/port.js'
import { isAlive } from '../../src/embedded/running-process.js'
import { waitUntil } from '../../src/embedded/wait.js'
import { run, start, type RunningCommand } from './support.js'

const folder = mkdtempSync(join(tmpdir(), 'accord-up-'))
const PORTS = [
  'ACCORD_API_PORT',
  'ACCORD_POSTGRES_PORT',
  'ACCORD_TEMPORAL_PORT',
  'ACCORD_TEMPORAL_UI_PORT',
  'ACCORD_BUSINESS_CENTRAL_SANDBOX_PORT',
  'ACCORD_DATAVERSE_SANDBOX_PORT',
] as const
const settings: Record<string, string> = { ACCORD_DATA: join(folder, 'data') }
for (const name of PORTS) settings[name] = String(await findFreePort())

const running: RunningCommand[] = []
afterEach(async () => {
  for (const command of running.splice(0)) {
    if (command.child.exitCode === null) command.child.kill('SIGINT')
    await command.ended
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function startUp(): Promise<RunningCommand> {
  const up = start(['up'], settings)
  running.push(up)
  await up.waitForOutput('Accord runs')
  return up
}

interface RuntimeFacts {
  readonly children: Readonly<Record<string, number>>
}

const readFacts = (): RuntimeFacts =>
  JSON.parse(readFileSync(join(folder, 'data', 'runtime.json'), 'utf8')) as RuntimeFacts

/** Nothing of an `accord up` is left: no process, no open port, no note that it runs. */
async function expectNothingLeft(children: readonly number[]): Promise<void> {
  await waitUntil('everything to be gone', 30, async () => {
    if (children.some(isAlive)) return null
    for (const name of PORTS) await assertPortFree(Number(settings[name]), name, name)
    return true
  })
}

test('the first start makes a working demo, which the other commands find; Ctrl-C ends it all', async () => {
  const up = await startUp()
  for (const name of PORTS.filter((port) => port !== 'ACCORD_TEMPORAL_PORT')) {
    expect(up.output).toContain(`127.0.0.1:${settings[name]}`)
  }
  const link = /Sign in +(http:\S+)/.exec(up.output)?.[1] ?? ''
  const signedIn = await fetch(link, { redirect: 'manual' })
  expect(signedIn.headers.get('set-cookie')).toContain('accord_session=')

  const json = JSON.parse((await run(['status', '--json'], settings)).output) as Record<string, unknown>
  expect(json).toMatchObject({
    api: { url: `http://127.0.0.1:${settings['ACCORD_API_PORT']}/graphql`, token: expect.any(String) },
    temporal: {
      address: `127.0.0.1:${settings['ACCORD_TEMPORAL_PORT']}`,
      ui: `http://127.0.0.1:${settings['ACCORD_TEMPORAL_UI_PORT']}`,
    },
    sandbox: {
      tokenUrl: expect.stringContaining('/oauth2/v2.0/token'),
      clientId: expect.any(String),
      clientSecret: expect.any(String),
      businessCentral: { url: expect.stringMatching(/\/api\/v2\.0$/) },
      dataverse: { url: expect.stringMatching(/\/api\/data\/v9\.2$/) },
    },
    mappings: [
      { name: 'SALESPEOPLE', couplings: 9 },
      { name: 'CURRENCY', couplings: 12 },
      { name: 'PAYMENT TERMS', couplings: 4 },
      { name: 'SHIPMENT METHOD', couplings: 2 },
      { name: 'CUSTOMER', couplings: 91, openErrors: 5, skippedRecords: 5 },
      { name: 'VENDOR', couplings: 29 },
      { name: 'CONTACT', couplings: 120 },
      { name: 'UNIT OF MEASURE', couplings: 8 },
      { name: 'ITEM-PRODUCT', couplings: 67 },
    ],
    openErrors: 5,
    skippedRecords: 5,
  })
  expect(statSync(join(folder, 'data', 'api-token')).mode & 0o077).toBe(0)

  const text = await run(['status'], settings)
  expect(text.output).toMatch(/CUSTOMER +91 +5 +5 +0 +completed/)
  expect(await run(['sync', 'CURRENCY', '--wait'], settings)).toMatchObject({ code: 0 })
  const unknown = await run(['sync', 'CUSTOMRE', '--wait'], settings)
  expect(unknown).toMatchObject({ code: 1 })
  expect(unknown.trouble).toContain('CUSTOMRE')

  const second = await run(['up'], settings)
  expect(second.code).toBe(1)
  expect(second.trouble).toContain(
    `Accord already runs on ${settings['ACCORD_DATA']} (process ${up.processId})`,
  )
  const reset = await run(['reset', '--yes'], settings)
  expect(reset.code).toBe(1)

  const children = Object.values(readFacts().children)
  expect(children).toHaveLength(3)
  up.child.kill('SIGINT')
  expect(await up.ended).toMatchObject({ code: 0 })
  expect(up.output.slice(up.output.indexOf('Stopping'))).toMatch(
    /The API[\s\S]*The worker[\s\S]*The sandboxes[\s\S]*Accord has stopped/,
  )
  await expectNothingLeft(children)
  expect(existsSync(join(folder, 'data', 'runtime.json'))).toBe(false)
}, 120_000)

test('a worker that crashes is started again', async () => {
  const up = await startUp()
  const worker = readFacts().children['worker'] ?? 0
  process.kill(worker, 'SIGKILL')
  await waitUntil('the worker to work again', 60, () =>
    Promise.resolve(up.trouble.includes('The worker works again') ? true : null),
  )
  expect(up.trouble).toContain('The worker ended unexpectedly (signal SIGKILL)')
  await waitUntil('its new process to be noted', 10, () =>
    Promise.resolve(readFacts().children['worker'] === worker ? null : true),
  )
})

test('killed without a chance to clean up, it leaves nothing behind, and the next start keeps the data', async () => {
  const up = await startUp()
  const children = Object.values(readFacts().children)
  up.child.kill('SIGKILL')
  await up.ended
  await expectNothingLeft(children)

  await startUp()
  const { output } = await run(['status'], settings)
  expect(output).toMatch(/CUSTOMER +91 /)
})

test('taken ports are named together, with who holds them and the settings; nothing is started', async () => {
  const server = createServer()
  server.listen(Number(settings['ACCORD_API_PORT']), '127.0.0.1')
  await once(server, 'listening')
  try {
    const { code, trouble } = await run(['up'], {
      ...settings,
      ACCORD_TEMPORAL_PORT: settings['ACCORD_POSTGRES_PORT'] ?? '',
    })
    expect(code).toBe(1)
    expect(trouble).toContain(
      `Port ${settings['ACCORD_API_PORT']} for the API is in use by process ${process.pid}`,
    )
    expect(trouble).toContain('ACCORD_API_PORT')
    expect(trouble).toContain('chosen twice, by ACCORD_POSTGRES_PORT and by ACCORD_TEMPORAL_PORT')
  } finally {
    server.close()
  }
})
