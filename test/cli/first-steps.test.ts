import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { waitUntil } from '../../src/embedded/wait.js'
import { Connection } from '../../src/persistence/entities/connection.js'
import { SynchRun } from '../../src/persistence/entities/synch-run.js'
import { startTestApi, TOKEN, type TestApi } from '../api/support/api.js'
import { Rows } from '../api/support/rows.js'
import { run, start, type Finished } from './support.js'

/** What a new user meets first: each message says what is wrong, where, and what to type next. */
let api: TestApi
let rows: Rows
let folder: string

beforeAll(async () => {
  api = await startTestApi('cli_first_steps')
})
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'accord-first-steps-'))
  await api.reset()
  rows = new Rows(api.database)
  return () => rmSync(folder, { recursive: true, force: true })
})
afterAll(() => api.close())

const settings = () => ({
  ACCORD_DATA: folder,
  ACCORD_API_PORT: new URL(api.url).port,
  ACCORD_API_TOKEN: TOKEN,
})
const accord = (words: readonly string[], input = ''): Promise<Finished> => run(words, settings(), input)

const UNREACHABLE = 'Business Central cannot be reached. Start it.'
const POSTGRESQL = ['--local', 'postgresql', '--integration', 'postgresql', '--set']
const TWO = ['local.host=a', 'local.database=a', 'local.user=a', 'integration.host=b', 'integration.user=b']

describe('a run that failed', () => {
  test('is shown as failed with its reason, also where its jobs completed', async () => {
    const mapping = await rows.mapping()
    const failed = await rows.run(mapping, { status: 'FAILED', message: UNREACHABLE })
    await rows.job(mapping, failed, { status: 'COMPLETED' })
    const { code, output } = await accord(['status'])
    expect(code).toBe(0)
    expect(output).toMatch(/CUSTOMER +0 +0 +0 +0 +failed 2026-03-01T10:02:00/)
    expect(output).not.toContain('nothing to do')
    expect(output).toContain(`CUSTOMER failed: ${UNREACHABLE}\n  Look for the cause: accord check Contoso`)
    const json = JSON.parse((await accord(['status', '--json'])).output) as { mappings: object[] }
    expect(json.mappings[0]).toMatchObject({ lastRun: { status: 'FAILED', message: UNREACHABLE } })
  })

  test.each([
    [[], 'The run '],
    [['--json'], `"message": "${UNREACHABLE}"`],
  ])('tells its reason to who waits for it %j', async (words, told) => {
    const mapping = await rows.mapping({ connectionId: await rows.connection({ name: "Contoso's" }) })
    const command = start(['sync', 'CUSTOMER', '--wait', ...words], settings())
    const em = api.database.em.fork()
    const asked = await waitUntil('the run to be asked for', 20, () =>
      em.findOne(SynchRun, { mappingId: mapping }),
    )
    await em.nativeUpdate(
      SynchRun,
      { id: asked.id },
      { status: 'FAILED', message: UNREACHABLE, finishedAt: new Date() },
    )
    const { code, output, trouble } = await command.ended
    expect(code).toBe(1)
    expect(trouble).toContain(`The run of CUSTOMER ended as failed: ${UNREACHABLE}`)
    expect(trouble).toContain(`accord check 'Contoso'\\''s'`)
    expect(output).toContain(told)
  })
})

