import 'reflect-metadata'
import { asyncLocalStorage, type Context } from '@temporalio/activity'
import { pino } from 'pino'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createActivities } from '../../src/activities/index.js'
import { loadMapping, type MappingContext } from '../../src/activities/mapping-context.js'
import { busy, type DecidedRow } from '../../src/activities/page-format.js'
import { recordPage } from '../../src/activities/record-page.js'
import { AuditTrail } from '../../src/api/audit/audit-trail.js'
import { LOCAL_PRINCIPAL } from '../../src/api/sign-in/principal.js'
import { purgeErrors } from '../../src/api/synch-error/purge-errors.js'
import { SharedConnectors } from '../../src/connector-source.js'
import { MemoryGovernorStore, SharedGovernor } from '../../src/connectors/shared-governor.js'
import { CUSTOMER_MAPPING } from '../../src/domain/catalog/default-mappings.js'
import { Lane } from '../../src/domain/lane.js'
import { pastDeadlocks } from '../../src/persistence/deadlock.js'
import { migrate, openDatabase, type Database } from '../../src/persistence/database.js'
import { CouplingRecord } from '../../src/persistence/entities/coupling.js'
import { RecordState } from '../../src/persistence/entities/record-state.js'
import { SynchError } from '../../src/persistence/entities/synch-error.js'
import { SynchRun } from '../../src/persistence/entities/synch-run.js'
import { liftStates } from '../../src/persistence/queries/lift-states.js'
import { lockMapping } from '../../src/persistence/queries/mapping-locks.js'
import { requestRecordsRun } from '../../src/persistence/runs.js'
import { deleteCouplings } from '../../src/persistence/uncouple.js'
import { COMPANY, Rows } from '../api/support/rows.js'
import { createTestDatabase, type TestDatabase } from '../support/environment.js'
import { Gate, type Passage } from './support/gate.js'

/** Two transactions that lock what the other is to lock next: PostgreSQL would end one of them (40P01). */
let created: TestDatabase
let database: Database
let other: Client
let rows: Rows
let connectionId: string
let customer: string
let vendor: string
let context: MappingContext

const logger = pino({ level: 'silent' })
const connectors = new SharedConnectors(
  () => 'nobody-is-asked',
  logger,
  new SharedGovernor(new MemoryGovernorStore()),
)
const settings = {
  pageSize: 10,
  commitDelay: 0,
  maximumAttempts: 5,
  liftsSkips: true,
  requestDeadline: 10_000,
  patience: 10_000,
  workerTimeout: 15_000,
  schedules: false,
}
const dependencies = () => ({ database, connectors, logger, settings, now: Date.now })

beforeAll(async () => {
  created = await createTestDatabase('locks')
  database = await openDatabase(created.url)
  await migrate(database, created.url)
  other = new Client({ connectionString: created.url })
  await other.connect()
  rows = new Rows(database)
  const signIn = { kind: 'bearer', token: 'nobody-is-asked' }
  connectionId = await rows.connection({
    localSystem: {
      kind: 'BUSINESS_CENTRAL',
      settings: { url: 'http://127.0.0.1:7001/api/v2.0', companyId: COMPANY, signIn },
    },
    integrationSystem: {
      kind: 'DATAVERSE',
      settings: { url: 'http://127.0.0.1:7002/api/data/v9.2', signIn },
    },
  })
  // No system is asked anything: it has no fields that refer to other tables.
  const fields = CUSTOMER_MAPPING.fields.filter(({ lookupMappings }) => lookupMappings === undefined)
  customer = await rows.mapping({ connectionId }, { fields })
  vendor = await rows.mapping({ connectionId, name: 'VENDOR' }, { localTable: 'vendors' })
  context = await loadMapping(dependencies(), customer, Lane.live)
})
beforeEach(async () => {
  await database.em.fork().nativeDelete(CouplingRecord, {})
  await database.em.fork().nativeDelete(SynchError, {})
})
afterAll(async () => {
  await connectors.close()
  await other.end()
  await database.close(true)
  await created.drop()
})

