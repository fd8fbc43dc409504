import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTableReader } from '../../src/temporal/table-reader.js'
import { gaugeOf } from '../../src/domain/governor-gauge.js'
import { governedPrincipals } from '../../src/persistence/governor.js'
import { requestRun } from '../../src/persistence/runs.js'
import {
  DESCRIBE_TABLES,
  describeTablesWorkflowIdOf,
  type DescribeTablesInput,
} from '../../src/workflows/messages.js'
import { TestEngine } from '../support/engine.js'

/** More than there are slots for steps at work. */
const STEPS = 24
const LONG = 60_000
/** Seconds. */
const WORKER_TIMEOUT = 5

let engine: TestEngine
beforeAll(async () => {
  engine = await TestEngine.start({ engine: { workerTimeoutSeconds: WORKER_TIMEOUT } })
})
afterAll(() => engine.stop())

const faults = () => `${engine.sandbox.dataverse.origin}/sandbox/faults`
/** From now on the service takes no call, several of which may be under way before the first is answered. */
const takeNone = () =>
  fetch(faults(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ times: null, action: { kind: 'status', status: 429, retryAfter: 5 } }),
  })
const takeAll = () => fetch(faults(), { method: 'DELETE' })

async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  const giveUp = Date.now() + LONG / 2
  while (!(await look())) {
    if (Date.now() > giveUp) throw new Error(`Not in time: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

test('steps that wait for a service that takes no calls keep no other step from its work', async () => {
  const { connectionId } = await engine.mapping('CUSTOMER')
  const reader = createTableReader(engine.control.client, engine.config.temporal.taskQueue)
  await takeNone()

  const ended: string[] = []
  const waiting = Array.from({ length: STEPS }, (_, number) =>
    reader
      .read({ connectionId, side: 'INTEGRATION', table: `none${number}` }, LONG)
      .then(() => ended.push('INTEGRATION')),
  )
  const other = await reader.read({ connectionId, side: 'LOCAL', table: null }, LONG)

  expect(other).toEqual({ failure: null })
  expect(ended).toEqual([])
  await takeAll()
  await Promise.all(waiting)
})

test('a step that was given up asks the service nothing more, though that would take its call one day', async () => {
  const { connectionId } = await engine.mapping('CUSTOMER')
  const { origin } = engine.sandbox.dataverse
  const calls = async () => {
    const { principals, now } = await governedPrincipals(engine.database)
    const lanes = principals.flatMap(({ endpoint, state }) =>
      endpoint === origin ? gaugeOf(state, now).lanes : [],
    )
    return lanes.reduce((sum, { running, waiting }) => sum + running + waiting, 0)
  }
  await takeNone()
  const input: DescribeTablesInput = { connectionId, side: 'INTEGRATION', table: 'given_up' }
  const reading = await engine.control.client.workflow.start(DESCRIBE_TABLES, {
    workflowId: describeTablesWorkflowIdOf(input),
    taskQueue: engine.config.temporal.taskQueue,
    args: [input],
  })
  await until('the step waits', async () => (await calls()) > 0)
  await reading.cancel()
  await until('nothing is asked for', async () => (await calls()) === 0)
  await takeAll()
})

test('a run that has to wait for its service waits, however long, as its steps show signs of life', async () => {
  const { id: mappingId } = await engine.mapping('CUSTOMER')
  await takeNone()
  const { run } = await engine.database.em.fork().transactional((em) =>
    requestRun(em, {
      mappingId,
      kind: 'MANUAL',
      mode: 'MODIFIED',
      direction: 'FROM_INTEGRATION_TABLE',
      requestedBy: 'anna',
    }),
  )
  await engine.control.start(run.id)
  const handle = engine.control.client.workflow.getHandle(run.workflowId)
  await until('a step has outlived what a dead worker is given', async () => {
    const { raw } = await handle.describe()
    return (raw.pendingActivities ?? []).some(({ lastHeartbeatTime, lastStartedTime, attempt }) => {
      const lived = Number(lastHeartbeatTime?.seconds ?? 0) - Number(lastStartedTime?.seconds ?? 0)
      return attempt === 1 && lived > WORKER_TIMEOUT
    })
  })
  await takeAll()
  expect((await engine.finished(run.id)).run.status).toBe('COMPLETED')
  const { events } = await handle.fetchHistory()
  const limits = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: step }) =>
    Number(step?.heartbeatTimeout?.seconds ?? 0) === 0 ? [] : [Number(step?.startToCloseTimeout?.seconds)],
  )
  expect(limits.length).toBeGreaterThan(0)
  expect(Math.min(...limits)).toBeGreaterThanOrEqual(24 * 60 * 60)
})
