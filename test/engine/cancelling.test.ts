import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { workflowIdOf } from '../../src/domain/run.js'
import { SynchRun } from '../../src/persistence/entities/synch-run.js'
import { requestRun } from '../../src/persistence/runs.js'
import { run as execute, sql } from '../../src/persistence/sql.js'
import { counted, jobOf, Scenario, type Run } from '../support/scenario.js'
import { Gate, landedOn, pageDecided } from './support/gate.js'

/** A run goes on in a new execution when its history has grown to this many events. */
const LONG_HISTORY = 6_000

let demo: Scenario
afterEach(() => demo.clearFaults())

const cancel = (id: string) =>
  demo.ask('mutation ($id: ID!) { cancelSynchRun(id: $id) { id status } }', { id })

const count = async (what: string): Promise<number> => {
  const [row] = await execute<{ n: number }>(
    demo.engine.database.em.fork(),
    sql`select count(*)::int as n from ${sql.raw(what)}`,
  )
  return row?.n ?? 0
}

const underWay = async () => ({
  pages: await count('synch_page'),
  claims: await count('claim'),
  intents: await count('intent'),
})

const total = (run: Run, pass: 'TO' | 'FROM'): number =>
  Object.values(counted(run, pass)).reduce((sum, records) => sum + records, 0)

const workflowOf = (id: string) => demo.engine.control.client.workflow.getHandle(workflowIdOf(id))

describe('a run whose history has grown long', () => {
  beforeAll(async () => {
    demo = await Scenario.start({ engine: { pageSize: 10 } })
  })
  afterAll(() => demo.stop())

  /** Signals that mean nothing to a run make its history long while it stands still. */
  const lengthenHistory = async (id: string) => {
    const workflow = workflowOf(id)
    const historyLength = async () => (await workflow.describe()).historyLength
    // Temporal holds back a hundred events while a worker looks at the others.
    while ((await historyLength()) < LONG_HISTORY)
      await Promise.all(Array.from({ length: 40 }, () => workflow.signal('meaningless')))
  }

  const executionOf = async (id: string) =>
    (await demo.engine.database.em.fork().findOneOrFail(SynchRun, { id })).workflowRunId

  test(
    'goes on in a new execution, and no record is read twice or left out',
    { timeout: 180_000 },
    async () => {
      await using first = await Gate.shut(demo.engine, pageDecided('TO_INTEGRATION_TABLE', 1))
      const { id } = await demo.request('CUSTOMER', 'FULL', 'TO_INTEGRATION_TABLE')
      await first.reached()
      const before = await executionOf(id)
      await lengthenHistory(id)
      await first.open()
      const run = await demo.ended(id)
      expect(run.status).toBe('COMPLETED')
      expect(total(run, 'TO')).toBe(await demo.person.countCustomers())
      expect(await executionOf(id)).not.toBe(before)
    },
  )

  test(
    'and that is cancelled on its last page before that: it stops there',
    { timeout: 180_000 },
    async () => {
      const watermarks = await demo.watermarks()
      await using first = await Gate.shut(demo.engine, pageDecided('TO_INTEGRATION_TABLE', 1))
      await using second = await Gate.shut(demo.engine, pageDecided('TO_INTEGRATION_TABLE', 2))
      const { id } = await demo.request('CUSTOMER', 'FULL')
      await first.reached()
      await lengthenHistory(id)
      await first.open()
      await second.reached()
      await cancel(id)
      await second.open()
      const run = await demo.ended(id)
      expect(run.status).toBe('CANCELLED')
      expect(run.jobs).toHaveLength(1)
      expect(total(run, 'TO')).toBe(20)
      expect(await demo.watermarks()).toEqual(watermarks)
      expect(await underWay()).toEqual({ pages: 0, claims: 0, intents: 0 })
    },
  )
})

describe('a run that waits for a request which may still be running', () => {
  beforeAll(async () => {
    // Far longer than this test takes.
    demo = await Scenario.start({ engine: { requestDeadlineSeconds: 900 } })
  })
  afterAll(() => demo.stop())

  test('ends at once when it is cancelled; the next run settles what it left and makes nothing twice', async () => {
    await demo.person.createAccount({ name: 'Unanswered', customertypecode: 3 })
    const customers = await demo.person.countCustomers()
    await demo.fault('businessCentral', {
      method: 'POST',
      path: '/customers',
      action: { kind: 'drop', at: 'afterCommit' },
    })
    const { id } = await demo.request()
    const waiting = await demo.until(
      () => demo.run(id),
      (run) => run.status !== 'RUNNING' || jobOf(run, 'FROM')?.status === 'COMPLETED',
      'the end of both passes',
    )
    expect(waiting.status).toBe('RUNNING')
    expect(await count('intent')).toBe(1)

    await cancel(id)

    expect((await demo.ended(id)).status).toBe('CANCELLED')
    expect(await underWay()).toEqual({ pages: 0, claims: 0, intents: 1 })
    expect(await demo.person.countCustomers()).toBe(customers + 1)
    // By the time of the next run no request of the first one can be running.
    await execute(
      demo.engine.database.em.fork(),
      sql`update intent set deadline = deadline - interval '1 hour', sent_at = sent_at - interval '1 hour'`,
    )
    expect((await demo.synchronize()).status).toBe('COMPLETED')
    expect(await underWay()).toEqual({ pages: 0, claims: 0, intents: 0 })
    expect(await demo.person.countCustomers()).toBe(customers + 1)
    expect(await count(`coupling where local_name = 'Unanswered'`)).toBe(1)
  })
})

