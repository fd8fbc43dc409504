import { Client } from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AuditTrail } from '../../src/api/audit/audit-trail.js'
import { inTransaction } from '../../src/api/in-transaction.js'
import { LOCAL_PRINCIPAL } from '../../src/api/sign-in/principal.js'
import { hashOf, newSecret } from '../../src/api/sign-in/secrets.js'
import { Role } from '../../src/domain/role.js'
import { AuditEntry } from '../../src/persistence/entities/audit-entry.js'
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

test('what a mutation has told of its change before a deadlock is not noted besides what came about', async () => {
  const { database } = api
  const audit = new AuditTrail(database, LOCAL_PRINCIPAL, '127.0.0.1')
  const entry = await audit.begin('attempt', {})
  let attempts = 0
  await inTransaction({ em: database.em, logger: pino({ level: 'silent' }), audit }, async (em) => {
    attempts += 1
    audit.changed({ kind: 'user', id: '1', name: `Attempt ${attempts}`, before: null, after: { attempts } })
    if (attempts === 1)
      await run(em, sql`do $$ begin raise exception using errcode = 'deadlock_detected'; end $$`)
  })
  await audit.end(entry, null)
  const { changes } = await database.em.fork().findOneOrFail(AuditEntry, { id: entry })
  expect(changes).toMatchObject([{ name: 'Attempt 2', before: null, after: { attempts: 2 } }])
})
