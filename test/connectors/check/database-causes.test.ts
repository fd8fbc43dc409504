import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createConnector } from '../../../src/connectors/create-connector.js'
import { CAPTURE_SQL } from '../../../src/connectors/postgres/capture.js'
import { DIAGNOSES } from '../../../src/domain/diagnosis/diagnose.js'
import { DiagnosisCode } from '../../../src/domain/diagnosis/code.js'
import type { POSTGRESQL } from '../../../src/domain/diagnosis/postgresql.js'
import type { Finding } from '../../../src/domain/finding.js'
import type { TableDefinition } from '../../../src/domain/schema.js'
import { findFreePort } from '../../../src/embedded/port.js'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../../src/embedded/postgres.js'
import { testDatabaseUrl } from '../../support/environment.js'

type Settings = Readonly<Record<string, unknown>>

let home: string
let options: Parameters<typeof startEmbeddedPostgres>[0]
let server: EmbeddedPostgres

/** A server of its own: who may sign in, and what its log holds, is set for a whole server. */
beforeAll(async () => {
  home = join(await mkdtemp(join(tmpdir(), 'accord-test-')), 'postgres')
  const port = await findFreePort()
  options = { dataDirectory: home, port, logger: pino({ level: 'silent' }), durable: false }
  server = await startEmbeddedPostgres(options)
  await run('alter system set wal_level = logical', "alter system set max_slot_wal_keep_size = '1MB'")
  await server.stop()
  const hba = join(home, 'cluster', 'pg_hba.conf')
  await writeFile(hba, `hostnossl all secure 127.0.0.1/32 reject\n${await readFile(hba, 'utf8')}`)
  server = await startEmbeddedPostgres(options)
  await run(CAPTURE_SQL)
  await run(`create role reader login password 'secret'; create role secure login password 'secret';
    create role nobody password 'secret'; create role stranger login password 'secret';
    create table kept (id int primary key, name text, modified timestamptz not null default clock_timestamp());
    create index on kept (modified);
    create function touch() returns trigger language plpgsql as $$ begin new.modified = clock_timestamp(); return new; end $$;
    create trigger touch before update on kept for each row execute function touch();
    create table bare (id int primary key, name text); create table keyless (name text);
    create table loose (id int primary key, name text, modified timestamptz);
    grant select, insert, update, delete on kept, bare, loose to reader`)
})
afterAll(async () => {
  await server.stop()
})

/** Statements that each stand alone: some may not run in a transaction. */
async function run(...statements: readonly string[]): Promise<void> {
  const administrator = new Client({ connectionString: server.adminUrl })
  await administrator.connect()
  // The superuser has a schema of its own name.
  await administrator.query('set search_path = public')
  try {
    for (const statement of statements) await administrator.query(statement)
  } finally {
    await administrator.end()
  }
}

const READER = { user: 'reader', password: 'secret' }

/** What a check of `kept`, or of another table, says to the role `reader`, or with other settings. */
async function check({ table = 'kept', ...more }: Settings): Promise<readonly Finding[]> {
  const { hostname, port, pathname } = new URL(server.adminUrl)
  const connector = createConnector('POSTGRESQL', {
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    tls: 'off',
    ...READER,
    ...more,
  })
  try {
    const definition = { name: table, fields: [] } as unknown as TableDefinition
    return await connector.check({
      tables: [{ table: definition, fields: ['name'], written: ['name'], creates: true, deletes: true }],
    })
  } finally {
    await connector.close()
  }
}

test('nothing is wrong with a table that is set up for it', async () => {
  expect(await check({})).toEqual([])
})

interface Cause {
  /** What is done to the server before. */
  readonly given?: () => Promise<unknown>
  readonly settings?: Settings | (() => Settings)
  readonly what: RegExp
  readonly remedy?: RegExp
}

/** The superuser of the cluster of all tests, whose log is not for logical replication. */
const elsewhere = (): Settings => {
  const { hostname, password, port, username } = new URL(testDatabaseUrl())
  return { host: hostname, port: Number(port), user: username, password: decodeURIComponent(password) }
}
const administrator = (): Settings => {
  const { password, username } = new URL(server.adminUrl)
  return { user: username, password: decodeURIComponent(password) }
}

