import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChangesFrom, Connector } from '../../src/connectors/connector.js'
import { createConnector } from '../../src/connectors/create-connector.js'
import { isUnseen } from '../../src/connectors/postgres/replication.js'
import { CAPTURE_SQL } from '../../src/connectors/postgres/capture.js'
import type { TableDefinition } from '../../src/domain/schema.js'
import { findFreePort } from '../../src/embedded/port.js'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/embedded/postgres.js'

let server: EmbeddedPostgres
let client: Client

/** A server of its own, as logical replication has to be switched on for a whole server. */
beforeAll(async () => {
  const options = {
    dataDirectory: join(await mkdtemp(join(tmpdir(), 'accord-test-')), 'postgres'),
    port: await findFreePort(),
    logger: pino({ level: 'silent' }),
    durable: false,
  }
  const first = await startEmbeddedPostgres(options)
  const administrator = new Client({ connectionString: first.adminUrl })
  await administrator.connect()
  await administrator.query('alter system set wal_level = logical')
  await administrator.end()
  await first.stop()
  server = await startEmbeddedPostgres({ ...options, temporary: true })
  client = await connected()
  await client.query(CAPTURE_SQL)
  await client.query(`create table item (area text, no int, name text, primary key (area, no));
    create table keyed (id int primary key, name text)`)
  await client.query(`select accord.capture('item', current_user::regrole)`)
  await client.query('create publication accord for table keyed')
})
afterAll(async () => {
  await client.end()
  await server.stop()
})

async function connected(): Promise<Client> {
  const made = new Client({ connectionString: server.adminUrl })
  await made.connect()
  // The superuser has a schema of its own name.
  await made.query('set search_path = public; set synchronous_commit = on')
  return made
}

function connect(more: Readonly<Record<string, unknown>>): Connector {
  const { hostname, port, pathname, username, password } = new URL(server.adminUrl)
  return createConnector('POSTGRESQL', {
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    user: username,
    password: decodeURIComponent(password),
    tls: 'off',
    ...more,
  })
}

interface Walk {
  readonly seen: Readonly<Record<string, string | boolean | null>>
  readonly token: string
}

