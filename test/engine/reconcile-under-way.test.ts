import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { keepSchedules, reconcileScheduleIdOf } from '../../src/temporal/schedules.js'
import { WorkerProcess } from '../chaos/support/worker-process.js'
import { Scenario } from '../support/scenario.js'
import { Reconciler } from './support/reconciliation.js'

let demo: Scenario
let asker: Reconciler
afterEach(() => demo.clearFaults())

describe('a reconciliation under way', () => {
  beforeAll(async () => {
    demo = await Scenario.start({
      sandbox: { customers: 100 },
      engine: { pageSize: 10 },
    })
    asker = new Reconciler(demo)
  })
  afterAll(() => demo.stop())

  const slowly = async (): Promise<string> => {
    await asker.slowDown()
    return asker.begin()
  }

  test('is asked for once', async () => {
    const id = await slowly()
    await demo.clearFaults()
    expect((await asker.reconcile()).id).toBe(id)
    expect(await asker.ended(id)).toMatchObject({ status: 'COMPLETED', equalPercent: 100, examined: 0 })
  })

  test('is cancelled after the page at hand, and claims nothing about what it has not compared', async () => {
    const id = await slowly()
    await asker.begun(id)
    await demo.ask(`mutation { cancelReconciliation(id: "${id}") { status } }`)
    const found = await asker.look(id)
    expect(found).toMatchObject({ status: 'CANCELLED', equal: null, equalPercent: null })
    expect(found.summary).toMatch(/^Not all pairs were compared/)
    expect(await demo.engine.control.waitForReconciliation(id, 20_000)).toBe(true)
    await expect(demo.ask(`mutation { cancelReconciliation(id: "${id}") { status } }`)).rejects.toThrow(
      'only one that is RUNNING can be cancelled',
    )
  })

  test('is paused between two pages, and goes on where it was', async () => {
    const id = await slowly()
    await asker.begun(id)
    await demo.ask(`mutation { pauseReconciliation(id: "${id}") { pausedAt } }`)
    await demo.clearFaults()
    expect(await demo.engine.control.waitForReconciliation(id, 2_000)).toBe(false)
    const held = await asker.look(id)
    expect(held).toMatchObject({ status: 'RUNNING' })
    expect(held.integrationRecords).toBeLessThan(100)
    await demo.ask(`mutation { resumeReconciliation(id: "${id}") { pausedAt } }`)
    expect(await asker.ended(id)).toMatchObject({ status: 'COMPLETED', integrationRecords: 100, examined: 0 })
  })

  test('is found again where Temporal has lost it, and reads nothing twice', async () => {
    const id = await slowly()
    await asker.begun(id)
    const { control } = demo.engine
    await control.client.workflow.getHandle(`reconcile/${id}`).terminate('lost')
    await demo.clearFaults()
    expect(await control.resumeInterruptedRuns()).toContain(id)
    expect(await asker.ended(id)).toMatchObject({
      status: 'COMPLETED',
      equalPercent: 100,
      localRecords: 100,
      integrationRecords: 100,
    })
  })

  test('fails where a system cannot be read, and says why', async () => {
    await demo.fault('dataverse', {
      path: 'accounts',
      times: null,
      action: { kind: 'status', status: 403, message: 'You may not read accounts.' },
    })
    const found = await asker.reconcile()
    expect(found).toMatchObject({
      status: 'FAILED',
      equalPercent: null,
      message: expect.stringContaining('You may not read accounts.'),
    })
  })

  test('goes with its mapping', async () => {
    const id = await slowly()
    await asker.begun(id)
    await demo.engine.database.em.fork().nativeDelete(Mapping, { name: 'CUSTOMER' })
    await demo.until(
      async () =>
        (await demo.engine.control.client.workflow.getHandle(`reconcile/${id}`).describe()).status.name,
      (status) => status === 'COMPLETED',
      'the end of its workflow',
    )
  })
})

describe('a reconciliation whose worker is killed', () => {
  let worker: WorkerProcess
  beforeAll(async () => {
    demo = await Scenario.start({
      sandbox: { customers: 100 },
      engine: { pageSize: 10 },
      worker: false,
      quiet: false,
    })
    asker = new Reconciler(demo)
    worker = await WorkerProcess.start(demo.engine.config)
    await demo.synchronize('CURRENCY')
    await demo.synchronize()
    await demo.synchronize()
  })
  afterAll(async () => {
    await worker.kill()
    await demo.stop()
  })

  test('goes on at the page it was at, and counts every pair once', async () => {
    await asker.slowDown()
    const id = await asker.begin()
    await asker.begun(id)
    await worker.kill()
    await demo.clearFaults()
    worker = await WorkerProcess.start(demo.engine.config)
    const found = await asker.ended(id)
    expect(found).toMatchObject({
      status: 'COMPLETED',
      pairs: 100,
      equal: 100,
      localRecords: 100,
      integrationRecords: 100,
    })
  })
})

describe('a reconciliation that starts by itself', () => {
  beforeAll(async () => {
    demo = await Scenario.start({ sandbox: { customers: 5 } })
  })
  afterAll(() => demo.stop())

  const schedules = async (): Promise<readonly string[]> => {
    const found: string[] = []
    for await (const schedule of demo.engine.control.client.schedule.list())
      if (schedule.memo?.['taskQueue'] === demo.engine.config.temporal.taskQueue)
        found.push(schedule.scheduleId)
    return found
  }
  const keep = () =>
    keepSchedules(demo.engine.control.client, demo.engine.database, {
      taskQueue: demo.engine.config.temporal.taskQueue,
    })

  test('has a schedule while its mapping says so', async () => {
    const id = reconcileScheduleIdOf('demo', 'CUSTOMER')
    await demo.update({ reconcileSchedule: { everyMinutes: 1440 } })
    expect(await keep()).toMatchObject({ made: expect.arrayContaining([id]) })
    await demo.until(schedules, (seen) => seen.includes(id), 'the schedule')
    await demo.engine.control.client.schedule.getHandle(id).trigger()
    await demo.until(
      async () =>
        (
          await demo.ask<{ reconciliations: readonly { status: string; requestedBy: string }[] }>(
            '{ reconciliations(mapping: "CUSTOMER") { status requestedBy } }',
          )
        ).reconciliations,
      (seen) => seen.some(({ status, requestedBy }) => status === 'COMPLETED' && requestedBy === 'schedule'),
      'a reconciliation by schedule',
    )
    await demo.update({ reconcileSchedule: null })
    expect(await keep()).toMatchObject({ removed: [id] })
  })
})