/** Every cause of databases: one without a case here does not compile. */
const CAUSES: Readonly<Record<Exclude<keyof typeof POSTGRESQL, 'STANDBY'>, Cause>> = {
  DATABASE_UNKNOWN: { settings: { database: 'nowhere' }, what: /"nowhere" does not exist/ },
  DATABASE_LOGIN_REFUSED: { settings: { user: 'nobody' }, what: /not permitted to log in/ },
  TLS_NOT_OFFERED: { settings: { tls: 'verify' }, what: /does not support SSL/, remedy: /tls=off/ },
  TLS_REQUIRED: { settings: { user: 'secure' }, what: /no encryption/, remedy: /tls=verify/ },
  TABLE_NOT_USABLE: { settings: { table: 'keyless' }, what: /no primary key/ },
  ROW_SECURITY: {
    given: () =>
      run(
        'create table hidden as table kept; alter table hidden add primary key (id), enable row level security; grant all on hidden to reader',
      ),
    settings: { table: 'hidden' },
    what: /applies to the role reader/,
  },
  SUPERUSER: { settings: administrator, what: /is a superuser/ },
  MODIFIED_COLUMN_MISSING: { settings: { table: 'bare' }, what: /has no column modified/ },
  MODIFIED_COLUMN_NOT_MAINTAINED: { settings: { table: 'loose' }, what: /No trigger/ },
  MODIFIED_COLUMN_NULLABLE: { settings: { table: 'loose' }, what: /may be empty/ },
  MODIFIED_COLUMN_NOT_INDEXED: { settings: { table: 'loose' }, what: /No index/, remedy: /^CREATE INDEX/ },
  TRIGGERS_MISSING: {
    settings: { table: 'bare', changeDetection: 'triggers' },
    what: /not installed/,
    remedy: /'reader'\);$/,
  },
  TRIGGERS_DISABLED: {
    given: () =>
      run("select accord.capture('loose', 'reader'); alter table loose disable trigger accord_delete"),
    settings: { table: 'loose', changeDetection: 'triggers' },
    what: /are disabled/,
  },
  WAL_LEVEL: {
    settings: () => ({ ...elsewhere(), database: 'postgres', changeDetection: 'logicalReplication' }),
    what: /wal_level is replica/,
    remedy: /^ALTER SYSTEM SET wal_level = logical; --/,
  },
  REPLICATION_MISSING: {
    settings: { changeDetection: 'logicalReplication' },
    what: /may not use replication/,
  },
  NOT_PUBLISHED: {
    settings: { changeDetection: 'logicalReplication' },
    what: /is not in the publication/,
    remedy: /^CREATE PUBLICATION/,
  },
  NO_REPLICA_IDENTITY: {
    given: () => run('alter table bare replica identity nothing'),
    settings: { table: 'bare', changeDetection: 'logicalReplication' },
    what: /replica identity nothing/,
  },
  SLOT_LOST: {
    given: async () => {
      await run("select pg_create_logical_replication_slot('accord_kept', 'pgoutput')")
      for (const number of [1, 2, 3, 4])
        await run(`insert into kept values (${String(number)})`, 'select pg_switch_wal()')
      await run('checkpoint')
    },
    settings: { changeDetection: 'logicalReplication' },
    what: /accord_kept holds back more log/,
  },
}

describe('every cause is told with its remedy', () => {
  test.each(Object.entries(CAUSES))('%s', async (code, { given, settings = {}, what, remedy }) => {
    await given?.()
    const findings = await check(typeof settings === 'function' ? settings() : settings)
    const found = findings.find((finding) => finding.code === code)
    expect(found?.what).toMatch(what)
    expect(found?.severity).toBe(DIAGNOSES[code as DiagnosisCode].severity)
    expect(found?.remedy).toMatch(remedy ?? /\w/)
  })

  test.each([
    ['an unknown host', { host: 'nowhere.invalid' }, DiagnosisCode.hostNotFound],
    ['a port at which nobody listens', { port: 1 }, DiagnosisCode.hostUnreachable],
    ['a wrong password', { password: 'wrong' }, DiagnosisCode.credentialsWrong],
    ['no password', { password: undefined }, DiagnosisCode.credentialsWrong],
    ['no privilege on the table', { user: 'stranger' }, DiagnosisCode.privilegeMissing],
  ])('%s', async (_, settings, code) => {
    const [found] = await check(settings)
    expect(found).toMatchObject({ code, severity: 'ERROR' })
  })
})

test('statements of remedies mend what they are about as they stand', async () => {
  const settings = { user: 'stranger', changeDetection: 'logicalReplication' }
  const before = await check(settings)
  const statements = before.map(({ remedy }) => remedy).filter((remedy) => remedy.endsWith(';'))
  expect(statements).toHaveLength(3)
  await run(...statements)
  expect(await check({ ...settings, publication: 'accord' })).toMatchObject([{ code: 'SLOT_LOST' }])
})

test('a standby', async () => {
  await server.stop()
  await writeFile(join(home, 'cluster', 'standby.signal'), '')
  server = await startEmbeddedPostgres({ ...options, temporary: true })
  const found = (await check({})).find(({ code }) => code === DiagnosisCode.standby)
  expect(found?.severity).toBe('ERROR')
})
