import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, test } from 'vitest'
import { Scenario, type Run } from '../../support/scenario.js'

const FOLDER = join(import.meta.dirname, '..', 'histories')

let demo: Scenario
beforeAll(async () => {
  demo = await Scenario.start({ engine: { pageSize: 40 }, quiet: false })
})
afterAll(() => demo.stop())

const control = async (mutation: 'cancelSynchRun' | 'pauseSynchRun' | 'resumeSynchRun', run: Run) => {
  await demo.ask(`mutation ($id: ID!) { ${mutation}(id: $id) { status } }`, { id: run.id })
}

/** A run that is held up by a slow system for as long as it takes to speak to it. */
const slowRun = async (): Promise<Run> => {
  await demo.fault('businessCentral', {
    path: 'customers',
    action: { kind: 'delay', milliseconds: 2_000, at: 'afterCommit' },
  })
  const run = await demo.request('CUSTOMER', 'FULL')
  await demo.until(
    () => demo.faultsLeft('businessCentral'),
    (left) => left === 0,
    'the run to be under way',
  )
  return run
}

test('every workflow at work', async () => {
  // A first load in pages, then runs with deletions, with records to be asked for, cancelled, paused, failed.
  await demo.synchronize('CURRENCY')
  await demo.synchronize()
  await demo.synchronize()
  const [restored, deleted] = [await demo.pair(), await demo.pair()]
  await demo.update({ deletionConflictPolicy: 'RESTORE_RECORDS' })
  await demo.person.deleteAccount(restored.accountId)
  await demo.person.deleteCustomer(deleted.customerId)
  await demo.synchronize()
  const { findDeletedRecords } = await demo.ask<{ findDeletedRecords: Run }>(
    `mutation { findDeletedRecords(name: "CUSTOMER") { id } }`,
  )
  await demo.ended(findDeletedRecords.id)
  const cancelled = await slowRun()
  await control('cancelSynchRun', cancelled)
  await demo.ended(cancelled.id)
  const paused = await slowRun()
  await control('pauseSynchRun', paused)
  await control('resumeSynchRun', paused)
  await demo.ended(paused.id)
  await demo.fault('dataverse', {
    times: null,
    action: { kind: 'status', status: 403, code: '0x80042f09', message: 'No role.' },
  })
  await demo.synchronize()
  await demo.clearFaults()

  const { prepareFullSynch } = await demo.ask<{ prepareFullSynch: { id: string } }>(
    `mutation { prepareFullSynch { id status } }`,
  )
  const full = prepareFullSynch.id
  await demo.until(
    () =>
      demo.ask<{ fullSynch: { status: string; lines: readonly unknown[] } }>(
        `query ($id: ID!) { fullSynch(id: $id) { status lines { status } } }`,
        { id: full },
      ),
    ({ fullSynch }) => fullSynch.lines.length > 0,
    'the review list',
  )
  await demo.ask(`mutation ($id: ID!) { startFullSynch(id: $id) { status } }`, { id: full })
  await demo.until(
    () =>
      demo.ask<{ fullSynch: { status: string } }>(`query ($id: ID!) { fullSynch(id: $id) { status } }`, {
        id: full,
      }),
    ({ fullSynch }) => fullSynch.status !== 'RUNNING',
    'the end of the full synchronisation',
  )

  const pair = await demo.pair()
  await demo.ask(`{ systemTables(side: LOCAL, refresh: true) { readAt } }`)
  await demo.ask(`{ systemTable(side: INTEGRATION, name: "accounts", refresh: true) { readAt } }`)
  await demo.ask(
    `query ($local: ID!, $integration: ID!) { couplingPreview(mapping: "CUSTOMER", localId: $local, integrationId: $integration) { __typename } }`,
    { local: pair.customerId, integration: pair.accountId },
  )
  await demo.ask(`mutation { checkConnection { id } }`)
  await demo.ask(`mutation { reconcileMapping(name: "CUSTOMER") { status } }`)
  await demo.ask(
    `mutation { rehearseMapping(name: "CUSTOMER", changes: { direction: "BIDIRECTIONAL" }) { status } }`,
  )
  const refused = await demo.pair()
  await demo.fault('dataverse', {
    times: null,
    action: { kind: 'reject', field: 'address1_city', value: 'Refused City', message: 'Not there.' },
  })
  await demo.person.editCustomer(refused.customerId, { city: 'Refused City' })
  await demo.synchronize()
  await demo.clearFaults()
  const { startBulkAction } = await demo.ask<{ startBulkAction: { bulkAction: { id: string } } }>(
    `mutation { startBulkAction(input: { action: RETRY_NOW, filter: {} }) { ... on BulkActionStarted { bulkAction { id } } } }`,
  )
  await demo.until(
    () =>
      demo.ask<{ bulkAction: { status: string } }>(`query ($id: ID!) { bulkAction(id: $id) { status } }`, {
        id: startBulkAction.bulkAction.id,
      }),
    ({ bulkAction }) => bulkAction.status !== 'RUNNING',
    'the end of the bulk action',
  )
  await save()
})

/** One history of every shape that a workflow has shown: the steps and signals that occur in it. */
async function save(): Promise<void> {
  const { workflow } = demo.engine.control.client
  mkdirSync(FOLDER, { recursive: true })
  const kept = readdirSync(FOLDER).map((file) => ({
    type: file.replace(/-\d+\.json$/, ''),
    shape: shapeOf(readFileSync(join(FOLDER, file), 'utf8')),
  }))
  const shapes = new Map<string, { readonly type: string; readonly text: string }>()
  for await (const { type, workflowId, runId, status } of workflow.list()) {
    if (status.name === 'RUNNING') continue
    const text = JSON.stringify(plain(await workflow.getHandle(workflowId, runId).fetchHistory()))
    if (kept.some((known) => known.type === type && known.shape === shapeOf(text))) continue
    const shape = `${type} ${shapeOf(text)}`
    const known = shapes.get(shape)
    if (known === undefined || text.length < known.text.length) shapes.set(shape, { type, text })
  }
  for (const [type, histories] of Map.groupBy(shapes.values(), (history) => history.type)) {
    const before = kept.filter((known) => known.type === type).length
    for (const [index, { text }] of histories.toSorted((a, b) => a.text.length - b.text.length).entries())
      writeFileSync(join(FOLDER, `${type}-${before + index + 1}.json`), `${text}\n`)
  }
}

/** Steps by their names, and the kinds of events by their numbers. */
function shapeOf(text: string): string {
  const names = [
    ...text.matchAll(/"activityType":\{"name":"(\w+)"/g),
    ...text.matchAll(/"signalName":"(\w+)"/g),
    ...text.matchAll(/"eventType":(\d+)/g),
  ]
  return [...new Set(names.map((match) => match[1]))].sort().join(' ')
}

/** As JSON that the replay takes: numbers for long ones, base64 for bytes. Machine, process and stack traces are left out. */
function plain(value: unknown, key = ''): unknown {
  if (key === 'identity') return 'worker'
  if (key === 'stackTrace') return ''
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map((item) => plain(item))
  if (typeof value !== 'object' || value === null) return value
  if ('toNumber' in value && typeof value.toNumber === 'function') return Number(value.toNumber())
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, held]) => held !== null && held !== undefined)
      .map(([name, held]) => [name, plain(held, name)]),
  )
}
