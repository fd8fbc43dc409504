import { afterAll, beforeAll, expect, test } from 'vitest'
import { workflowIdOf } from '../../src/domain/run.js'
import { comparePairs } from './support/pairs.js'
import { Stage } from './support/stage.js'
import { until } from './support/until.js'

const CUSTOMERS = 3_000

let stage: Stage
beforeAll(async () => {
  stage = await Stage.build({
    sandbox: { customers: CUSTOMERS, demo: false },
    engine: { pageSize: 300 },
  })
})
afterAll(() => stage.takeDown())

test('Temporal forgets a run half way: housekeeping starts it again, two workers share it, and it ends equal', async () => {
  let worker = await stage.startWorker()
  await stage.synchronize('CURRENCY')
  const run = await stage.request('CUSTOMER')
  await until('some pages are recorded and one is under way', async () => {
    const recorded = await stage.count('synch_page', `state = 'RECORDED'`)
    return recorded >= 2 && (await stage.count('intent')) > 0
  })
  await worker.kill()
  await stage.engine.control.client.workflow.getHandle(workflowIdOf(run)).terminate('its data is gone')
  expect(await stage.count('synch_run', `status = 'RUNNING'`)).toBe(1)
  // Every worker keeps house when it starts; the two come at the same time.
  const both = await Promise.all([stage.startWorker(), stage.startWorker()])
  const report = await stage.ended(run)
  expect(report.run.status).toBe('COMPLETED')
  expect(report.to?.inserted).toBe(CUSTOMERS)
  worker = both[0]
  await worker.kill()
  expect((await stage.synchronize('CUSTOMER')).run.status).toBe('COMPLETED')
  expect(await stage.leftovers()).toEqual({ intents: 0, calls: 0, claims: 0, pages: 0, states: 0, errors: 0 })
  expect(await comparePairs(stage)).toEqual({
    customers: CUSTOMERS,
    accounts: CUSTOMERS,
    couplings: CUSTOMERS,
    withoutPartner: [],
    differing: [],
    duplicateNames: [],
  })
})
