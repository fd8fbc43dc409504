import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { createMapping } from '../../src/persistence/mappings.js'
import { SynchRun } from '../../src/persistence/entities/synch-run.js'
import { keepSchedules, scheduleIdOf } from '../../src/temporal/schedules.js'
import { RUN_MAPPING, type RunMappingInput } from '../../src/workflows/messages.js'
import { counted, Scenario } from '../support/scenario.js'

describe('runs that start by themselves', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start({ engine: { pageSize: 10 } })
  })
  afterEach(() => demo.clearFaults())
  afterAll(() => demo.stop())

  const mapping = (): Promise<Mapping> => demo.engine.mapping('CUSTOMER')
  const holds = (what: string, look: () => Promise<boolean>): Promise<boolean> =>
    demo.until(look, (held) => held, what)

  /** Nothing is left to do, so the mapping sleeps. */
  async function asleep(): Promise<void> {
    await holds('the mapping to fall asleep', async () => {
      await demo.synchronize()
      return Boolean((await mapping()).sleepsUntil)
    })
  }

  const runs = async (): Promise<number> =>
    demo.engine.database.em.fork().count(SynchRun, { mappingId: (await mapping()).id })

  /** What the schedule does when it is due. Returns the run it made, if it made one. */
  async function due(): Promise<SynchRun | null> {
    const { id } = await mapping()
    const { client } = demo.engine.control
    const before = await runs()
    await client.workflow.execute(RUN_MAPPING, {
      workflowId: `scheduled-synch/${id}/${crypto.randomUUID()}`,
      taskQueue: demo.engine.config.temporal.taskQueue,
      args: [{ runId: null, mappingId: id } satisfies RunMappingInput],
    })
    if ((await runs()) === before) return null
    return demo.engine.database.em
      .fork()
      .findOneOrFail(SynchRun, { mappingId: id }, { orderBy: { requestedAt: 'desc' } })
  }

  test('a run that finds nothing to do puts the mapping to sleep; a change wakes it', async () => {
    await asleep()
    expect(await due()).toBeNull()
    const pair = await demo.pair()
    await demo.person.editAccount(pair.accountId, { address1_city: 'Awake' })
    expect(await due()).toMatchObject({ kind: 'SCHEDULED', status: 'COMPLETED' })
    expect((await demo.records(pair)).customer).toMatchObject({ city: 'Awake' })
    expect((await mapping()).sleepsUntil ?? null).toBeNull()
  })

  test('while a system cannot be asked for changes, the run starts and says what is wrong', async () => {
    await asleep()
    await demo.fault('businessCentral', {
      path: 'customers',
      times: 1,
      action: { kind: 'status', status: 503 },
    })
    expect(await due()).toMatchObject({ status: 'COMPLETED' })
  })

  test('a paused mapping starts nothing, refuses what is asked for, and goes on when resumed', async () => {
    await demo.ask(
      'mutation { pauseIntegrationTableMapping(name: "CUSTOMER") { pausedAt pausedBy nextScheduledAt } }',
    )
    const pair = await demo.pair()
    await demo.person.editAccount(pair.accountId, { address1_city: 'Paused' })
    expect(await due()).toBeNull()
    await expect(demo.request()).rejects.toThrow('has been paused by local')
    await demo.ask('mutation { resumeIntegrationTableMapping(name: "CUSTOMER") { pausedAt } }')
    expect(await due()).toMatchObject({ status: 'COMPLETED' })
    expect((await demo.records(pair)).customer).toMatchObject({ city: 'Paused' })
  })

  test('pausing a connection pauses everything in it, but what was paused by itself stays so', async () => {
    await demo.ask(
      'mutation { pauseIntegrationTableMapping(name: "CURRENCY") { id } pauseConnection { pausedAt } }',
    )
    await expect(demo.request()).rejects.toThrow('The connection demo has been paused')
    await demo.ask('mutation { resumeConnection { pausedAt } }')
    await expect(demo.request('CURRENCY')).rejects.toThrow('The mapping CURRENCY has been paused')
    await demo.ask('mutation { resumeIntegrationTableMapping(name: "CURRENCY") { id } }')
    expect((await demo.synchronize('CURRENCY')).status).toBe('COMPLETED')
  })

  test('a paused run waits between two pages and then goes on to the end', async () => {
    await demo.fault('businessCentral', {
      path: 'customers',
      times: null,
      action: { kind: 'delay', milliseconds: 200 },
    })
    const run = await demo.request('CUSTOMER', 'FULL')
    await demo.ask(`mutation { pauseSynchRun(id: "${run.id}") { pausedAt } }`)
    await demo.clearFaults()
    await holds('the run to be marked', async () => {
      const before = await demo.engine.database.em.fork().findOneOrFail(SynchRun, { id: run.id })
      return before.pausedAt !== null && before.status === 'RUNNING'
    })
    expect(await demo.engine.control.waitUntilEnded(run.id, 2_000)).toBe(false)
    await demo.ask(`mutation { resumeSynchRun(id: "${run.id}") { pausedAt } }`)
    const ended = await demo.ended(run.id)
    expect(ended.status).toBe('COMPLETED')
    const total = Object.values(counted(ended, 'TO')).reduce((sum, count) => sum + count, 0)
    expect(total).toBe(await demo.person.countCustomers())
  })

  test('a schedule follows its mapping: changed, paused, and gone', async () => {
    const { control, database, config } = demo.engine
    const { taskQueue } = config.temporal
    const keep = () => keepSchedules(control.client, database, { taskQueue })
    const id = scheduleIdOf('demo', 'CUSTOMER')
    const noteOf = async () => (await control.client.schedule.getHandle(id).describe()).state
    await holds('schedules', async () => (await keep()).changed.length === 0)
    const em = database.em.fork()
    const stored = await em.findOneOrFail(Mapping, { name: 'CUSTOMER' })
    stored.definition = {
      ...stored.definition,
      schedule: { kind: 'cron', expression: '0 6 * * 1-5', timeZone: 'Europe/Berlin' },
    }
    await em.flush()
    await holds('the schedule to follow', async () => {
      await keep()
      return (await noteOf()).note === 'Cron 0 6 * * 1-5 (Europe/Berlin)'
    })
    await demo.ask('mutation { pauseIntegrationTableMapping(name: "CUSTOMER") { id } }')
    await holds('the schedule to follow', async () => {
      await keep()
      return (await noteOf()).paused
    })
    await demo.ask('mutation { resumeIntegrationTableMapping(name: "CUSTOMER") { id } }')
    await holds('the schedule to follow', async () => {
      await keep()
      return !(await noteOf()).paused
    })
  })

  test('a change that is hinted at during a run, which may have read past it, is followed by another run', async () => {
    await demo.fault('businessCentral', {
      path: 'customers',
      times: 3,
      action: { kind: 'delay', milliseconds: 300 },
    })
    const run = await demo.request('CUSTOMER', 'FULL')
    await holds('the run to be under way', async () => {
      const stored = await demo.engine.database.em.fork().findOneOrFail(SynchRun, { id: run.id })
      return Boolean(stored.startedAt)
    })
    await demo.ask('mutation { reportChanges(side: LOCAL, table: "customers") { name } }')
    expect((await demo.ended(run.id)).status).toBe('COMPLETED')
    await holds('the run that the hint asked for', async () => {
      const following = await demo.engine.database.em.fork().findOne(SynchRun, { requestedBy: 'hint' })
      return following?.status === 'COMPLETED'
    })
  })

  test('a mapping that is made again under its name gets a schedule that starts it', async () => {
    const { control, database, config } = demo.engine
    const { taskQueue } = config.temporal
    const id = scheduleIdOf('demo', 'CURRENCY')
    const startedBy = async (): Promise<string> =>
      JSON.stringify((await control.client.schedule.getHandle(id).describe()).action)
    const old = await demo.engine.mapping('CURRENCY')
    await holds('its first schedule', async () => {
      await keepSchedules(control.client, database, { taskQueue })
      return (await startedBy()).includes(old.id)
    })
    const em = database.em.fork()
    await em.nativeDelete(Mapping, { id: old.id })
    const again = await createMapping(em, old.connectionId, old.definition, { author: 'test', note: null })
    await holds('a schedule of the new one', async () => {
      const { refused } = await keepSchedules(control.client, database, { taskQueue })
      expect(refused).toEqual([])
      return (await startedBy()).includes(again.id)
    })
  })
})
