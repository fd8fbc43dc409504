import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Connection } from '../../src/persistence/entities/connection.js'
import { createSecretOpener } from '../../src/secrets/stored-secret.js'
import { SECRET_KEY, startTestApi, TOKEN, type TestApi } from '../api/support/api.js'
import { Rows } from '../api/support/rows.js'
import { run, type Finished } from './support.js'

let api: TestApi
let folder: string

beforeAll(async () => {
  api = await startTestApi('cli_connections')
})
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'accord-connections-'))
  await api.reset()
  return () => rmSync(folder, { recursive: true, force: true })
})
afterAll(() => api.close())

/** The command line of another machine: it knows the API's address and token, and nothing else. */
function accord(words: readonly string[], input = ''): Promise<Finished> {
  return run(
    ['connections', ...words],
    { ACCORD_DATA: folder, ACCORD_API_PORT: new URL(api.url).port, ACCORD_API_TOKEN: TOKEN },
    input,
  )
}

const SIGN_IN = (end: string): readonly string[] => [
  `${end}.signIn.kind=clientSecret`,
  `${end}.signIn.tokenUrl=https://login.example.com/token`,
  `${end}.signIn.clientId=accord`,
  `${end}.signIn.scope=https://api.example.com/.default`,
]
const ADD = [
  'add',
  'contoso',
  '--local',
  'business-central',
  '--integration',
  'dataverse',
  '--set',
  'local.url=https://api.example.com/v2.0/contoso/api/v2.0',
  ...SIGN_IN('local'),
  'integration.url=https://sales.example.com/api/data/v9.2',
  ...SIGN_IN('integration'),
  'integration.signIn.clientSecret=env:SALES_SECRET',
]
const stored = () => api.database.em.fork().findOneOrFail(Connection, { name: 'contoso' })

async function secret(connection: Connection, key = SECRET_KEY): Promise<string> {
  const open = createSecretOpener({ dataDirectory: folder, secrets: { key, previousKeys: null } })
  const { clientSecret } = connection.localSystem.settings['signIn'] as { clientSecret: string }
  return open(clientSecret, { connectionId: connection.id, side: 'LOCAL', member: 'signIn.clientSecret' })
}

test('a connection is made with its secret from the input, and shown without it', async () => {
  const added = await accord(
    [...ADD, '--secret', 'local.signIn.clientSecret', '--default-mappings'],
    'MARK 1\n',
  )
  expect(added).toMatchObject({ code: 0, trouble: '' })
  expect(added.output).toContain('It is disabled')
  expect(await secret(await stored())).toBe('MARK 1')
  const listed = await accord(['list'])
  expect(listed.output).toMatch(/contoso +Business Central +Sales +not enabled yet +9\n/)
  const shown = await accord(['show', 'contoso'])
  expect(shown.output).toMatch(/local\.signIn\.clientSecret +\(stored, not shown\), entered 20/)
  expect(shown.output).toMatch(/integration\.signIn\.clientSecret +env:SALES_SECRET/)
  const json = await accord(['show', 'contoso', '--json'])
  expect(added.output + listed.output + shown.output + json.output).not.toContain('MARK')
})

test('a secret as an argument is refused, and not repeated', async () => {
  const refused = await accord([...ADD, '--set', 'local.signIn.clientSecret=MARK'])
  expect(refused.code).toBe(2)
  expect(refused.trouble).toContain('local.signIn.clientSecret is a secret')
  expect(refused.trouble).not.toContain('MARK')
})

test('all problems are told at once, in the words of the command line', async () => {
  const words = ['add', 'contoso', '--local', 'business-central', '--integration', 'dataverse']
  const refused = await accord([
    ...words,
    '--set',
    'local.url=http://example.com',
    'integration.concurrency=900',
  ])
  expect(refused.code).toBe(2)
  for (const place of ['local.url: ', 'local.signIn: ', 'integration.url: ', 'integration.concurrency: ']) {
    expect(refused.trouble).toContain(place)
  }
})

test('settings are changed one by one; a secret that is sent elsewhere has to be given again', async () => {
  await accord([...ADD, '--secret', 'local.signIn.clientSecret'], 'MARK 1')
  expect(await accord(['set', 'contoso', '--set', 'local.concurrency=2'])).toMatchObject({ code: 0 })
  expect((await stored()).localSystem.settings).toMatchObject({ concurrency: 2 })
  expect(await secret(await stored())).toBe('MARK 1')
  const elsewhere = ['set', 'contoso', '--set', 'local.signIn.tokenUrl=https://elsewhere.example.com/token']
  const refused = await accord(elsewhere)
  expect(refused).toMatchObject({ code: 2 })
  expect(refused.trouble).toContain('local.signIn.clientSecret: It must be entered again')
  const given = await accord([...elsewhere, '--secret', 'local.signIn.clientSecret'], 'MARK 2')
  expect(given).toMatchObject({ code: 0, trouble: '' })
  expect(await secret(await stored())).toBe('MARK 2')
})

