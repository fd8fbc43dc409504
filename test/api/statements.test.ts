import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { recentOf } from '../../src/api/recent.js'
import { startTestApi, type TestApi } from './support/api.js'
import { nameConflict, Rows } from './support/rows.js'
import { countStatements, type StatementCounter } from './support/wire.js'

let api: TestApi
let rows: Rows
let counter: StatementCounter

beforeAll(async () => {
  api = await startTestApi('api_statements', async (databaseUrl) => {
    counter = await countStatements(databaseUrl)
    return counter.url
  })
  rows = new Rows(api.database)
  // What is kept of earlier requests differs with the moment; while a mutation is under way nothing is.
  recentOf(api.database.em).beginMutation()
})
beforeEach(() => api.reset())
afterAll(async () => {
  await api.close()
  await counter.close()
})

async function statementsOf(query: string): Promise<number> {
  counter.reset()
  const { errors } = await api.ask(query)
  expect(errors).toEqual([])
  return counter.count()
}

async function addConflicts(mapping: string, run: string, job: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const couplingId = await rows.coupling(mapping, { lastJobId: job })
    const errorId = await rows.error(mapping, { couplingId, runId: run, jobId: job, detail: nameConflict() })
    await rows.skipped(mapping, { couplingId, errorId, detail: nameConflict() })
  }
}

const EVERYTHING: Readonly<Record<string, string>> = {
  errors: `{ integrationSynchErrors(first: 100) { nodes {
    id time errorClass message source { name url } destination { name url } mapping { name connection { name } }
    run { id status mapping { name } jobs { id } } job { id run { id } } stamps { local } fields { name base source destination }
    coupling { id skipped status localRecord { url } openErrors { id } } } } }`,
  skipped: `{ skippedSynchRecords(first: 100) { nodes {
    id message record { url } mapping { name } error { id job { id } } coupling { id integrationRecord { url } lastJob { id } } } } }`,
  couplings: `{ couplings(first: 100) { nodes {
    id localRecord { url } integrationRecord { url } skipped pendingReason status skippedSynchRecord { id message }
    lastJob { id direction run { id } } mapping { name fields { name } } openErrors { id message } } } }`,
  runs: '{ synchRuns { id temporalUrl mapping { name } jobs { id ignored } recordResults { couplingId } retryOf { id } } }',
  jobs: '{ integrationSynchJobs { nodes { id run { id mapping { name } } mapping { name } } } }',
  mappings: `{ integrationTableMappings { name connection { name } fields { name } lastRun { id jobs { id } } lastJobs { id }
    openErrors skippedRecords pendingRecords couplings } }`,
}

test.each(Object.entries(EVERYTHING))(
  'the relations of %s are read in as many statements for thirty rows as for two',
  async (_name, query) => {
    const connectionId = await rows.connection()
    const mapping = await rows.mapping({ connectionId })
    const run = await rows.run(mapping)
    const job = await rows.job(mapping, run)
    await addConflicts(mapping, run, job, 2)
    await rows.mapping({ connectionId, name: 'OTHER' })
    const few = await statementsOf(query)
    await addConflicts(mapping, run, job, 28)
    for (let index = 0; index < 10; index += 1) {
      const other = await rows.mapping({ connectionId, name: `OTHER ${index}` })
      await rows.job(other, await rows.run(other))
    }
    expect(await statementsOf(query)).toBe(few)
    expect(few).toBeLessThan(25)
  },
)

