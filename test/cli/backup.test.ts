import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listStateTables } from '../../src/cli/backup/tables.js'
import { migrate, openDatabase } from '../../src/persistence/database.js'
import { DEMO_CONNECTION, ensureDemo } from '../../src/persistence/demo.js'
import { createTestDatabase, type TestDatabase } from '../support/environment.js'
import { run } from './support.js'

const folder = mkdtempSync(join(tmpdir(), 'accord-backup-'))
const databases: TestDatabase[] = []
let source: TestDatabase
let file: string

beforeAll(async () => {
  source = await createState('backup source')
  file = join(folder, 'state.backup')
  expect(await run(['backup', file], settingsOf(source))).toMatchObject({ code: 0 })
})
afterAll(async () => {
  for (const database of databases) await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

const settingsOf = (database: TestDatabase) => ({
  ACCORD_DATA: join(folder, 'data'),
  ACCORD_DATABASE_URL: database.url,
  TEMPORAL_ADDRESS: '127.0.0.1:1',
})

async function createEmpty(name: string): Promise<TestDatabase> {
  const database = await createTestDatabase(name)
  databases.push(database)
  return database
}

/** A database with the demo's mappings, and a coupling whose values try every escape there is. */
async function createState(name: string): Promise<TestDatabase> {
  const created = await createEmpty(name)
  const database = await openDatabase(created.url)
  try {
    await migrate(database, created.url)
    await ensureDemo(database.em.fork(), {
      businessCentralUrl: 'http://127.0.0.1:1/api/v2.0',
      companyId: '5f1c5c2e-6d1b-4a57-9d0e-0e6f4f1a8c01',
      dataverseUrl: 'http://127.0.0.1:2/api/data/v9.2',
      tokenUrl: 'http://127.0.0.1:2/token',
      clientId: 'client',
      clientSecret: 'file:/nowhere',
    })
  } finally {
    await database.close(true)
  }
  await withClient(created.url, (client) =>
    client.query('UPDATE connection SET name = $1', [`${DEMO_CONNECTION}\t\\.\n\\N "Ägypten" 🐫 '`]),
  )
  return created
}

async function withClient<T>(url: string, action: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await action(client)
  } finally {
    await client.end()
  }
}

/** Every row of every table, as text. */
async function contentOf(database: TestDatabase): Promise<Record<string, unknown[]>> {
  return await withClient(database.url, async (client) => {
    const content: Record<string, unknown[]> = {}
    for (const { name } of await listStateTables(client)) {
      const { rows } = await client.query<{ row: string }>(
        `SELECT t::text AS row FROM "${name}" t ORDER BY 1`,
      )
      content[name] = rows.map(({ row }) => row)
    }
    return content
  })
}

/** The backup with its lines changed, and without a matching checksum. */
function changed(name: string, change: (text: string) => string): string {
  const target = join(folder, name)
  writeFileSync(target, gzipSync(change(gunzipSync(readFileSync(file)).toString('utf8'))))
  return target
}

test('a backup brings every row to another database', async () => {
  const target = await createEmpty('backup target')
  const restored = await run(['restore', file], settingsOf(target))
  expect(restored.trouble).toBe('')
  expect(restored.code).toBe(0)
  const content = await contentOf(target)
  expect(content).toEqual(await contentOf(source))
  expect(content['integration_table_mapping']?.length).toBeGreaterThan(1)
})

test('a file that exists is not overwritten', async () => {
  const { code, trouble } = await run(['backup', file], settingsOf(source))
  expect(code).toBe(1)
  expect(trouble).toContain('exists already')
})

test('a database without state of Accord gives no backup', async () => {
  const empty = await createEmpty('backup empty')
  const { code, trouble } = await run(['backup', join(folder, 'none')], settingsOf(empty))
  expect(code).toBe(1)
  expect(trouble).toContain('The database holds no state of Accord')
})

describe('a restore refuses, and changes nothing,', () => {
  let target: TestDatabase
  let before: Record<string, unknown[]>
  beforeAll(async () => {
    target = await createState('backup refusal')
    before = await contentOf(target)
  })

  const refuses = async (words: readonly string[], message: string): Promise<void> => {
    const { code, trouble } = await run(['restore', ...words], settingsOf(target))
    expect(trouble).toContain(message)
    expect(code).toBe(1)
    expect(await contentOf(target)).toEqual(before)
  }

  test('a database that holds state, without --force', () =>
    refuses([file], 'holds state already (connection'))

  test('a file that is none', async () => {
    const text = join(folder, 'letter.txt')
    writeFileSync(text, 'Dear customer,\n')
    await refuses([text, '--force'], 'is not a backup of Accord')
    const other = join(folder, 'other.gz')
    writeFileSync(other, gzipSync('Dear customer,\n'))
    await refuses([other, '--force'], 'is not a backup of Accord')
    await refuses([join(folder, 'nowhere'), '--force'], 'There is no file')
  })

  test('a backup that was changed', () =>
    refuses(
      [changed('changed', (text) => text.replace('CUSTOMER', 'CUSTOMEX')), '--force'],
      'is damaged: its checksum does not match',
    ))

  test('a backup that was cut off', async () => {
    const cut = join(folder, 'cut')
    writeFileSync(cut, readFileSync(file))
    truncateSync(cut, 1000)
    await refuses([cut, '--force'], 'is damaged')
    const withoutEnd = changed('without end', (text) => text.slice(0, text.trimEnd().lastIndexOf('\n') + 1))
    await refuses([withoutEnd, '--force'], 'is damaged: its end is missing')
  })

  test('a backup of a later format', () =>
    refuses(
      [changed('later', (text) => text.replace('accord-backup 1', 'accord-backup 2')), '--force'],
      'is a backup of format 2',
    ))

  test('while somebody uses the database', async () => {
    await withClient(target.url, () => refuses([file, '--force'], 'in use by 1 other connection'))
  })

  test('the backup of a newer, and of an older Accord', async () => {
    const newer = await createState('backup newer')
    await withClient(newer.url, (client) =>
      client.query("INSERT INTO mikro_orm_migrations (name, executed_at) VALUES ('Migration2099', now())"),
    )
    const newerFile = join(folder, 'newer')
    await run(['backup', newerFile], settingsOf(newer))
    await refuses([newerFile, '--force'], 'written by a newer Accord')

    const older = await createState('backup older')
    await withClient(older.url, (client) => client.query('DELETE FROM mikro_orm_migrations'))
    const olderFile = join(folder, 'older')
    await run(['backup', olderFile], settingsOf(older))
    await refuses([olderFile, '--force'], 'written by an older Accord')
  })
})

test('with --force a restore replaces what is there', async () => {
  const target = await createState('backup forced')
  await withClient(target.url, (client) => client.query("UPDATE connection SET name = 'other'"))
  expect(await run(['restore', file, '--force'], settingsOf(target))).toMatchObject({ code: 0 })
  expect(await contentOf(target)).toEqual(await contentOf(source))
})
