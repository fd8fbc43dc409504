import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from 'pg'
import { CAPTURE_SQL } from '../../src/connectors/postgres/capture.js'
import { PostgresPair } from '../support/postgres-pair.js'

let pair: PostgresPair

/** No column tells when a record was changed, and two columns make the key. */
const TABLES = `${CAPTURE_SQL}
create table public.stock (place text, item int, quantity numeric, primary key (place, item));
select accord.capture('public.stock', current_user::regrole);`

beforeAll(async () => {
  pair = await PostgresPair.start(TABLES, { changeDetection: 'triggers' })
  for (const side of [pair.local, pair.integration]) await side.query('set search_path = public')
  await pair.local.query(`insert into stock select 'P' || i % 3, i, i from generate_series(1, 30) i`)
  const field = (name: string) => ({ localField: name, integrationField: name })
  await pair.map({
    name: 'STOCK',
    localTable: 'stock',
    integrationTable: 'stock',
    deletionConflictPolicy: 'DELETE_OTHER_RECORD',
    fields: [field('place'), field('item'), field('quantity')],
  })
})
afterAll(() => pair.stop())

async function rows(client: Client): Promise<readonly object[]> {
  return (await client.query<object>('select place, item, quantity::text from stock order by 2')).rows
}

async function expectEqual(): Promise<void> {
  expect(await rows(pair.integration)).toEqual(await rows(pair.local))
}

test('both sides are read by their change logs; after the echoes there is nothing to read', async () => {
  expect(await pair.synchronize('STOCK')).toMatchObject({ to: { inserted: 30 } })
  await expectEqual()
  await pair.synchronize('STOCK')
  expect(await pair.synchronize('STOCK')).toEqual({ to: {}, from: {} })
})

test('edits, new records and deletions of both sides are carried in one run', async () => {
  await pair.local.query(`update stock set quantity = 100 where item = 1; delete from stock where item = 2;
    insert into stock values ('L', 1000, 1)`)
  await pair.integration
    .query(`update stock set quantity = 300 where item = 3; delete from stock where item = 4;
    insert into stock values ('R', 2000, 2)`)
  const run = await pair.synchronize('STOCK')
  expect(run.to).toMatchObject({ inserted: 1, modified: 1, deleted: 1 })
  expect(run.from).toMatchObject({ inserted: 1, modified: 1, deleted: 1 })
  await expectEqual()
  expect(await rows(pair.local)).toHaveLength(30)
})

test('TRUNCATE is a full read and a search for what is gone: more deletions than usual wait for a person', async () => {
  await pair.integration.query('truncate stock')
  await pair.synchronize('STOCK')
  expect(await rows(pair.local)).toHaveLength(30)
})
