import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChangesFrom, Connector, WriteRequest, WriteResult } from '../../src/connectors/connector.js'
import { createConnector } from '../../src/connectors/create-connector.js'
import type { Change } from '../../src/domain/record.js'
import type { TableDefinition } from '../../src/domain/schema.js'
import { createTestDatabase, type TestDatabase } from '../support/environment.js'

let database: TestDatabase
let client: Client
let connector: Connector
let customers: TableDefinition
let orders: TableDefinition
let lines: TableDefinition

const TABLES = `
create type mood as enum ('calm', 'angry');
create table customer (
  id uuid primary key default gen_random_uuid(), name varchar(20) not null, note text, credit numeric(18,4) not null default 0,
  rating int, big bigint, blocked bool not null default false, since date, seen timestamptz, mood mood, tags text[],
  upper_name text generated always as (upper(name)) stored, modified timestamptz not null default clock_timestamp());
create table "order" (no bigint generated always as identity primary key, customer_id uuid references customer,
  amount numeric, code text unique, modified timestamptz not null default clock_timestamp());
create table line (order_no bigint references "order", position text, quantity int not null check (quantity > 0),
  modified timestamptz not null default clock_timestamp(), primary key (order_no, position));
create table keyless (a int);
create function touch() returns trigger language plpgsql as $$ begin new.modified = clock_timestamp(); return new; end $$;
create trigger touch before update on customer for each row execute function touch();
`

function settingsOf(url: string, more: Readonly<Record<string, unknown>> = {}) {
  const { hostname, port, pathname, username, password } = new URL(url)
  return {
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    user: decodeURIComponent(username),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    tls: 'off',
    ...more,
  }
}

beforeAll(async () => {
  database = await createTestDatabase('connector_pg')
  client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query(TABLES)
  connector = createConnector('POSTGRESQL', settingsOf(database.url))
  customers = await connector.describeTable('customer')
  orders = await connector.describeTable('order')
  lines = await connector.describeTable('line')
})
afterAll(async () => {
  await connector.close()
  await client.end()
  await database.drop()
})

async function write(
  table: TableDefinition,
  requests: readonly object[],
  through: Connector = connector,
): Promise<readonly WriteResult[]> {
  const results: WriteResult[] = []
  await through.write(
    table,
    requests.map(
      (request, index) => ({ ref: String(index), deadline: Date.now() + 30_000, ...request }) as WriteRequest,
    ),
    {
      returnFields: table.fields
        .filter((field) => field.type.kind !== 'unsupported')
        .map((field) => field.name),
      beforeCall: () => Promise.resolve(),
      onResults: (more) => {
        results.push(...more)
        return Promise.resolve()
      },
    },
  )
  return results.toSorted((left, right) => Number(left.ref) - Number(right.ref))
}

async function create(table: TableDefinition, values: Readonly<Record<string, string | boolean | null>>) {
  const [id] = await connector.newIds(table, [values])
  const [result] = await write(table, [{ kind: 'create', id, values }])
  if (result?.kind !== 'written') throw new Error(JSON.stringify(result))
  return result.record
}

async function readAll(
  from: ChangesFrom,
  table = customers,
  track = false,
  pageSize = 2,
  through = connector,
) {
  const changes: Change[] = []
  let position: ChangesFrom | null = from
  let token: string | null = null
  while (position !== null) {
    const page = await through.readChanges({
      table,
      fields: [table.nameField],
      from: position,
      pageSize,
      track,
    })
    changes.push(...page.changes)
    token = page.token
    position = page.next === null ? null : { kind: 'next', next: page.next }
  }
  return {
    changes,
    token,
    ids: changes.map((change) => (change.kind === 'changed' ? change.record.id : change.id)),
  }
}