describe('a run that Temporal has lost', () => {
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  const terminate = (id: string) => workflowOf(id).terminate('lost')

  const remove = async (id: string) => {
    const { client } = demo.engine.control
    await client.workflowService.deleteWorkflowExecution({
      namespace: demo.engine.config.temporal.namespace,
      workflowExecution: { workflowId: workflowIdOf(id) },
    })
    await demo.until(
      () =>
        workflowOf(id)
          .describe()
          .then(
            () => 'there',
            () => 'gone',
          ),
      (state) => state === 'gone',
      'the workflow to be gone',
    )
  }

  test.each([
    ['its workflow was terminated', terminate],
    ['its workflow was deleted', remove],
  ])('is cancelled in order, and the next run settles what it left: %s', async (how, lose) => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: `Lost ${how.length}`, creditLimit: 5000 })
    const { customer } = await demo.records(pair)
    const watermarks = await demo.watermarks()
    await using landed = await Gate.shut(demo.engine, landedOn('INTEGRATION'))
    const { id } = await demo.request()
    await landed.reached()
    await lose(id)
    expect(await demo.run(id)).toMatchObject({ status: 'RUNNING' })

    await cancel(id)

    const run = await demo.ended(id)
    expect(run.status).toBe('CANCELLED')
    expect(run.jobs).toMatchObject([{ direction: 'TO_INTEGRATION_TABLE', status: 'CANCELLED' }])
    expect(await underWay()).toEqual({ pages: 0, claims: 0, intents: 1 })
    expect(await demo.watermarks()).toEqual(watermarks)
    await landed.open()

    expect((await demo.synchronize()).status).toBe('COMPLETED')
    expect(await underWay()).toEqual({ pages: 0, claims: 0, intents: 0 })
    expect(await demo.records(pair)).toMatchObject({
      customer: { city: customer?.['city'], creditLimit: 5000 },
      account: { address1_city: customer?.['city'], creditlimit: 5000 },
    })
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('ends at once where its workflow never began, and the next request is a run of its own', async () => {
    const { id: mappingId } = await demo.engine.mapping('CUSTOMER')
    const { run } = await demo.engine.database.em.fork().transactional((em) =>
      requestRun(em, {
        mappingId,
        kind: 'MANUAL',
        mode: 'MODIFIED',
        direction: null,
        requestedBy: 'test',
      }),
    )
    await cancel(run.id)
    expect(await demo.ended(run.id)).toMatchObject({ status: 'CANCELLED', jobs: [] })
    const next = await demo.synchronize()
    expect(next).toMatchObject({ status: 'COMPLETED' })
    expect(next.id).not.toBe(run.id)
    expect(await demo.run(run.id)).toMatchObject({ status: 'CANCELLED', jobs: [] })
  })

  test('is called off at the moment at which the one before hands over to it', async () => {
    await using decided = await Gate.shut(demo.engine, pageDecided('TO_INTEGRATION_TABLE', 1))
    const first = await demo.request('CUSTOMER', 'FULL')
    await decided.reached()
    const queued = await demo.request('CUSTOMER', 'UNCONDITIONAL')
    await using handingOver = await Gate.shut(demo.engine, {
      table: 'synch_run',
      when: `tg_op = 'UPDATE' and old.status = 'QUEUED' and new.status = 'RUNNING'`,
    })
    await decided.open()
    await handingOver.reached()
    const cancelled = cancel(queued.id)
    await handingOver.open()
    await cancelled

    expect((await demo.ended(first.id)).status).toBe('COMPLETED')
    expect((await demo.ended(queued.id)).status).toBe('CANCELLED')
    expect((await demo.synchronize()).status).toBe('COMPLETED')
    expect(await underWay()).toEqual({ pages: 0, claims: 0, intents: 0 })
  })

  test('leaves its place to the run that was queued behind it', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Queue' })
    await using landed = await Gate.shut(demo.engine, landedOn('INTEGRATION'))
    const { id } = await demo.request('CUSTOMER', 'FULL')
    await landed.reached()
    const queued = await demo.request('CUSTOMER', 'UNCONDITIONAL')
    expect(queued.status).toBe('QUEUED')
    await terminate(id)
    await cancel(id)
    expect((await demo.ended(id)).status).toBe('CANCELLED')
    await landed.open()
    expect((await demo.ended(queued.id)).status).toBe('COMPLETED')
    expect(await underWay()).toEqual({ pages: 0, claims: 0, intents: 0 })
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: 'Queue' })
  })
})
