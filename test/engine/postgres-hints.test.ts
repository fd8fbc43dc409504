import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from 'pg'
import { CAPTURE_SQL } from '../../src/connectors/postgres/capture.js'
import { until } from '../chaos/support/until.js'
import { PostgresPair } from '../support/postgres-pair.js'

let pair: PostgresPair

const TABLES = `${CAPTURE_SQL}
create table public.stock (item int primary key, quantity numeric);
select accord.capture('public.stock', current_user::regrole);`

beforeAll(async () => {
  pair = await PostgresPair.start(TABLES, { changeDetection: 'triggers' })
  for (const side of [pair.local, pair.integration]) await side.query('set search_path = public')
  const field = (name: string) => ({ localField: name, integrationField: name })
  await pair.map({
    name: 'STOCK',
    localTable: 'stock',
    integrationTable: 'stock',
    fields: [field('item'), field('quantity')],
    // Nothing is due during a test: what runs has been woken.
    schedule: { everyMinutes: 40_000 },
  })
  await pair.local.query('insert into stock select i, i from generate_series(1, 5) i')
  await pair.synchronize('STOCK')
  await pair.synchronize('STOCK')
  // It opens the lines to the tables that there are by now.
  await pair.startWorker()
  for (const side of [pair.local, pair.integration])
    await until('the database is listened to', async () => (await listeners(side)) > 0)
})
afterAll(() => pair.stop())

async function listeners(side: Client): Promise<number> {
  const { rows } = await side.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where datname = current_database() and query = 'listen accord'`,
  )
  return rows[0]?.count ?? 0
}

async function stock(side: Client): Promise<readonly object[]> {
  return (await side.query<object>('select item, quantity::text from stock order by 1')).rows
}

/** Asked for by nobody, the other side comes to hold this. */
async function comesToHold(side: Client, item: number, quantity: string): Promise<void> {
  await until(`item ${item} has arrived`, async () =>
    (await stock(side)).some((row) => JSON.stringify(row) === JSON.stringify({ item, quantity })),
  )
  expect(await stock(pair.integration)).toEqual(await stock(pair.local))
}

test('an edit by plain SQL on either side wakes the mapping, and both sides end equal', async () => {
  await pair.local.query('update stock set quantity = 30 where item = 3')
  await comesToHold(pair.integration, 3, '30')
  await pair.integration.query('insert into stock values (6, 60)')
  await comesToHold(pair.local, 6, '60')
})