test('tables are described by their catalog', () => {
  const types = Object.fromEntries(customers.fields.map((field) => [field.name, field.type]))
  expect(types).toEqual({
    id: { kind: 'guid' },
    name: { kind: 'text', maxLength: 20 },
    note: { kind: 'text', maxLength: 10_485_760 },
    credit: { kind: 'decimal', scale: 4, nullable: false },
    rating: { kind: 'integer', nullable: true },
    big: { kind: 'integer', nullable: true },
    blocked: { kind: 'boolean', nullable: false },
    since: { kind: 'date' },
    seen: { kind: 'dateTime' },
    mood: { kind: 'option', members: ['calm', 'angry'] },
    tags: { kind: 'unsupported', name: 'text[]' },
    upper_name: { kind: 'text', maxLength: 10_485_760 },
  })
  expect(customers).toMatchObject({
    system: 'POSTGRESQL',
    keyField: 'id',
    nameField: 'name',
    stampField: 'modified',
  })
  expect(customers.fields.find((field) => field.name === 'upper_name')?.readOnly).toBe(true)
  expect(orders.fields.find((field) => field.name === 'customer_id')?.type).toEqual({
    kind: 'lookup',
    table: 'customer',
  })
  expect(orders.fields.find((field) => field.name === 'no')).toMatchObject({ createOnly: true })
  expect(lines.fields.find((field) => field.name === 'quantity')?.required).toBe(true)
})

test('tables without a primary key are neither listed nor described', async () => {
  expect((await connector.listTables()).map((table) => table.name)).toEqual(['customer', 'line', 'order'])
  await expect(connector.describeTable('keyless')).rejects.toMatchObject({ failure: { errorClass: 'SETUP' } })
  await expect(connector.describeTable('nowhere')).rejects.toMatchObject({ failure: { errorClass: 'SETUP' } })
})

test('values come back exactly as they were written', async () => {
  const values = {
    name: 'Ärzte "&" \\ Co',
    note: null,
    credit: '12345678901234.5678',
    rating: '-7',
    big: '9223372036854775807',
    blocked: true,
    since: '2026-02-28',
    seen: '2026-02-28T23:59:59.123456Z',
    mood: 'angry',
  }
  const record = await create(customers, values)
  expect(record.values).toMatchObject(values)
  expect(record.values['upper_name']).toBe('ÄRZTE "&" \\ CO')
  const [read] = await connector.readByIds(customers, Object.keys(values), [record.id])
  expect(read).toMatchObject({ kind: 'found', record: { ...record, values } })
})

test('blank is an empty text where the column takes no null, and reads as blank', async () => {
  const record = await create(customers, { name: null, note: null })
  expect(record.values).toMatchObject({ name: null, note: null })
})

test('ids: sequences are reserved at once, keys of several columns are a JSON array', async () => {
  const ids = await connector.newIds(orders, [{}, {}, { no: '900' }])
  expect(ids).toEqual([expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d+$/), '900'])
  const [first] = ids
  const [made] = await write(orders, [{ kind: 'create', id: first, values: { code: 'A' } }])
  expect(made).toMatchObject({ kind: 'written', record: { id: first } })
  const line = await create(lines, { order_no: String(first), position: 'a "1"', quantity: '2' })
  expect(line.id).toBe(JSON.stringify([first, 'a "1"']))
  expect(await connector.readByIds(lines, ['quantity'], [line.id, '["x","y"]', 'nonsense'])).toEqual([
    { kind: 'found', record: expect.objectContaining({ id: line.id, values: { quantity: '2' } }) as unknown },
    { kind: 'gone', id: '["x","y"]' },
    { kind: 'gone', id: 'nonsense' },
  ])
  expect(await connector.newIds(lines, [{ position: 'b' }])).toEqual([
    expect.objectContaining({ errorClass: 'VALIDATION', field: 'order_no' }),
  ])
})

test('a write is conditional on the version that was compared', async () => {
  const record = await create(customers, { name: 'before' })
  const [changed] = await write(customers, [
    { kind: 'update', id: record.id, version: record.version, values: { name: 'after' } },
  ])
  expect(changed).toMatchObject({
    kind: 'written',
    record: { values: { name: 'after', upper_name: 'AFTER' } },
  })
  const again = await write(customers, [
    { kind: 'update', id: record.id, version: record.version, values: { name: 'late' } },
    { kind: 'delete', id: record.id, version: record.version },
    { kind: 'update', id: '00000000-0000-4000-8000-000000000000', version: '1', values: { name: 'none' } },
    { kind: 'delete', id: '00000000-0000-4000-8000-000000000000', version: '1' },
    { kind: 'create', id: record.id, values: { name: 'twice' } },
  ])
  expect(again.map((result) => result.kind)).toEqual(['stale', 'stale', 'gone', 'gone', 'exists'])
  const version = changed?.kind === 'written' ? changed.record.version : ''
  expect(await write(customers, [{ kind: 'delete', id: record.id, version }])).toEqual([
    { kind: 'deleted', ref: '0' },
  ])
})

