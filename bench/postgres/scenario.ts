import { randomUUID } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { Client } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { createConnector } from '../../src/connectors/create-connector.js'
import { MAPPING_DEFAULTS, type PassDirection } from '../../src/domain/mapping.js'
import { Side } from '../../src/domain/value.js'
import type { Database } from '../../src/persistence/database.js'
import { ConnectionTable } from '../../src/persistence/entities/connection-table.js'
import { Connection } from '../../src/persistence/entities/connection.js'
import { createMapping } from '../../src/persistence/mappings.js'
import { startAccordWith, type Accord } from '../accord.js'
import type { Cleanup } from '../cleanup.js'
import { query, type Servers } from '../servers.js'
import { historyOf, type Step } from '../steps.js'

/** One run between the two tables. */
export interface PostgresMeasurement {
  readonly what: string
  readonly rows: number
  /** Records that the run is about. */
  readonly records: number
  readonly seconds: number
  readonly rowsPerSecond: number | null
  readonly workerProcessorSeconds: number | null
  readonly workerPeakMebibytes: number | null
  readonly steps: Readonly<Record<string, Step>>
}

export interface PostgresSize {
  readonly rows: number
  readonly copySeconds: number
  readonly measurements: readonly PostgresMeasurement[]
}

/** The table of the peer's script, with what a table needs whose changes are found by a column: an index, and a trigger that sets it. */
const TABLE = [
  `create table customer (no text primary key, name text, address text, city text, phone text, email text, credit numeric(18,2),
     blocked int, modified timestamptz not null default clock_timestamp())`,
  'create index on customer (modified)',
  `create function touch() returns trigger language plpgsql as $$ begin new.modified = clock_timestamp(); return new; end $$`,
  'create trigger touch before update on customer for each row execute function touch()',
]
const FIELDS = ['no', 'name', 'address', 'city', 'phone', 'email', 'credit', 'blocked']

/** Rows from one table to the other: piped by COPY, then by Accord; then changes on both sides. Throws when the tables differ after a run. */
export async function runPostgresScenario(
  servers: Servers,
  cleanup: Cleanup,
  rows: number,
  say: (text: string) => void,
): Promise<PostgresSize> {
  const name = `bench_pg_${rows}`
  const [left, right] = [
    await servers.createDatabase(`${name}_left`),
    await servers.createDatabase(`${name}_right`),
  ]
  for (const database of [left, right]) for (const statement of TABLE) await query(database, statement)
  await query(
    left,
    `insert into customer select 'C' || lpad(i::text, 8, '0'), 'Customer ' || i, i || ' High Street', 'London', '+44' || i,
       'c' || i || '@example.com', i % 10000, 0, clock_timestamp() from generate_series(1, ${rows}) i`,
  )
  const copySeconds = await copy(left, right)
  say(`${rows} rows, COPY piped: ${copySeconds.toFixed(2)} s`)
  await query(right, 'truncate customer')
  for (const database of [left, right]) await query(database, 'vacuum analyze customer')

  const environment = { BENCH_POSTGRES_PASSWORD: decodeURIComponent(new URL(left).password) }
  const accord = await startAccordWith(servers, cleanup, name, environment, (database) =>
    prepare(database, left, right),
  )
  const measurements: PostgresMeasurement[] = []
  const run = async (what: string, records: number, direction?: PassDirection): Promise<void> => {
    const measurement = await measure(accord, { what, rows, records, direction })
    await assertEqual(accord, left, right, rows)
    measurements.push(measurement)
    say(`${rows} rows, ${what}: ${measurement.seconds.toFixed(2)} s`)
    await accord.commitDelay()
  }
  await run('first load', rows, 'TO_INTEGRATION_TABLE')
  await run('the run after it, with the echoes', 0)
  await run('quiet run', 0)
  for (const changed of [Math.max(2, Math.round(rows / 100)), Math.max(2, Math.round(rows / 10))]) {
    const half = Math.floor(changed / 2)
    await query(
      left,
      `update customer set name = left(name, 40) || 'x' where no in (select no from customer order by no limit ${half})`,
    )
    await query(
      right,
      `update customer set city = left(city, 40) || 'y' where no in (select no from customer order by no desc limit ${half})`,
    )
    await run(`${changed} edited, half on each side`, half * 2)
    await run('quiet run after the edits', 0)
  }
  await accord.stop()
  for (const database of [`${name}_left`, `${name}_right`]) await servers.dropDatabase(database)
  return { rows, copySeconds, measurements }
}

