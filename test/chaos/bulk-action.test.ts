import { afterAll, beforeAll, expect, test } from 'vitest'
import { requestBulkAction } from '../../src/persistence/bulk-actions.js'
import { BulkAction } from '../../src/persistence/entities/bulk-action.js'
import { sql } from '../../src/persistence/sql.js'
import { Stage } from './support/stage.js'
import { until } from './support/until.js'
import type { WorkerProcess } from './support/worker-process.js'

const CUSTOMERS = 12

let stage: Stage
let worker: WorkerProcess
beforeAll(async () => {
  stage = await Stage.build({
    sandbox: { customers: CUSTOMERS, demo: false },
    engine: { requestDeadlineSeconds: 4, unavailablePatienceSeconds: 15 },
  })
  worker = await stage.startWorker()
  await stage.synchronize('CURRENCY')
})
afterAll(() => stage.takeDown())

test('a worker dies while a bulk retry writes: the next one carries it to its end, every record once', async () => {
  const em = () => stage.engine.database.em.fork()
  await stage.setFault('dataverse', {
    method: 'PATCH',
    path: 'accounts',
    times: null,
    action: { kind: 'reject', field: 'address1_country', value: 'US', message: 'Not now.' },
  })
  await stage.synchronize('CUSTOMER')
  const refused = await stage.count('integration_synch_error', 'resolved_at is null')
  expect(refused).toBeGreaterThan(0)

  await stage.clearFaults('dataverse')
  await stage.setFault('dataverse', {
    method: 'PATCH',
    path: 'accounts',
    times: 1,
    action: { kind: 'delay', milliseconds: 2_000, at: 'afterCommit' },
  })
  const requested = await em().transactional((transaction) =>
    requestBulkAction(
      transaction,
      {
        kind: 'RETRY_NOW',
        key: null,
        asked: null,
        selection: 'all',
        assignee: null,
        principal: 'LOCAL test',
        requestedBy: 'test',
      },
      sql`true`,
    ),
  )
  if (requested.kind === 'EMPTY') throw new Error('There is nothing to retry.')
  await stage.engine.control.startBulkAction(requested.id)
  await until('a write of the retry is under way', async () => (await stage.count('intent')) > 0)
  await worker.kill()
  worker = await stage.startWorker()

  const found = () => em().findOneOrFail(BulkAction, { id: requested.id })
  await until('the bulk action ends', async () => (await found()).status !== 'RUNNING')
  expect(await found()).toMatchObject({ status: 'COMPLETED', total: refused, succeeded: refused, failed: 0 })
  expect(await stage.engine.person.countAccounts()).toBe(CUSTOMERS)
  expect(await stage.count('error_group', 'resolved_at is null')).toBe(0)
  expect(await stage.leftovers()).toMatchObject({ intents: 0, claims: 0, pages: 0, states: 0, errors: 0 })
})
