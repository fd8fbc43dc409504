import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { admitUser } from '../../src/persistence/users.js'
import { startTestApi, TOKEN, type TestApi } from '../api/support/api.js'
import { run, type Finished } from './support.js'

let api: TestApi
let folder: string

beforeAll(async () => {
  api = await startTestApi('cli_people')
  folder = mkdtempSync(join(tmpdir(), 'accord-people-'))
})
beforeEach(() => api.reset())
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await api.close()
})

const accord = (...words: readonly string[]): Promise<Finished> =>
  run(words, { ACCORD_DATA: folder, ACCORD_API_PORT: new URL(api.url).port, ACCORD_API_TOKEN: TOKEN })

test('a token is made for a script to read, listed without itself, and revoked by its name', async () => {
  const made = await accord('tokens', 'create', 'night watch', '--role', 'operator')
  expect(made.code).toBe(0)
  expect(made.trouble).toContain('it is not shown again')
  const token = made.output.trim()
  expect((await api.ask('{ me { name role } }', {}, token)).data['me']).toEqual({
    name: 'night watch',
    role: 'OPERATOR',
  })
  const listed = await accord('tokens', 'list')
  expect(listed.output).toMatch(/night watch +operator +accord_\S{6} +all +local +20/)
  expect(listed.output).not.toContain(token)
  expect((await accord('tokens', 'revoke', 'night watch')).code).toBe(0)
  expect((await api.ask('{ me { name } }', {}, token)).status).toBe(401)
  const again = await accord('tokens', 'revoke', 'night watch')
  expect(again).toMatchObject({ code: 1, trouble: expect.stringContaining('There is no access token') })
})

test('a user is given a role, disabled and enabled, by his e-mail', async () => {
  const { id } = await admitUser(api.database.em.fork(), {
    issuer: 'https://login.example.com',
    subject: '1',
    name: 'Anna Berg',
    email: 'anna@contoso.com',
    role: null,
  })
  expect((await accord('users', 'role', 'anna@contoso.com', 'operator')).output).toBe(
    'Anna Berg has the role operator.\n',
  )
  expect((await accord('users', 'list')).output).toMatch(
    /Anna Berg +anna@contoso\.com +operator +an administrator +20/,
  )
  expect((await accord('users', 'disable', id)).code).toBe(0)
  expect((await accord('users', 'list')).output).toContain('disabled by local')
  expect((await accord('users', 'enable', 'Anna Berg')).code).toBe(0)
  expect((await accord('users', 'role', 'anna@contoso.com', 'provider')).output).toBe(
    'Anna Berg has no role.\n',
  )
  expect(await accord('users', 'disable', 'bert@contoso.com')).toMatchObject({
    code: 1,
    trouble: expect.stringContaining('Nobody is called "bert@contoso.com"'),
  })
})

test('a sign-in link signs a browser in', async () => {
  const { output } = await accord('sign-in')
  const answer = await fetch(output.trim(), { redirect: 'manual' })
  expect(answer.status).toBe(303)
  expect(answer.headers.get('set-cookie')).toContain('accord_session=')
})
