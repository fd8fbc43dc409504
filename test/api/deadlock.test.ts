import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashOf, newSecret } from '../../src/api/sign-in/secrets.js'
import { Role } from '../../src/domain/role.js'
import { openSession } from '../../src/persistence/sessions.js'
import { run, sql } from '../../src/persistence/sql.js'
import { admitUser } from '../../src/persistence/users.js'
import { startTestApi, type TestApi } from './support/api.js'

let api: TestApi
let rival: Client

beforeAll(async () => {
  api = await startTestApi('api_deadlock')
  rival = new Client({ connectionString: api.databaseUrl })
  await rival.connect()
})
afterAll(async () => {
  await rival.end()
  await api.close()
})

/** How many statements wait for locks of others. */
async function waiting(): Promise<number | undefined> {
  const [found] = await run<{ count: number }>(
    api.database.em.fork(),
    sql`select count(*)::integer as count from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return found?.count
}

test('a mutation that PostgreSQL ended for a deadlock is done again, and noted once', async () => {
  const em = api.database.em.fork()
  const claimed = { issuer: 'https://login.example.com', subject: '1', name: 'Anna', email: null }
  const { id } = await admitUser(
    em,
    { ...claimed, isEmailVerified: false, role: Role.viewer, isRoleTold: true },
    12,
  )
  await openSession(em, { hash: hashOf(newSecret()), userId: id, hours: 1 })
  await rival.query('begin')
  await rival.query('select from session where user_id = $1 for update', [id])

  // It has the user, and waits for his session.
  const answer = api.ask(`mutation { disableUser(id: "${id}") { disabledBy } }`)
  await expect.poll(waiting, { timeout: 20_000 }).toBe(1)
  // Who waited first finds the circle first, and gives way.
  await rival.query('select from app_user where id = $1 for update', [id])
  await rival.query('commit')

  expect(await answer).toMatchObject({ errors: [], data: { disableUser: { disabledBy: 'local' } } })
  expect(api.log.filter((line) => line.includes('done again after a deadlock'))).toHaveLength(1)
  const { data } = await api.ask<{ auditEntries: { nodes: readonly { changes: readonly object[] }[] } }>(
    '{ auditEntries(filter: { action: ["disableUser"] }) { nodes { outcome changes { name } } } }',
  )
  expect(data.auditEntries.nodes).toMatchObject([{ outcome: 'OK', changes: [{ name: 'Anna' }] }])
})
