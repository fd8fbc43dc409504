import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { changeDefinition } from '../../src/persistence/mappings.js'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { run, sql } from '../../src/persistence/sql.js'
import { quoted } from '../support/person.js'
import { comparePairs } from './support/pairs.js'
import { Stage } from './support/stage.js'
import { until } from './support/until.js'
import type { WorkerProcess } from './support/worker-process.js'

const MESSAGE = { method: 'POST', path: 'UpdateMultiple' }
/** `maximumFlight` of the demo's connections. */
const LONGEST_FLIGHT = 5_000
const CLEAN = { intents: 0, calls: 0, claims: 0, pages: 0, states: 0, errors: 0 }

describe('a one-way mapping whose updates go in bulk, without versions', () => {
  let stage: Stage
  let worker: WorkerProcess
  beforeAll(async () => {
    stage = await Stage.build({
      sandbox: { customers: 8, demo: false },
      engine: { requestDeadlineSeconds: 2 },
    })
    worker = await stage.startWorker()
    await stage.synchronize('CURRENCY')
    await stage.synchronize('CUSTOMER')
    await stage.engine.database.em.fork().transactional(async (em) => {
      const mapping = await em.findOneOrFail(Mapping, { name: 'CUSTOMER' })
      const definition = {
        ...mapping.definition,
        direction: 'TO_INTEGRATION_TABLE',
        bulkUpdates: true,
      } as const
      await changeDefinition(em, mapping, definition, { author: 'test', note: null })
    })
  })
  afterAll(() => stage.takeDown())
  beforeEach(() => stage.clearFaults('dataverse'))

  const metrics = (method: string) =>
    fetch(`${stage.engine.sandbox.dataverse.origin}/sandbox/metrics`, { method })
  /** How many calls of the message have been answered since the metrics were cleared. */
  const messages = async (): Promise<number> => {
    const { calls } = (await (await metrics('GET')).json()) as { calls: Record<string, { calls: number }> }
    return Object.entries(calls).reduce(
      (sum, [name, { calls: count }]) => sum + (name.includes('UpdateMultiple') ? count : 0),
      0,
    )
  }

  const pair = async (number: string) => {
    const { person } = stage.engine
    const customer = await person.customer(number)
    const account = await person.account(`name eq ${quoted(String(customer?.['displayName']))}`)
    if (customer === null || account === null) throw new Error(`${number} is no pair.`)
    return { customerId: String(customer['id']), accountId: String(account['accountid']) }
  }

  const agreed = async () => {
    expect((await stage.synchronize('CUSTOMER')).run.status).toBe('COMPLETED')
    expect(await stage.leftovers()).toEqual(CLEAN)
    expect(await comparePairs(stage)).toMatchObject({ withoutPartner: [], differing: [], duplicateNames: [] })
  }

  test('they are carried by one message', async () => {
    const { person } = stage.engine
    const pairs = await Promise.all(['G0000001', 'G0000002', 'G0000003'].map(pair))
    for (const { customerId } of pairs) await person.editCustomer(customerId, { city: 'Porto' })
    await metrics('DELETE')
    expect((await stage.synchronize('CUSTOMER')).to?.modified).toBe(3)
    expect(await messages()).toBe(1)
    await agreed()
  })

  test('work on chosen records is bound to their versions', async () => {
    const { person } = stage.engine
    const { customerId, accountId } = await pair('G0000004')
    await person.editCustomer(customerId, { city: 'Faro' })
    await metrics('DELETE')
    await stage.engine.synchronizeRecords('CUSTOMER', {
      kind: 'retry',
      couplingIds: [],
      records: [{ side: 'LOCAL', id: customerId }],
    })
    expect(await person.accountById(accountId)).toMatchObject({ address1_city: 'Faro' })
    expect(await messages()).toBe(0)
    await agreed()
  })

  test('one of which no answer comes may land late: before it no longer can nothing else is sent', async () => {
    const { person, database } = stage.engine
    const { customerId, accountId } = await pair('G0000005')
    await person.editCustomer(customerId, { city: 'Oslo' })
    await stage.setFault('dataverse', { ...MESSAGE, action: { kind: 'drop', at: 'beforeCommit' } })
    const runId = await stage.request('CUSTOMER')
    await until('the message is lost', () => stage.faultsActed('dataverse'))
    const [intent] = await run<{ deadline: number }>(
      database.em.fork(),
      sql`select (extract(epoch from deadline) * 1000)::float8 as deadline from intent where unconditional`,
    )
    if (intent === undefined) throw new Error('No update is known to have gone without its version.')
    expect((await stage.ended(runId)).run.status).toBe('COMPLETED')
    const account = await person.accountById(accountId)
    expect(account).toMatchObject({ address1_city: 'Oslo' })
    // Stamps are cut to seconds.
    const mayStillLand = Math.floor((intent.deadline + LONGEST_FLIGHT) / 1000) * 1000
    expect(Date.parse(String(account?.['modifiedon']))).toBeGreaterThanOrEqual(mayStillLand)
    await agreed()
  })

  test.each(['beforeCommit', 'afterCommit'] as const)(
    'the worker is killed while one is on its way: both sides end equal, and what a person adds meanwhile stays (%s)',
    async (at) => {
      const { person } = stage.engine
      const { customerId, accountId } = await pair(at === 'beforeCommit' ? 'G0000006' : 'G0000007')
      await person.editCustomer(customerId, { city: 'Bonn' })
      await stage.setFault('dataverse', { ...MESSAGE, action: { kind: 'delay', milliseconds: 4_000, at } })
      const runId = await stage.request('CUSTOMER')
      await until('the message is on its way', () => stage.faultsActed('dataverse'))
      await worker.kill()
      await person.editAccount(accountId, { description: 'Asked to be called' })
      worker = await stage.startWorker()
      expect((await stage.ended(runId)).run.status).toBe('COMPLETED')
      await agreed()
      expect(await person.accountById(accountId)).toMatchObject({
        address1_city: 'Bonn',
        description: 'Asked to be called',
      })
    },
  )
})