describe('a connection that is added', () => {
  const add = (...words: string[]): Promise<Finished> => accord(['connections', 'add', 'shop', ...words])

  test('of a kind that there is not', async () => {
    const { code, trouble } = await add('--local', 'postgres', '--integration', 'dataverse')
    expect(code).toBe(2)
    expect(trouble).toBe(
      '--local: There is no kind of system postgres. Expected one of business-central, dataverse, postgresql, odata.\n',
    )
  })

  test('with settings of no meaning: each is told with what was expected', async () => {
    const { code, trouble } = await add(
      ...POSTGRESQL,
      ...TWO,
      'local.port=99999',
      'local.tls=no',
      'integration.passwort=env:P',
      'integration.concurrency=many',
      'integration.changeDetection.orders=magic',
      'local.modifiedColumn=',
    )
    expect(code).toBe(2)
    expect(trouble.trim().split('\n').sort()).toEqual([
      'integration.changeDetection.orders: It must be one of logicalReplication, triggers, modifiedColumn.',
      'integration.concurrency: It must be a number.',
      'integration.database: It is missing: expected text.',
      expect.stringMatching(
        /^integration\.passwort: It is no setting here\. There are: host, port, database, /,
      ),
      'local.modifiedColumn: It must be text that is not blank.',
      'local.port: It must be 65535 at most.',
      'local.tls: It must be one of off, encrypt, verify.',
    ])
  })

  test('with an address of no meaning it is told once', async () => {
    const { trouble } = await add(
      '--local',
      'odata',
      '--integration',
      'dataverse',
      '--set',
      'local.url=example.com',
      'local.signIn.kind=basic',
      'local.signIn.username=a',
      'integration.signIn.kind=secret',
      'integration.url=http://sales.example.com/api/data/v9.2',
    )
    const lines = trouble.trim().split('\n').sort()
    expect(lines).toEqual([
      'integration.signIn.kind: It must be one of clientSecret, certificate, password, basic, bearer, none.',
      'integration.url: It must begin with https://, as secrets are sent there (http:// only to this machine).',
      'local.signIn.password: It is missing: expected text. Give it with --secret local.signIn.password, which asks for it unseen or reads it from the input, or as a reference, env:NAME or file:PATH.',
      'local.url: It must be an address that begins with https:// (http:// only to this machine).',
    ])
  })

  test('has not been enabled yet, which is told as such', async () => {
    expect(await add(...POSTGRESQL, ...TWO, 'integration.database=b')).toMatchObject({ code: 0 })
    expect((await accord(['connections', 'list'])).output).toContain('not enabled yet')
    const em = api.database.em.fork()
    const { id } = await em.findOneOrFail(Connection, { name: 'shop' })
    await rows.mapping({ connectionId: id, name: 'CUSTOMERS' })
    const { code, trouble } = await accord(['sync', 'CUSTOMERS'])
    expect(code).toBe(1)
    expect(trouble).toContain('The connection shop has not been enabled yet, so nothing was started.')
    expect(trouble).toContain('accord connections enable')
    expect(trouble).not.toContain('enableConnection')
  })

  test('loses an optional secret where that is asked for', async () => {
    const secret = ['local.password=env:PASSWORD', 'integration.database=b']
    expect(await add(...POSTGRESQL, ...TWO, ...secret)).toMatchObject({ code: 0 })
    const unset = await accord(['connections', 'set', 'shop', '--unset', 'local.password'])
    expect(unset).toMatchObject({ code: 0, trouble: '' })
    const { localSystem } = await api.database.em.fork().findOneOrFail(Connection, { name: 'shop' })
    expect(localSystem.settings).not.toHaveProperty('password')
  })
})

const EXAMPLES = join(import.meta.dirname, '..', '..', 'docs', 'examples')

test.each(readdirSync(EXAMPLES).filter((file) => file.endsWith('.yaml')))(
  'the example %s makes a connection as it stands',
  async (file) => {
    const { code, output, trouble } = await accord(['connections', 'apply', join(EXAMPLES, file)])
    expect({ code, trouble }).toEqual({ code: 0, trouble: '' })
    expect(output).toBe(`${file.replace('.yaml', '')}: made, disabled\n`)
  },
)

test('a file without a secret that is needed says how to give it', async () => {
  const file = join(folder, 'service.yaml')
  const system = (url: string): string =>
    `  kind: ODATA\n  settings:\n    url: ${url}\n    signIn: { kind: basic, username: accord }\n`
  writeFileSync(
    file,
    `name: service\nlocalSystem:\n${system('https://a.example.com')}integrationSystem:\n${system('https://b.example.com')}`,
  )
  const { code, trouble } = await accord(['connections', 'apply', file])
  expect(code).toBe(2)
  expect(trouble).toContain('Give it with --secret service.local.signIn.password,')
  expect(trouble).toContain('Give it with --secret service.integration.signIn.password,')
})

test('a name that several connections could mean ends as wrong usage, an unknown one as a failure', async () => {
  for (const name of ['one', 'two']) await rows.mapping({ connectionId: await rows.connection({ name }) })
  expect((await accord(['status'])).output).toMatch(/^Connection +Mapping[^\n]*\none +CUSTOMER /m)
  const check = await accord(['check'])
  expect(check).toMatchObject({ code: 2 })
  expect(check.trouble).toBe('There are several connections; name one of them: one, two.\n')
  const sync = await accord(['sync', 'CUSTOMER'])
  expect(sync).toMatchObject({ code: 2 })
  expect(sync.trouble).toContain('one, two. Name one with --connection.')
  expect(await accord(['check', 'three'])).toMatchObject({ code: 1 })
  expect(await accord(['sync', 'CUSTOMRE'])).toMatchObject({ code: 1 })
  expect(await accord(['connections', 'show', 'three'])).toMatchObject({ code: 1 })
})

test('the files of an export have names that people can read', async () => {
  await rows.mapping({ name: 'UNIT OF MEASURE' })
  const { output } = await accord(['mappings', 'export', '-o', folder])
  expect(output).toContain('UNIT OF MEASURE.yaml')
  expect(readFileSync(join(folder, 'UNIT OF MEASURE.yaml'), 'utf8')).toContain('name: UNIT OF MEASURE')
})
