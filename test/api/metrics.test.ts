import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi } from '../../src/api/server.js'
import { SharedGovernor } from '../../src/connectors/shared-governor.js'
import { Lane } from '../../src/domain/lane.js'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { PostgresGovernorStore } from '../../src/persistence/governor.js'
import { addCounts, NO_COUNTS } from '../../src/persistence/queries/jobs.js'
import { compactThroughput } from '../../src/persistence/queries/operating-figures.js'
import { ProcessMetrics } from '../../src/telemetry/metrics.js'
import {
  startTestApi,
  TOKEN,
  createTestInstallation,
  createTestSettingsKeeper,
  type TestApi,
} from './support/api.js'
import { createFakeConnectionChecker } from './support/connection-checker.js'
import { createFakeRecordExaminer } from './support/record-examiner.js'
import { Rows } from './support/rows.js'
import { createRunControl } from './support/run-control.js'
import { createFakeTableReader } from './support/table-reader.js'

let api: TestApi
let rows: Rows
beforeAll(async () => {
  api = await startTestApi('metrics')
  rows = new Rows(api.database)
})
afterAll(() => api.close())

/** Samples of Prometheus' text format: `name{labels}` with its value. */
async function scrape(url = api.url, headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }) {
  const answer = await fetch(`${url}/metrics`, { headers })
  const text = await answer.text()
  const samples = new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const space = line.lastIndexOf(' ')
        return [
          line.slice(0, space).replace(/,process="api"|process="api",/, ''),
          Number(line.slice(space + 1)),
        ] as const
      }),
  )
  return { status: answer.status, type: answer.headers.get('content-type'), samples }
}

function startOther(openMetrics: boolean) {
  return startApi({
    database: api.database,
    runControl: api.runControl,
    tableReader: createFakeTableReader(),
    recordExaminer: createFakeRecordExaminer(),
    settingsKeeper: createTestSettingsKeeper(),
    installation: createTestInstallation(),
    connectionChecker: createFakeConnectionChecker(),
    token: TOKEN,
    host: '127.0.0.1',
    port: 0,
    openMetrics,
    logger: pino({ level: 'silent' }),
  })
}

test('metrics tell rows, runs, errors, lag and gauges by mapping, and go on where jobs are deleted', async () => {
  const mappingId = await rows.mapping()
  const runId = await rows.run(mappingId, {
    status: 'RUNNING',
    finishedAt: null,
    startedAt: new Date(Date.now() - 90_000),
  })
  const jobId = await rows.job(mappingId, runId, { status: 'RUNNING', finish: null })
  const em = api.database.em.fork()
  await addCounts(em, jobId, { ...NO_COUNTS, inserted: 2, failed: 1 })
  await addCounts(em, jobId, { ...NO_COUNTS, inserted: 3 })
  await em.execute("update synch_run set status = 'COMPLETED', finished_at = now()")
  await rows.error(mappingId, { errorClass: 'CONFLICT' })
  await rows.skipped(mappingId)
  await rows.coupling(mappingId)
  await em.execute(
    `insert into error_statistics (day, mapping_id, error_class, fingerprint, occurrences) values (current_date, '${mappingId}', 'CONFLICT', 'x', 7)`,
  )
  const governor = new SharedGovernor(new PostgresGovernorStore(api.database))
  const limits = { window: 300_000, requests: 6_000, execution: 1_200_000, concurrency: 4 }
  await governor.admit(
    { endpoint: 'https://org.crm4.dynamics.com', principal: 'the-client' },
    { limits, operation: 'write', rows: 1, longest: 60_000, lane: Lane.live },
  )
  await compactThroughput(em)
  await em.execute('delete from synch_job')

  const { status, type, samples } = await scrape()
  expect(status).toBe(200)
  expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
  const of = 'connection="Contoso",mapping="CUSTOMER"'
  const at = 'endpoint="https://org.crm4.dynamics.com",principal="the-client"'
  const told = Object.fromEntries(samples)
  expect(told).toMatchObject({
    [`accord_rows_total{${of},outcome="inserted"}`]: 5,
    [`accord_rows_total{${of},outcome="failed"}`]: 1,
    [`accord_runs_total{${of},status="COMPLETED"}`]: 1,
    [`accord_open_errors{${of},class="CONFLICT"}`]: 1,
    [`accord_errors_total{${of},class="CONFLICT"}`]: 7,
    [`accord_skipped_records{${of}}`]: 1,
    [`accord_couplings{${of}}`]: 1,
    [`accord_governor_used_ratio{${at},limit="concurrency"}`]: 0.25,
    [`accord_governor_waiting_calls{${at},lane="LIVE"}`]: 0,
    [`accord_governor_blocked_seconds{${at}}`]: 0,
  })
  expect(told[`accord_lag_seconds{${of}}`]).toBeGreaterThanOrEqual(90)
  await governor.close()
  await em.execute('truncate connection cascade')
})