/** Reads a feed to its end: by id the name, or null where the record is gone. */
async function walk(
  connector: Connector,
  table: TableDefinition,
  from: ChangesFrom,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Walk> {
  const seen: Record<string, string | boolean | null> = {}
  let position = from
  for (;;) {
    const page = await connector.readChanges({
      table,
      fields: ['name'],
      from: position,
      pageSize: 2,
      track: true,
    })
    for (const change of page.changes) {
      if (change.kind === 'changed') seen[change.record.id] = change.record.values['name'] ?? ''
      else seen[change.id] = null
    }
    if (page.next === null) return { seen, token: page.token ?? '' }
    position = { kind: 'next', next: page.next }
    await between()
  }
}

test('the script that is handed out is the one that is tested', async () => {
  expect(await readFile('docs/postgresql-capture.sql', 'utf8')).toBe(CAPTURE_SQL)
})

describe('triggers', () => {
  let connector: Connector
  let item: TableDefinition
  beforeAll(async () => {
    connector = connect({ changeDetection: 'triggers' })
    item = await connector.describeTable('item')
  })
  afterAll(() => connector.close())

  test('everything first, then what was created, changed and deleted since, also by statements over many records', async () => {
    await client.query(`insert into item select 'A', i, 'a' || i from generate_series(1, 5) i`)
    const first = await walk(connector, item, { kind: 'beginning' })
    expect(Object.keys(first.seen)).toHaveLength(5)
    await client.query(`update item set name = upper(name) where no <= 3; delete from item where no = 5;
      insert into item values ('B', 1, 'new'); update item set area = 'C' where area = 'A' and no = 4`)
    const next = await walk(connector, item, { kind: 'token', token: first.token })
    expect(next.seen).toEqual({
      '["A","1"]': 'A1',
      '["A","2"]': 'A2',
      '["A","3"]': 'A3',
      '["A","4"]': null,
      '["A","5"]': null,
      '["B","1"]': 'new',
      '["C","4"]': 'a4',
    })
    expect((await walk(connector, item, { kind: 'token', token: next.token })).seen).toEqual({})
  })

  test('a transaction that commits after later ones is not missed', async () => {
    const { token } = await walk(connector, item, { kind: 'beginning' })
    const slow = await connected()
    await slow.query(`begin; insert into item values ('SLOW', 1, 'slow')`)
    await client.query(`insert into item values ('FAST', 1, 'fast')`)
    const before = await walk(connector, item, { kind: 'token', token })
    expect(before.seen).toEqual({ '["FAST","1"]': 'fast' })
    await slow.query('commit')
    await slow.end()
    const after = await walk(connector, item, { kind: 'token', token: before.token })
    expect(after.seen).toEqual({ '["SLOW","1"]': 'slow' })
  })

  test('what changes between two pages comes with this walk or the next', async () => {
    const { token } = await walk(connector, item, { kind: 'beginning' })
    await client.query(`insert into item select 'P', i, 'p' from generate_series(1, 6) i`)
    let round = 0
    const during = await walk(connector, item, { kind: 'token', token }, () => {
      round += 1
      return client.query(`update item set name = 'again ${round}' where area = 'P' and no = 6`)
    })
    const after = await walk(connector, item, { kind: 'token', token: during.token })
    expect({ ...during.seen, ...after.seen }['["P","6"]']).toBe(`again ${round}`)
    expect(Object.keys({ ...during.seen, ...after.seen })).toHaveLength(6)
  })

  test('TRUNCATE, and triggers installed anew, ask for a full read', async () => {
    const { token } = await walk(connector, item, { kind: 'beginning' })
    await client.query('truncate item')
    await expect(walk(connector, item, { kind: 'token', token })).rejects.toMatchObject({
      tokenExpired: true,
    })
    const fresh = await walk(connector, item, { kind: 'beginning' })
    expect(fresh.seen).toEqual({})
    await expect(walk(connector, item, { kind: 'token', token: 'nonsense' })).rejects.toMatchObject({
      tokenExpired: true,
    })
  })

  test('a committed statement is heard of', async () => {
    const { hints } = connector
    if (hints?.kind !== 'listen') throw new Error('The connector does not listen.')
    const heard: string[] = []
    const listening = await hints.listen(
      [item],
      (name) => heard.push(name),
      () => heard.push('lost'),
    )
    await client.query(`insert into item values ('H', 1, 'heard')`)
    await expect.poll(() => heard).toEqual(['item'])
    await listening.close()
    expect(heard).toEqual(['item'])
  })
})

describe('logical replication', () => {
  let connector: Connector
  let keyed: TableDefinition
  beforeAll(async () => {
    connector = connect({ changeDetection: { keyed: 'logicalReplication' } })
    keyed = await connector.describeTable('keyed')
  })
  afterAll(async () => {
    await connector.close()
    await client.query(`select pg_drop_replication_slot(slot_name) from pg_replication_slots`)
  })

  test('everything first, then what was created, changed and deleted since; a repeated walk finds the same', async () => {
    await client.query(`insert into keyed select i, 'k' || i from generate_series(1, 5) i`)
    const first = await walk(connector, keyed, { kind: 'beginning' })
    expect(Object.keys(first.seen)).toHaveLength(5)
    await client.query(`update keyed set name = upper(name) where id <= 3`)
    await client.query(`delete from keyed where id = 5; update keyed set id = 40 where id = 4`)
    const expected = { 1: 'K1', 2: 'K2', 3: 'K3', 4: null, 5: null, 40: 'k4' }
    const next = await walk(connector, keyed, { kind: 'token', token: first.token })
    expect(next.seen).toEqual(expected)
    expect((await walk(connector, keyed, { kind: 'token', token: first.token })).seen).toEqual(expected)
    const last = await walk(connector, keyed, { kind: 'token', token: next.token })
    expect(last.seen).toEqual({})
  })

  test('a transaction that commits after later ones is not missed', async () => {
    const { token } = await walk(connector, keyed, { kind: 'beginning' })
    const slow = await connected()
    await slow.query(`begin; insert into keyed values (100, 'slow')`)
    await client.query(`insert into keyed values (101, 'fast')`)
    const before = await walk(connector, keyed, { kind: 'token', token })
    expect(before.seen).toMatchObject({ 101: 'fast' })
    expect(before.seen).not.toHaveProperty('100')
    await slow.query('commit')
    await slow.end()
    expect((await walk(connector, keyed, { kind: 'token', token: before.token })).seen).toEqual({
      100: 'slow',
    })
  })

  test('a transaction counts as unseen until others see it, also the last one, and when numbers begin anew', async () => {
    const slow = await connected()
    await slow.query('begin')
    const { rows } = await slow.query<{ xid: string }>('select pg_current_xact_id()::text as xid')
    const xid = rows[0]?.xid ?? ''
    const snapshot = async () => {
      const read = await client.query<{ now: string }>('select pg_current_snapshot()::text as now')
      return read.rows[0]?.now ?? ''
    }
    expect(isUnseen(await snapshot(), xid)).toBe(true)
    await slow.query('commit')
    await slow.end()
    expect(isUnseen(await snapshot(), xid)).toBe(false)
    expect(isUnseen('90:100:90,95', '95')).toBe(true)
    expect(isUnseen('90:100:90,95', '94')).toBe(false)
    // 4,294,967,296 is written 0 in the log.
    expect(isUnseen('4294967290:4294967296:4294967290', '0')).toBe(true)
    expect(isUnseen('4294967290:4294967298:4294967290', '4294967290')).toBe(true)
    expect(isUnseen('4294967290:4294967298:4294967290', '1')).toBe(false)
  })

  test('changes that fill several batches of the log all come, each once', async () => {
    const { token } = await walk(connector, keyed, { kind: 'beginning' })
    await client.query(`insert into keyed select i, 'many' from generate_series(10000, 12100) i`)
    const { seen } = await walk(connector, keyed, { kind: 'token', token })
    expect(Object.values(seen).filter((name) => name === 'many')).toHaveLength(2101)
  })

  test('mappings of two tables of a connection go on side by side; of one table each finds all changes', async () => {
    await client.query(
      'create table second (id int primary key, name text); alter publication accord add table second',
    )
    const two = connect({ changeDetection: { keyed: 'logicalReplication', second: 'logicalReplication' } })
    const second = await two.describeTable('second')
    let own = (await walk(two, second, { kind: 'beginning' })).token
    const begun = await walk(two, keyed, { kind: 'beginning' })
    let one = (await walk(two, keyed, { kind: 'token', token: begun.token })).token
    const other = one
    for (const id of [30_001, 30_002]) {
      await client.query(`insert into keyed values (${id}, 'both')`)
      await client.query(`insert into second values (${id}, 'own')`)
      const read = await walk(two, second, { kind: 'token', token: own })
      expect(read.seen).toEqual({ [id]: 'own' })
      own = read.token
      const first = await walk(two, keyed, { kind: 'token', token: one })
      expect(first.seen).toEqual({ [id]: 'both' })
      one = first.token
    }
    // The slot has gone on with the first mapping: the other is told to read everything, and misses nothing.
    await expect(walk(connector, keyed, { kind: 'token', token: other })).rejects.toMatchObject({
      tokenExpired: true,
    })
    const whole = await walk(connector, keyed, { kind: 'beginning' })
    expect(whole.seen).toMatchObject({ 30001: 'both', 30002: 'both' })
    await two.close()
  })

  test('a log that takes longer to go through than a request may last is gone through all the same', async () => {
    await client.query(
      'create table beside (id int primary key, name text); alter publication accord add table beside',
    )
    const hasty = connect({ changeDetection: { keyed: 'logicalReplication' }, requestTimeout: 400 })
    const { token } = await walk(hasty, keyed, { kind: 'beginning' })
    await client.query(`insert into beside select i, repeat('x', 100) from generate_series(1, 150000) i`)
    await client.query(`insert into keyed values (20000, 'behind it')`)
    expect((await walk(hasty, keyed, { kind: 'token', token })).seen).toMatchObject({ 20000: 'behind it' })
    await hasty.close()
  })

  test('a slot that was dropped, and TRUNCATE, ask for a full read', async () => {
    const { token } = await walk(connector, keyed, { kind: 'beginning' })
    await client.query('truncate keyed')
    await expect(walk(connector, keyed, { kind: 'token', token })).rejects.toMatchObject({
      tokenExpired: true,
    })
    const fresh = await walk(connector, keyed, { kind: 'beginning' })
    await client.query(`insert into keyed values (1, 'one')`)
    expect((await walk(connector, keyed, { kind: 'token', token: fresh.token })).seen).toEqual({ 1: 'one' })
    await client.query(`select pg_drop_replication_slot('accord_keyed')`)
    await expect(walk(connector, keyed, { kind: 'token', token: fresh.token })).rejects.toMatchObject({
      tokenExpired: true,
    })
  })
})

describe('a check tells what keeps changes from being found', () => {
  const codes = async (name: string, more: Readonly<Record<string, unknown>>) => {
    const connector = connect(more)
    const table = { name, fields: [] } as unknown as TableDefinition
    const findings = await connector.check({
      tables: [{ table, fields: ['name'], written: ['name'], creates: true, deletes: true }],
    })
    await connector.close()
    return findings.map((finding) => finding.code)
  }

  test('nothing but the superuser where all is well', async () => {
    expect(await codes('item', { changeDetection: 'triggers' })).toEqual(['SUPERUSER'])
    expect(await codes('keyed', { changeDetection: 'logicalReplication' })).toEqual(['SUPERUSER'])
  })

  test('triggers, publication, modified column, key, table', async () => {
    await client.query('create table bare (a int, name text)')
    expect(await codes('keyed', { changeDetection: 'triggers' })).toEqual(['TRIGGERS_MISSING', 'SUPERUSER'])
    await client.query('alter table item disable trigger accord_delete')
    expect(await codes('item', { changeDetection: 'triggers' })).toEqual(['TRIGGERS_DISABLED', 'SUPERUSER'])
    expect(await codes('item', { changeDetection: 'logicalReplication' })).toEqual([
      'NOT_PUBLISHED',
      'SUPERUSER',
    ])
    expect(await codes('keyed', {})).toEqual(['MODIFIED_COLUMN_MISSING', 'SUPERUSER'])
    expect(await codes('bare', {})).toEqual(['TABLE_NOT_USABLE', 'SUPERUSER'])
    expect(await codes('nowhere', {})).toEqual(['TABLE_NOT_USABLE', 'SUPERUSER'])
    await client.query('alter table keyed add modified timestamptz')
    expect(await codes('keyed', {})).toEqual([
      'MODIFIED_COLUMN_NOT_MAINTAINED',
      'MODIFIED_COLUMN_NULLABLE',
      'MODIFIED_COLUMN_NOT_INDEXED',
      'SUPERUSER',
    ])
  })

  test('each privilege that the role lacks, and that it may not use replication slots', async () => {
    await client.query(`create role reader login password 'secret'; grant select, update on keyed to reader`)
    const as = { user: 'reader', password: 'secret', changeDetection: 'logicalReplication' }
    expect(await codes('keyed', as)).toEqual(['PRIVILEGE_MISSING', 'REPLICATION_MISSING'])
    await client.query(`alter table keyed enable row level security`)
    expect(await codes('keyed', as)).toContain('ROW_SECURITY')
    const wrong = connect({ user: 'reader', password: 'wrong' })
    expect(await wrong.check({ tables: [] })).toMatchObject([
      { code: 'CREDENTIALS_WRONG', severity: 'ERROR' },
    ])
    await wrong.close()
  })
})