const shut = (passage: Passage) => Gate.shut({ config: { databaseUrl: created.url } }, passage)

/** Until so many transactions wait for a lock, that of the gate included. */
async function waiting(count: number): Promise<void> {
  const giveUp = Date.now() + 20_000
  for (;;) {
    const { rows: found } = await other.query<{ count: number }>(
      `select count(*)::integer as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if (found[0]?.count === count) return
    if (Date.now() > giveUp) throw new Error(`${String(found[0]?.count)} wait for a lock, and not ${count}.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Two skipped pairs, of which a page finds the first in order, while the second is refused. */
async function pageOfTwo() {
  const [settled, refused] = [await rows.coupling(customer), await rows.coupling(customer)]
  const skip = async (couplingId: string, id: string) =>
    rows.skipped(customer, {
      id,
      couplingId,
      errorId: await rows.error(customer, { couplingId }),
    })
  // By their ids the one that the page comes to last is the first.
  const states = {
    refused: await skip(refused, '00000000-0000-4000-8000-000000000000'),
    settled: await skip(settled, 'ffffffff-ffff-4fff-bfff-ffffffffffff'),
  }
  const runId = await rows.run(customer, { kind: 'RECORDS', status: 'RUNNING' })
  const jobId = await rows.job(customer, runId, { status: 'RUNNING' })
  const row = (couplingId: string, rest: Partial<DecidedRow>): DecidedRow => ({
    sourceId: couplingId,
    origin: 'pending',
    source: null,
    destination: null,
    destinationId: null,
    couplingId,
    couplingRevision: 1,
    coupling: null,
    state: { id: couplingId, attempts: 1, reason: 'CONFLICT', skipped: true, direction: null },
    decision: busy(),
    written: null,
    refused: null,
    intentIds: [],
    ...rest,
  })
  const record = () =>
    database.em.fork().transactional((em) =>
      recordPage(em, context, {
        runId,
        jobId,
        pass: 'TO_INTEGRATION_TABLE',
        scope: null,
        rows: [
          row(settled, {
            decision: { row: 10, partner: null, outcome: 'unchanged', refresh: true, pendingFor: null },
          }),
          row(refused, {
            refused: {
              errorClass: 'VALIDATION',
              message: 'Too long.',
              cause: 'It is.',
              remedy: 'Shorten it.',
            },
          }),
        ],
        maximumAttempts: 5,
        handledFrom: null,
        watermarkRevision: 0,
      }),
    )
  const settles: Passage = {
    table: 'record_state',
    when: `tg_op = 'DELETE' and old.coupling_id = '${settled}'`,
  }
  return { record, settles, states, refused }
}

test('a page is recorded while errors of its records are purged', async () => {
  const { record, settles, refused } = await pageOfTwo()
  await using gate = await shut(settles)
  const page = record()
  await gate.reached()
  const transacting = {
    em: database.em.fork(),
    logger: pino({ level: 'silent' }),
    audit: new AuditTrail(database, LOCAL_PRINCIPAL, '127.0.0.1'),
  }
  const purge = purgeErrors(transacting, {
    filter: null,
    days: null,
    includeStillRelevant: true,
    dryRun: false,
  })
  await waiting(2)
  await gate.open()
  await Promise.all([page, purge])
  expect(await database.em.fork().find(RecordState, {})).toMatchObject([{ couplingId: refused }])
  // What the page has told meanwhile is none of those that were to be purged.
  expect(await database.em.fork().find(SynchError, {})).toMatchObject([{ message: 'Too long.' }])
})

test('a page is recorded while a person has all its records tried again', async () => {
  const { record, settles, states } = await pageOfTwo()
  await using gate = await shut(settles)
  const page = record()
  await gate.reached()
  const lifted = database.em.fork().transactional((em) => liftStates(em, [states.refused, states.settled]))
  await waiting(2)
  await gate.open()
  await page
  expect(await lifted).toHaveLength(1)
})

test('two persons delete couplings of the same mappings, named in another order', async () => {
  const ids = { customer: await rows.coupling(customer), vendor: await rows.coupling(vendor) }
  const further = { customer: await rows.coupling(customer), vendor: await rows.coupling(vendor) }
  await using gate = await shut({
    table: 'coupling',
    when: `tg_op = 'DELETE' and old.mapping_id = '${customer}'`,
  })
  const remove = (groups: Parameters<typeof deleteCouplings>[1]) =>
    database.em.fork().transactional((em) => deleteCouplings(em, groups, 'anna'))
  const one = remove([
    { mappingId: customer, ids: [ids.customer] },
    { mappingId: vendor, ids: [ids.vendor] },
  ])
  await gate.reached()
  const two = remove([
    { mappingId: vendor, ids: [further.vendor] },
    { mappingId: customer, ids: [further.customer] },
  ])
  await waiting(2)
  await gate.open()
  for (const done of [await one, await two])
    expect([...done.values()].map(({ removed }) => removed)).toEqual([1, 1])
  expect(await database.em.fork().count(CouplingRecord, {})).toBe(0)
})

test('two mappings that refer to each other complete their passes at the same time', async () => {
  const locked = [0, 0].map(() => Promise.withResolvers<undefined>())
  const completed = [customer, vendor].map((own, index) =>
    database.em.fork().transactional(async (em) => {
      await lockMapping(em, own)
      locked[index]?.resolve(undefined)
      await Promise.all(locked.map(({ promise }) => promise))
      const scope = { kind: 'retry', couplingIds: [], records: [] } as const
      const asked = own === customer ? vendor : customer
      return requestRecordsRun(em, { mappingId: asked, scope, direction: null, requestedBy: 'dependency' })
    }),
  )
  expect((await Promise.all(completed)).map(({ mappingId }) => mappingId)).toEqual([vendor, customer])
})

test('a step that a deadlock ends all the same is carried out again at once', async () => {
  const runId = await rows.run(customer, { kind: 'RECORDS', status: 'RUNNING', finishedAt: null })
  const failure = { errorClass: 'UNAVAILABLE', message: 'Gone.', cause: 'It is.', remedy: 'Wait.' } as const
  // The first attempt ends as PostgreSQL ends one of two that wait for each other.
  await other.query(`create sequence attempts;
    create function end_first() returns trigger language plpgsql as $$
    begin
      if nextval('attempts') = 1 then raise exception 'deadlock detected' using errcode = '40P01'; end if;
      return new;
    end $$;
    create trigger end_first before update on synch_run for each row execute function end_first()`)
  const step = {
    info: { activityType: 'finishRun' },
    heartbeat: () => undefined,
    cancellationSignal: new AbortController().signal,
  } as unknown as Context
  await asyncLocalStorage.run(step, () =>
    createActivities(dependencies()).finishRun({
      runId,
      status: 'FAILED',
      failure,
      direction: null,
    }),
  )
  await other.query('drop trigger end_first on synch_run')
  const em = database.em.fork()
  expect(await em.findOne(SynchRun, { id: runId })).toMatchObject({ status: 'FAILED' })
  expect(await em.find(SynchError, { runId })).toMatchObject([{ message: 'Gone.', occurrences: 1 }])
})

test('a failure of another kind stands, and so does one that comes again and again', async () => {
  let asked = 0
  const failing = (code: string) => () => {
    asked += 1
    return Promise.reject(Object.assign(new Error('No.'), { code }))
  }
  await expect(pastDeadlocks(failing('23505'), () => undefined)).rejects.toThrow('No.')
  expect(asked).toBe(1)
  await expect(pastDeadlocks(failing('40P01'), () => undefined)).rejects.toThrow('No.')
  expect(asked).toBe(6)
})
