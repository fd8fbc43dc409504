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
  const { id } = await admitUser(
    api.database.em.fork(),
    {
      issuer: 'https://login.example.com',
      subject: '1',
      name: 'Anna Berg',
      email: 'anna@contoso.com',
      isEmailVerified: true,
      role: null,
      isRoleTold: true,
    },
    12,
  )
  expect((await accord('users', 'role', 'anna@contoso.com', 'operator')).output).toBe(
    'Anna Berg has the role operator.\n',
  )
  expect((await accord('users', 'list')).output).toMatch(
    /Anna Berg +anna@contoso\.com +operator +an administrator +20/,
  )
  expect((await accord('users', 'disable', id)).code).toBe(0)
  expect((await accord('users', 'list')).output).toContain('disabled by local')
  expect((await accord('users', 'enable', 'Anna@contoso.com')).code).toBe(0)
  expect((await accord('users', 'role', 'anna@contoso.com', 'provider')).output).toBe(
    'Anna Berg has no role.\n',
  )
  expect(await accord('users', 'disable', 'bert@contoso.com')).toMatchObject({
    code: 1,
    trouble: expect.stringContaining('Nobody has the id or the e-mail "bert@contoso.com"'),
  })
})

test('a role is given to nobody by a name or an e-mail that he may have chosen himself', async () => {
  const admitted = async (subject: string, email: string, isEmailVerified: boolean): Promise<string> => {
    const claimed = {
      issuer: 'https://login.example.com',
      subject,
      name: 'Anna Berg',
      email,
      isEmailVerified,
    }
    return (await admitUser(api.database.em.fork(), { ...claimed, role: null, isRoleTold: true }, 12)).id
  }
  const anna = await admitted('1', 'anna@contoso.com', true)
  const false1 = await admitted('2', 'anna@contoso.com', false)
  const false2 = await admitted('3', 'bert@contoso.com', false)
  for (const [who, told] of [
    ['Anna Berg', [anna, false1, false2]],
    ['bert@contoso.com', [false2]],
  ] as const) {
    const refused = await accord('users', 'role', who, 'administrator')
    expect(refused.code).toBe(1)
    for (const id of told) expect(refused.trouble).toContain(id)
  }
  expect((await accord('users', 'role', 'anna@contoso.com', 'operator')).code).toBe(0)
  const second = await admitted('4', 'Anna@contoso.com', true)
  const several = await accord('users', 'disable', 'anna@contoso.com')
  expect(several.code).toBe(1)
  expect(several.trouble).toContain(anna)
  expect(several.trouble).toContain(second)
  expect(several.trouble).not.toContain(false1)
  const { data } = await api.ask('{ users { nodes { id role } } }')
  expect((data['users'] as { nodes: readonly object[] }).nodes).toHaveLength(4)
  expect((data['users'] as { nodes: readonly { role: unknown }[] }).nodes.filter(({ role }) => role)).toEqual(
    [{ id: anna, role: 'OPERATOR' }],
  )
})

test('a sign-in link signs a browser in', async () => {
  const { output } = await accord('sign-in')
  const answer = await fetch(output.trim(), { redirect: 'manual' })
  expect(answer.status).toBe(303)
  expect(answer.headers.get('set-cookie')).toContain('accord_session=')
})
