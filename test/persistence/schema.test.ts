import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  assertSchema,
  migrate,
  openDatabase,
  SchemaTooNewError,
  SchemaTooOldError,
  type Database,
} from '../../src/persistence/database.js'
import { run, sql } from '../../src/persistence/sql.js'
import { createTestDatabase, type TestDatabase } from '../support/environment.js'

let created: TestDatabase
let database: Database
beforeAll(async () => {
  created = await createTestDatabase('schema')
  database = await openDatabase(created.url)
})
afterAll(async () => {
  await database.close(true)
  await created.drop()
})

test('an empty database is too old until it is migrated; several processes may migrate at once', async () => {
  await expect(assertSchema(database)).rejects.toThrow(SchemaTooOldError)
  const other = await openDatabase(created.url)
  await Promise.all([migrate(database, created.url), migrate(other, created.url)])
  await other.close(true)
  await assertSchema(database)
})

test('a database of a newer version is refused with a message that names what is not known', async () => {
  await run(
    database.em.fork(),
    sql`insert into mikro_orm_migrations (name) values ('Migration29991231Later')`,
  )
  await expect(assertSchema(database)).rejects.toThrow(SchemaTooNewError)
  await expect(assertSchema(database)).rejects.toThrow(/newer schema.*Migration29991231Later/)
  await expect(migrate(database, created.url)).rejects.toThrow(SchemaTooNewError)
})