test('requests and operations are measured by route and field, never by what a client names', async () => {
  await api.ask('query Mine { alias: governorGauges { principal } }')
  await api.ask('{ nothing }')
  await fetch(`${api.url}/some/place`)
  const { samples } = await scrape()
  expect(samples.get('accord_graphql_fields_total{operation="query",field="governorGauges"}')).toBe(1)
  expect(samples.get('accord_graphql_operation_duration_seconds_count{operation="query",outcome="ok"}')).toBe(
    1,
  )
  expect(
    samples.get('accord_http_request_duration_seconds_count{method="POST",route="/graphql",status="2xx"}'),
  ).toBe(1)
  expect(
    samples.get('accord_http_request_duration_seconds_count{method="GET",route="none",status="4xx"}'),
  ).toBe(1)
  expect([...samples.keys()].filter((name) => /alias|Mine|some\/place|nothing/.test(name))).toEqual([])
})

test('mappings past two hundred are told together', async () => {
  const first = await rows.mapping()
  const { connectionId } = await api.database.em.fork().findOneOrFail(Mapping, { id: first })
  for (let number = 1; number <= 204; number += 1) {
    const id = await rows.mapping({ name: `TABLE ${number}`, connectionId })
    await rows.coupling(id)
  }
  const other = await startOther(true)
  const { samples } = await scrape(other.url, {})
  await other.close()
  const told = [...samples].filter(([name]) => name.startsWith('accord_couplings{'))
  expect(told).toHaveLength(200)
  expect(samples.get('accord_couplings{connection="others",mapping="others"}')).toBe(5)
  await api.database.em.fork().execute('truncate connection cascade')
})

test('metrics are for those who have signed in, unless they are open', async () => {
  expect((await scrape(api.url, {})).status).toBe(401)
  const other = await startOther(true)
  expect((await scrape(other.url, {})).status).toBe(200)
  await other.close()
})

test('a process lives though what it needs is away; it is not ready, and says what is missing and no more', async () => {
  api.runControl.beUnreachable()
  const [live, ready] = [await fetch(`${api.url}/healthz`), await fetch(`${api.url}/readyz`)]
  expect([live.status, ready.status]).toEqual([200, 503])
  expect(await ready.json()).toEqual({
    status: 'unavailable',
    checks: { database: 'ok', schema: 'ok', temporal: 'unavailable' },
  })
  api.runControl = createRunControl()
  expect((await fetch(`${api.url}/readyz`)).status).toBe(200)
  await api.database.em
    .fork()
    .execute("insert into mikro_orm_migrations (name) values ('Migration20990101Newer')")
  try {
    expect(await (await fetch(`${api.url}/readyz`)).json()).toMatchObject({
      checks: { schema: 'unavailable' },
    })
  } finally {
    await api.database.em
      .fork()
      .execute("delete from mikro_orm_migrations where name = 'Migration20990101Newer'")
  }
})

test('every query of the dashboard asks for metrics that there are', async () => {
  const dashboard = readFileSync('deploy/grafana/accord.json', 'utf8')
  const asked = new Set(dashboard.match(/\b(?:accord|nodejs)_[a-z0-9_]+/g))
  const worker = new ProcessMetrics('worker')
  const types = `${await (await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text()}\n${await worker.text()}`
  const known = new Set(
    [...types.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    ),
  )
  expect(asked.size).toBeGreaterThan(15)
  expect([...asked].filter((name) => !known.has(name))).toEqual([])
})