async function copy(left: string, right: string): Promise<number> {
  const [source, target] = [new Client({ connectionString: left }), new Client({ connectionString: right })]
  await Promise.all([source.connect(), target.connect()])
  try {
    const started = performance.now()
    await pipeline(
      source.query(copyTo('copy customer to stdout')),
      target.query(copyFrom('copy customer from stdin')),
    )
    return (performance.now() - started) / 1000
  } finally {
    await Promise.all([source.end(), target.end()])
  }
}

async function prepare(database: Database, left: string, right: string): Promise<void> {
  const em = database.em.fork()
  const id = randomUUID()
  const now = new Date()
  em.create(Connection, {
    id,
    name: 'bench',
    localSystem: { kind: 'POSTGRESQL', settings: settingsOf(left, 'env:BENCH_POSTGRES_PASSWORD') },
    integrationSystem: { kind: 'POSTGRESQL', settings: settingsOf(right, 'env:BENCH_POSTGRES_PASSWORD') },
    createdAt: now,
    changedAt: now,
    secretsSetAt: {},
  })
  await em.flush()
  for (const [side, url] of [
    [Side.local, left],
    [Side.integration, right],
  ] as const) {
    const connector = createConnector(
      'POSTGRESQL',
      settingsOf(url, decodeURIComponent(new URL(url).password)),
    )
    em.create(ConnectionTable, {
      connectionId: id,
      side,
      name: 'customer',
      definition: await connector.describeTable('customer'),
      readAt: now,
    })
    await connector.close()
  }
  await em.flush()
  await createMapping(
    em,
    id,
    {
      ...MAPPING_DEFAULTS,
      name: 'CUSTOMER',
      localTable: 'customer',
      integrationTable: 'customer',
      direction: 'BIDIRECTIONAL',
      onlyCoupled: false,
      fields: FIELDS.map((field) => ({
        name: `${field}:${field}`,
        localField: field,
        integrationField: field,
        direction: 'BIDIRECTIONAL',
      })),
    },
    { author: 'bench', note: null },
  )
}

function settingsOf(url: string, password: string): Readonly<Record<string, unknown>> {
  const { hostname, port, pathname, username } = new URL(url)
  return {
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    user: decodeURIComponent(username),
    password,
    tls: 'off',
  }
}

interface Task {
  readonly what: string
  readonly rows: number
  readonly records: number
  readonly direction: PassDirection | undefined
}

async function measure(accord: Accord, { direction, ...task }: Task): Promise<PostgresMeasurement> {
  await accord.worker.resetPeak()
  const before = await accord.worker.processorSeconds()
  const started = performance.now()
  const { run, jobs } = await accord.synchronize('CUSTOMER', direction)
  const seconds = (performance.now() - started) / 1000
  const after = await accord.worker.processorSeconds()
  const written = jobs.reduce((sum, job) => sum + job.inserted + job.modified, 0)
  if (written !== task.records)
    throw new Error(`${task.what}: ${written} records were written, not ${task.records}.`)
  const { steps } = await historyOf(accord.control.client, run.workflowId)
  return {
    ...task,
    seconds,
    rowsPerSecond: task.records === 0 ? null : task.records / seconds,
    workerProcessorSeconds: before === null || after === null ? null : after - before,
    workerPeakMebibytes: await accord.worker.peakMebibytes(),
    steps,
  }
}

async function assertEqual(accord: Accord, left: string, right: string, rows: number): Promise<void> {
  const digest = `select md5(string_agg(md5(row(${FIELDS.join(', ')})::text), '' order by no)) as digest from customer`
  const [ours] = await query(left, digest)
  const [theirs] = await query(right, digest)
  const [state] = await query(
    accord.stateDatabase,
    `select (select count(*) from coupling where base is not null)::int as couplings,
       (select count(*) from integration_synch_error where resolved_at is null)::int as errors`,
  )
  if (ours?.['digest'] !== theirs?.['digest'] || state?.['couplings'] !== rows || state['errors'] !== 0)
    throw new Error(`After the run: ${JSON.stringify({ ours, theirs, state })}`)
}