/** Groups, each with five errors and a day of its statistics, and a write of each. */
async function addGroups(mapping: string, from: number, to: number): Promise<void> {
  await api.database.em.fork().execute(`
    insert into error_group (id, mapping_id, fingerprint, error_class, resolvable_by, message, cause, remedy, open_count, occurrences)
      select gen_random_uuid(), '${mapping}', 'cause ' || n, 'VALIDATION', 'USER', 'm', 'c', 'r', 5, 5 from generate_series(${from}, ${to}) n;
    insert into error_group_event (id, group_id, kind, actor)
      select gen_random_uuid(), id, 'NOTED', 'Dana' from error_group g where not exists (select from error_group_event v where v.group_id = g.id);
    insert into integration_synch_error (id, mapping_id, record_key, direction, error_class, resolvable_by, message, cause, remedy, fingerprint,
        source_side, source_id, source_name, group_id)
      select gen_random_uuid(), g.mapping_id, 'LOCAL:' || n, 'TO_INTEGRATION_TABLE', 'VALIDATION', 'USER', 'm', 'c', 'r', g.fingerprint,
        'LOCAL', n, 'Customer ' || n, g.id
      from error_group g, generate_series(1, 5) n where not exists (select from integration_synch_error e where e.group_id = g.id);
    insert into error_statistics (day, mapping_id, error_class, fingerprint, occurrences)
      select current_date, mapping_id, error_class, fingerprint, 5 from error_group on conflict do nothing;
    insert into record_write (id, mapping_id, side, kind, local_id, integration_id, decision_row, fields, before, after)
      select gen_random_uuid(), '${mapping}', 'LOCAL', 'UPDATE', gen_random_uuid(), gen_random_uuid(), '1', '{name}', '["a"]', '["b"]'
      from generate_series(${from}, ${to})`)
}

test.each([
  [
    'groups',
    `{ errorGroups(first: 100) { totalCount nodes { id state message mapping { name connection { name } } tables trend { day occurrences } lastHour
      recordsHeld samples { id message source { name url } mapping { name } } } } }`,
  ],
  [
    'errors with their groups',
    `{ integrationSynchErrors(first: 500) { totalCount nodes { id group { id message openCount mapping { name } } mapping { name } job { id } } } }`,
  ],
  [
    'writes',
    `{ recordWrites(first: 100) { totalCount nodes { id kind record { name url } fields { field caption before after } mapping { name } run { id } } } }`,
  ],
])(
  '%s are read with all that belongs to them in as many statements for fifty as for five',
  async (_name, query) => {
    const mapping = await rows.mapping()
    await addGroups(mapping, 1, 5)
    const few = await statementsOf(query)
    await addGroups(mapping, 6, 50)
    expect(await statementsOf(query)).toBe(few)
    expect(few).toBeLessThan(15)
  },
)

test('alerts, rules and channels are read with all that belongs to them in as many statements for many as for few', async () => {
  const mapping = await rows.mapping()
  const em = api.database.em.fork()
  await em.execute('truncate alert_rule, alert_channel cascade')
  const add = (from: number, to: number): Promise<unknown> =>
    em.execute(`
      insert into alert_channel (id, name, kind, settings, enabled)
        select gen_random_uuid(), 'channel ' || n, 'WEBHOOK', '{"url":"http://127.0.0.1:9"}', true from generate_series(${from}, ${to}) n;
      insert into alert_rule (id, name, kind, mapping_id, enabled)
        select gen_random_uuid(), 'rule ' || n, 'RUN_FAILED', '${mapping}', true from generate_series(${from}, ${to}) n;
      insert into alert_rule_channel select r.id, c.id from alert_rule r, alert_channel c on conflict do nothing;
      insert into alert (id, rule_id, subject_key, subject, message)
        select gen_random_uuid(), id, 'x', 'x', 'x' from alert_rule on conflict do nothing;
      insert into alert_delivery (id, alert_id, channel_id, event, message, status)
        select gen_random_uuid(), a.id, c.id, 'FIRED', '{}', 'DELIVERED' from alert a, alert_channel c`)
  const query = `{ alerts { nodes { subject rule { name mapping { name } channels { name } } deliveries { status channel { name } } } }
    alertRules { channels { name } mapping { name } } alertChannels { deliveries { status } } }`
  await add(1, 2)
  const few = await statementsOf(query)
  await add(3, 12)
  expect(await statementsOf(query)).toBe(few)
  await em.execute('truncate alert_rule, alert_channel cascade')
})

test('a list is counted only when its count is asked for', async () => {
  const mapping = await rows.mapping()
  await rows.error(mapping)
  const without = await statementsOf('{ integrationSynchErrors { nodes { id } } }')
  const withCount = await statementsOf('{ integrationSynchErrors { totalCount nodes { id } } }')
  const withBoth = await statementsOf(
    '{ integrationSynchErrors { totalCountIsExact totalCount nodes { id } } }',
  )
  expect([without, withCount, withBoth]).toEqual([1, 2, 2])
})