test('what was exported is commented, holds no secret, and changes nothing when it is applied', async () => {
  await accord([...ADD, '--secret', 'local.signIn.clientSecret'], 'MARK 1')
  const file = join(folder, 'contoso.yaml')
  expect(await accord(['export', '-o', file])).toMatchObject({ code: 0 })
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(
    '# The system that mappings call local: Business Central. Stored, not shown: signIn.clientSecret.',
  )
  expect(text).toContain('clientSecret: env:SALES_SECRET')
  expect(text).not.toMatch(/MARK|encrypted/)
  expect((await accord(['apply', file])).output).toBe('contoso: unchanged, version 1\n')
  writeFileSync(file, text.replace('https://sales.example.com', 'nonsense'))
  const refused = await accord(['apply', file])
  expect(refused.code).toBe(2)
  expect(refused.trouble).toMatch(
    /contoso\.yaml:\d+:\d+: integrationSystem\.settings\.url: It must be an address/,
  )
})

test('a file makes a connection; its secrets come from the input, and none from the file', async () => {
  await accord([...ADD, '--secret', 'local.signIn.clientSecret'], 'MARK 1')
  const file = join(folder, 'second.yaml')
  const { output } = await accord(['export'])
  writeFileSync(file, output.replace('name: contoso', 'name: second').replace('env:SALES_SECRET', 'MARK 3'))
  const refused = await accord(['apply', file])
  expect(refused.trouble).toContain('A secret does not belong into a file')
  expect(refused.trouble).not.toContain('MARK')
  writeFileSync(file, output.replace('name: contoso', 'name: second'))
  const words = ['apply', file, '--secret', 'second.local.signIn.clientSecret']
  expect((await accord([...words, '--dry-run'], 'MARK 4')).output).toContain(
    'second: would be made, disabled',
  )
  expect((await accord(words, 'MARK 4')).output).toBe('second: made, disabled\n')
  const made = await api.database.em.fork().findOneOrFail(Connection, { name: 'second' })
  expect(await secret(made)).toBe('MARK 4')
})

test('a connection is enabled with a reason, disabled, and removed once that is confirmed', async () => {
  const rows = new Rows(api.database)
  await rows.mapping({ connectionId: await rows.connection({ name: 'contoso' }) })
  expect(await accord(['disable', 'contoso'])).toMatchObject({ code: 0 })
  expect((await accord(['enable', 'contoso'])).trouble).toContain('No worker has checked the connection')
  expect(await accord(['enable', 'contoso', '--force', 'The check comes later.'])).toMatchObject({ code: 0 })
  expect((await accord(['show', 'contoso'])).output).toContain('The check comes later.')
  expect((await accord(['remove', 'contoso', '--yes'])).trouble).toContain('is enabled')
  await accord(['disable', 'contoso'])
  const unconfirmed = await accord(['remove', 'contoso'])
  expect(unconfirmed).toMatchObject({ code: 2 })
  expect(unconfirmed.trouble).toContain('with 1 mapping, 0 couplings')
  expect(unconfirmed.trouble).toContain('--yes')
  expect(await accord(['remove', 'contoso', '--yes'])).toMatchObject({ code: 0 })
  expect((await accord(['list'])).output).toContain('There is no connection yet')
})

test('stored secrets are encrypted with the new key, all or none; the old one opens them no longer', async () => {
  await accord([...ADD, '--secret', 'local.signIn.clientSecret'], 'MARK 1')
  const key = Buffer.alloc(32, 7).toString('base64')
  const rotate = (previous: string): Promise<Finished> =>
    run(['secrets', 'rotate'], {
      ACCORD_DATA: folder,
      ACCORD_DATABASE_URL: api.databaseUrl,
      ACCORD_SECRET_KEY: key,
      ACCORD_SECRET_KEY_PREVIOUS: previous,
    })
  const wrong = await rotate(Buffer.alloc(32, 8).toString('base64'))
  expect(wrong.code).toBe(1)
  expect(wrong.trouble).toContain('Nothing was changed.\ncontoso: The stored secret signIn.clientSecret')
  expect(await secret(await stored())).toBe('MARK 1')
  const rotated = await rotate(SECRET_KEY)
  expect(rotated).toMatchObject({ code: 0, trouble: '' })
  expect(rotated.output).toContain('Encrypted 1 stored secret with the key')
  expect(await secret(await stored(), key)).toBe('MARK 1')
  await expect(secret(await stored())).rejects.toThrow('is not known here')
})