test('a record that the database refuses does not keep its neighbours from being written', async () => {
  await create(orders, { code: 'TAKEN' })
  const ids = await connector.newIds(
    orders,
    Array.from({ length: 40 }, () => ({})),
  )
  const results = await write(
    orders,
    ids.map((id, index) => ({
      kind: 'create',
      id,
      values:
        index === 7
          ? { code: 'TAKEN' }
          : index === 23
            ? { customer_id: '00000000-0000-4000-8000-000000000001' }
            : { code: `N${index}` },
    })),
  )
  expect(results.filter((result) => result.kind === 'written')).toHaveLength(38)
  expect(results[7]).toMatchObject({
    kind: 'refused',
    failure: { errorClass: 'DUPLICATE', field: 'code', code: '23505' },
  })
  expect(results[23]).toMatchObject({
    kind: 'refused',
    failure: { errorClass: 'VALIDATION', field: 'customer_id', code: '23503' },
  })
  const refusals = await write(customers, [
    { kind: 'create', id: '00000000-0000-4000-8000-00000000000a', values: { name: 'x'.repeat(21) } },
    { kind: 'create', id: '00000000-0000-4000-8000-00000000000b', values: { name: 'zero \0 inside' } },
    { kind: 'create', id: '00000000-0000-4000-8000-00000000000c', values: { name: 'fine' } },
  ])
  expect(refusals).toMatchObject([
    { kind: 'refused', failure: { errorClass: 'VALIDATION', code: '22001' } },
    { kind: 'refused', failure: { errorClass: 'VALIDATION' } },
    { kind: 'written' },
  ])
})

test('one bad record of a thousand is found in a few statements', async () => {
  await client.query(`create table tallied (id int primary key, good int not null check (good > 0), modified timestamptz);
    create sequence statements;
    create function count_statement() returns trigger language plpgsql as $$ begin perform nextval('statements'); return null; end $$;
    create trigger count_statement before insert on tallied for each statement execute function count_statement()`)
  const one = createConnector('POSTGRESQL', settingsOf(database.url, { concurrency: 1 }))
  const counted = await one.describeTable('tallied')
  const results = await write(
    counted,
    Array.from({ length: 1_000 }, (_, id) => ({
      kind: 'create',
      id: String(id),
      values: { id: String(id), good: id === 617 ? '-1' : '1' },
    })),
    one,
  )
  await one.close()
  expect(results.filter(({ kind }) => kind === 'written')).toHaveLength(999)
  expect(results[617]).toMatchObject({ kind: 'refused', failure: { errorClass: 'VALIDATION' } })
  // A sequence is not rolled back. Each half is tried: twice the logarithm.
  const { rows } = await client.query<{ statements: number }>(
    'select last_value::int as statements from statements',
  )
  expect(rows[0]?.statements).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(1_000)))
})

test('a message tells no values but those of columns that the mapping knows', async () => {
  await client.query(`create table guarded (id int primary key, name text, rating int not null check (rating > 0),
      pin text default 'hidden 1234', code text default 'hidden 99', modified timestamptz, unique (name, code));
    create unique index on guarded (name) where rating = 5`)
  const table = await connector.describeTable('guarded')
  const refusals = async (rows: readonly Readonly<Record<string, string>>[]) => {
    const results: WriteResult[] = []
    const requests = rows.map((values): WriteRequest => ({
      kind: 'create',
      ref: String(values['id']),
      id: String(values['id']),
      values,
      deadline: Date.now() + 30_000,
    }))
    await connector.write(table, requests, {
      returnFields: ['name', 'rating'],
      beforeCall: () => Promise.resolve(),
      onResults: async (more) => void results.push(...more),
    })
    return results.flatMap((result) => (result.kind === 'refused' ? [result.failure.message] : []))
  }
  const [check = ''] = await refusals([{ id: '1', name: 'A', rating: '-1' }])
  expect(check).toContain('violates check constraint')
  expect(check).not.toContain('hidden')
  await refusals([
    { id: '2', name: 'B', rating: '1' },
    { id: '3', name: 'C', rating: '5' },
  ])
  const [unmapped = ''] = await refusals([{ id: '4', name: 'B', rating: '1' }])
  expect(unmapped).toContain('violates unique constraint')
  expect(unmapped).not.toContain('hidden')
  await client.query(`update guarded set code = 'other' where id = 3`)
  expect(await refusals([{ id: '5', name: 'C', rating: '5' }])).toEqual([
    expect.stringContaining('Key (name)=(C) already exists.'),
  ])
})

