import { setImmediate } from 'node:timers/promises'
import type { PostgreSqlConnection } from '@mikro-orm/postgresql'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/persistence/database.js'
import { createTestDatabase } from '../support/environment.js'

test('a database closes while connections to it are being made', async () => {
  const created = await createTestDatabase('closing')
  const database = await openDatabase(created.url)
  const pool = await (database.em.getConnection() as PostgreSqlConnection).getNativeClient()
  const before = pool.totalCount
  const reads = Promise.allSettled([1, 2, 3].map(() => database.em.fork().execute('select 1')))
  // The pool counts a connection from when it is begun.
  while (pool.totalCount === before) await setImmediate()
  await database.close()
  expect(pool.totalCount).toBe(0)
  await reads
  await created.drop()
})
