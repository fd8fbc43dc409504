import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { workflowIdOf } from '../../src/domain/run.js'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { Gate, landedOn } from '../engine/support/gate.js'
import { OwnTemporal } from './support/own-temporal.js'
import { comparePairs } from './support/pairs.js'
import { Stage } from './support/stage.js'
import { until } from './support/until.js'

const CUSTOMERS = 600
const CLEAN = { intents: 0, calls: 0, claims: 0, pages: 0, states: 0, errors: 0 }

describe("Temporal's data is deleted while customers are loaded into Sales", () => {
  let temporal: OwnTemporal
  let stage: Stage
  beforeEach(async () => {
    temporal = await OwnTemporal.start()
    stage = await Stage.build({
      temporal: temporal.address,
      sandbox: { customers: CUSTOMERS, demo: false },
      engine: { pageSize: 100, schedules: true },
    })
    await sleepLong()
  })
  afterEach(async () => {
    await stage.takeDown()
    await temporal.stop()
  })

  /** The schedules are there to be seen; no run of theirs is due during a test. */
  const sleepLong = async () => {
    const em = stage.engine.database.em.fork()
    for (const mapping of await em.find(Mapping, {}))
      mapping.definition = { ...mapping.definition, schedule: { kind: 'interval', minutes: 10_080 } }
    await em.flush()
  }

  const schedules = async () => {
    const ids: string[] = []
    for await (const { scheduleId } of stage.engine.control.client.schedule.list()) ids.push(scheduleId)
    return ids.toSorted()
  }

  /** A load under way: two pages are recorded, and of the third one, which has landed in Sales, no answer is kept yet. */
  const loadUnderWay = async () => {
    await stage.synchronize('CURRENCY')
    const landed = await Gate.shut(stage.engine, landedOn('INTEGRATION', 3))
    const run = await stage.request('CUSTOMER')
    await landed.reached()
    expect(await stage.count('synch_page', `state = 'RECORDED'`)).toBe(2)
    return { run, landed }
  }

  const isKnown = (run: string) =>
    stage.engine.control.client.workflow
      .getHandle(workflowIdOf(run))
      .describe()
      .then(
        () => true,
        () => false,
      )

  const loaded = async () => {
    expect((await stage.synchronize('CUSTOMER')).run.status).toBe('COMPLETED')
    expect(await stage.leftovers()).toEqual(CLEAN)
    expect(await comparePairs(stage)).toEqual({
      customers: CUSTOMERS,
      accounts: CUSTOMERS,
      couplings: CUSTOMERS,
      withoutPartner: [],
      differing: [],
      duplicateNames: [],
    })
  }

  test(
    'a worker that starts makes the schedules again, takes the run up where it was, and it ends equal',
    { timeout: 180_000 },
    async () => {
      const worker = await stage.startWorker()
      const mappings = await stage.count('integration_table_mapping')
      await until('all schedules are there', async () => (await schedules()).length === mappings)
      const before = await schedules()
      const { run, landed } = await loadUnderWay()
      await worker.kill()
      await landed.cut()
      await temporal.forgetEverything()
      expect(await isKnown(run)).toBe(false)
      expect(await schedules()).toEqual([])

      await stage.startWorker()

      const report = await stage.ended(run, 120_000)
      expect(report.run).toMatchObject({ status: 'COMPLETED', message: null })
      expect(report.to?.inserted).toBe(CUSTOMERS)
      await until('the schedules are there again', async () => (await schedules()).length === before.length)
      expect(await schedules()).toEqual(before)
      await loaded()
    },
  )

  test(
    'the run is cancelled, though nobody knows it any more; the next one loads the rest',
    { timeout: 180_000 },
    async () => {
      const worker = await stage.startWorker()
      const { run, landed } = await loadUnderWay()
      await worker.kill()
      await landed.cut()
      await temporal.forgetEverything()

      await stage.engine.control.cancel(run)

      await stage.startWorker()
      const report = await stage.ended(run, 120_000)
      expect(report.run.status).toBe('CANCELLED')
      expect(report.to?.status).toBe('CANCELLED')
      expect(await stage.count('synch_page')).toBe(0)
      expect(await stage.count('claim')).toBe(0)
      await loaded()
    },
  )

  test(
    'a worker that lives through it finds the run again when it keeps house',
    { timeout: 180_000 },
    async () => {
      await stage.startWorker()
      const { run, landed } = await loadUnderWay()
      await temporal.forgetEverything()
      await landed.open()
      const report = await stage.ended(run, 120_000)
      expect(report.run.status).toBe('COMPLETED')
      expect(report.to?.inserted).toBe(CUSTOMERS)
      await loaded()
    },
  )
})