test('what triggers behind the write make of a record is what counts as written', async () => {
  await client.query(`create table counted (id int primary key, n int, modified timestamptz not null default now());
    create function again() returns trigger language plpgsql as $$ begin
      if pg_trigger_depth() = 1 then update counted set n = n + 1 where id = new.id; end if; return null; end $$;
    create trigger again after insert or update on counted for each row execute function again();`)
  const table = await connector.describeTable('counted')
  const record = await create(table, { id: '1', n: '10' })
  expect(record.values['n']).toBe('11')
  const [changed] = await write(table, [
    { kind: 'update', id: '1', version: record.version, values: { n: '20' } },
  ])
  expect(changed).toMatchObject({ kind: 'written', record: { values: { n: '21' } } })
})

test('a table that gives records other keys than ours stops the run before anything is created', async () => {
  await client.query(`create table stubborn (id uuid primary key, name text, modified timestamptz not null default clock_timestamp());
    create function own_key() returns trigger language plpgsql as $$ begin new.id = gen_random_uuid(); return new; end $$;
    create trigger own_key before insert on stubborn for each row execute function own_key()`)
  const stubborn = await connector.describeTable('stubborn')
  await expect(create(stubborn, { name: 'Adatum' })).rejects.toMatchObject({
    failure: { errorClass: 'SETUP' },
  })
  expect((await client.query('select from stubborn')).rowCount).toBe(0)
  const open = await client.query(
    `select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
  )
  expect(open.rowCount).toBe(0)
})

test('constraints that are checked at the end of a transaction refuse their record alone', async () => {
  await client.query(`create table child (id int primary key, parent int references child deferrable initially deferred,
    modified timestamptz not null default now())`)
  const table = await connector.describeTable('child')
  const results = await write(table, [
    { kind: 'create', id: '1', values: {} },
    { kind: 'create', id: '2', values: { parent: '99' } },
    { kind: 'create', id: '3', values: {} },
  ])
  expect(results.map((result) => result.kind)).toEqual(['written', 'refused', 'written'])
})

test('changes by the modified column come in pages, each once, and none that lie before the mark', async () => {
  await client.query(`create table item (no text primary key, name text, modified timestamptz not null);
    insert into item select 'I' || i, 'Item ' || i, '2026-01-01 00:00:00Z'::timestamptz + (i / 3) * interval '1 microsecond' from generate_series(0, 9) i;
    insert into item values ('OLD', 'old', '2025-01-01Z')`)
  const table = await connector.describeTable('item')
  const { ids } = await readAll({ kind: 'stamp', atOrAfter: Date.parse('2026-01-01T00:00:00Z') }, table)
  expect(ids).toEqual(Array.from({ length: 10 }, (_, index) => `I${index}`))
  expect((await readAll({ kind: 'beginning' }, table)).ids).toHaveLength(11)
  expect((await connector.readIds(table, null)).ids).toHaveLength(11)
})

test('matching finds text whatever its case, also beyond ASCII, and other types by value', async () => {
  const record = await create(customers, { name: 'ÖL Müller', rating: '4711' })
  const byName = await connector.readByValues(customers, ['name'], 'name', ['öl müller', 'nobody'])
  expect(byName.map((found) => found.id)).toEqual([record.id])
  const byRating = await connector.readByValues(customers, ['name'], 'rating', ['4711', 'no number'])
  expect(byRating.map((found) => found.id)).toEqual([record.id])
})

test('rights and set-up stop the table and blame no record', async () => {
  await client.query(
    `create role reader_of_${process.pid} login password 'secret'; grant select on item to reader_of_${process.pid}`,
  )
  const reader = createConnector(
    'POSTGRESQL',
    settingsOf(database.url, { user: `reader_of_${process.pid}`, password: 'secret' }),
  )
  try {
    const table = await reader.describeTable('item')
    await expect(
      write(table, [{ kind: 'create', id: 'X', values: { name: 'x' } }], reader),
    ).rejects.toMatchObject({
      failure: { errorClass: 'PERMISSION', code: '42501' },
    })
  } finally {
    await reader.close()
    await client.query(`drop owned by reader_of_${process.pid}; drop role reader_of_${process.pid}`)
  }
  const elsewhere = createConnector('POSTGRESQL', settingsOf(database.url, { port: 1 }))
  await expect(elsewhere.readClock()).rejects.toMatchObject({ failure: { errorClass: 'UNAVAILABLE' } })
  await elsewhere.close()
})

/** Stands between Accord and the server, and hangs up behind the first commit that it lets through. */
async function hangUpAfterCommit(url: string) {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const upstream = connect(Number(port), hostname)
    let isCommitting = false
    for (const end of [socket, upstream]) {
      sockets.add(end)
      end.on('error', () => end.destroy())
      end.on('close', () => sockets.delete(end))
    }
    socket.on('data', (data) => {
      isCommitting ||= data.includes('commit\0')
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (isCommitting) socket.destroy()
      else socket.write(data)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

test('where the answer to the commit is lost, the outcome is unknown', async () => {
  const proxy = await hangUpAfterCommit(database.url)
  const through = createConnector(
    'POSTGRESQL',
    settingsOf(database.url, { port: proxy.port, concurrency: 1 }),
  )
  try {
    const [id] = await connector.newIds(orders, [{}])
    const results = await write(orders, [{ kind: 'create', id, values: { code: 'LOST' } }], through)
    expect(results).toMatchObject([{ kind: 'unknown', ref: '0' }])
    await expect
      .poll(async () => (await connector.readByIds(orders, ['code'], [String(id)]))[0]?.kind)
      .toBe('found')
  } finally {
    await through.close()
    proxy.close()
  }
})

test('a session that ends within its transaction has written nothing', async () => {
  await client.query(`create table slow (id int primary key, modified timestamptz not null default now());
    create function ends_session() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
    create constraint trigger ends_session after insert on slow deferrable initially deferred for each row execute function ends_session()`)
  const table = await connector.describeTable('slow')
  const results: WriteResult[] = []
  const failed = connector.write(
    table,
    [{ kind: 'create', ref: 'a', id: '1', values: {}, deadline: Date.now() + 30_000 }],
    {
      returnFields: [],
      beforeCall: () => Promise.resolve(),
      onResults: (more) => {
        results.push(...more)
        return Promise.resolve()
      },
    },
  )
  await expect(failed).rejects.toMatchObject({ failure: { errorClass: 'UNAVAILABLE' } })
  expect(results).toEqual([{ kind: 'notSent', ref: 'a' }])
})

test('filters mean in the database what they mean here', async () => {
  await client.query(`create table filtered (id int primary key, name text, n numeric, d date, b bool, modified timestamptz not null default now());
    insert into filtered values (1, 'Abc', 1.5, '2026-01-01', true), (2, '', null, null, null), (3, null, -2, '2025-01-01', false), (4, 'xİABCx', 10, null, true)`)
  const table = await connector.describeTable('filtered')
  const count = (field: string, comparison: string, value: unknown) =>
    connector.countRecords(table, { kind: 'compare', field, comparison, value } as never)
  expect(await count('name', '=', 'aBC')).toBe(1)
  expect(await count('name', '<>', 'abc')).toBe(3)
  expect(await count('name', 'blank', null)).toBe(2)
  expect(await count('name', 'contains', 'iab')).toBe(0)
  expect(await count('name', 'contains', 'BC')).toBe(2)
  expect(await count('name', 'beginsWith', 'a')).toBe(1)
  expect(await count('n', '<', '2')).toBe(2)
  expect(await count('n', 'in', ['1.50', '10'])).toBe(2)
  expect(await count('d', '>=', '2025-06-01')).toBe(1)
  expect(await count('b', '<>', true)).toBe(2)
  expect(await connector.countRecords(table, null)).toBe(4)
})
