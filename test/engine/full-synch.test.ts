import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'

interface Line {
  readonly mapping: { readonly name: string }
  readonly localCount: number | null
  readonly integrationCount: number | null
  readonly coupledCount: number
  readonly recommendation: string
  readonly action: string
  readonly status: string
  readonly message: string | null
  readonly estimatedSeconds: number | null
  readonly progress: { readonly done: number; readonly total: number | null }
  readonly run: { readonly id: string; readonly status: string; readonly startedAt: string | null } | null
}

interface FullSynch {
  readonly id: string
  readonly status: string
  readonly message: string | null
  readonly lines: readonly Line[]
}

const FULL = `id status message lines {
  mapping { name } localCount integrationCount coupledCount recommendation action status message estimatedSeconds
  progress { done total } run { id status startedAt } }`

describe('a full synchronisation', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start({ engine: { pageSize: 10 }, quiet: false })
  })
  afterEach(() => demo.clearFaults())
  afterAll(() => demo.stop())

  const prepare = async (): Promise<FullSynch> =>
    (await demo.ask<{ prepareFullSynch: FullSynch }>(`mutation { prepareFullSynch { ${FULL} } }`))
      .prepareFullSynch
  const start = async (id: string, lines = ''): Promise<FullSynch> =>
    (
      await demo.ask<{ startFullSynch: FullSynch }>(
        `mutation { startFullSynch(id: "${id}", lines: [${lines}]) { ${FULL} } }`,
      )
    ).startFullSynch
  const look = async (id: string): Promise<FullSynch> =>
    (await demo.ask<{ fullSynch: FullSynch }>(`{ fullSynch(id: "${id}") { ${FULL} } }`)).fullSynch
  const ended = (id: string): Promise<FullSynch> =>
    demo.until(
      () => look(id),
      (full) => full.status !== 'RUNNING' && full.status !== 'REVIEW',
      'the end of the full synchronisation',
    )
  const line = (full: FullSynch, name: string): Line => {
    const found = full.lines.find((candidate) => candidate.mapping.name === name)
    if (found === undefined) throw new Error(`No line ${name}`)
    return found
  }
  /** Only these mappings take part. */
  const only = (full: FullSynch, ...names: string[]): string =>
    full.lines
      .filter((candidate) => !names.includes(candidate.mapping.name))
      .map((candidate) => `{ mapping: "${candidate.mapping.name}", action: NONE }`)
      .join(', ')

  test('the review list counts both sides, in dependency order, and recommends', async () => {
    const full = await prepare()
    expect(full.status).toBe('REVIEW')
    const names = full.lines.map((candidate) => candidate.mapping.name)
    expect(names.indexOf('CURRENCY')).toBeLessThan(names.indexOf('CUSTOMER'))
    expect(line(full, 'CURRENCY')).toMatchObject({
      recommendation: 'COUPLE',
      coupledCount: 0,
      status: 'WAITING',
    })
    expect(line(full, 'CUSTOMER').localCount).toBeGreaterThan(0)
  })

  test('a list that is reviewed anew replaces the old one; wrong choices are all told, and nothing starts', async () => {
    const old = await prepare()
    const full = await prepare()
    await expect(look(old.id)).rejects.toThrow('There is no full synchronisation')
    await expect(
      start(full.id, '{ mapping: "CUSTOMER", action: UNCONDITIONAL }, { mapping: "NOBODY", action: FULL }'),
    ).rejects.toThrow(/CUSTOMER is bidirectional.*Expected one of/s)
    expect((await look(full.id)).status).toBe('REVIEW')
  })

  test('mappings run in dependency order, with schedules held and progress told, though only coupled records are kept in step', async () => {
    const mutation = `mutation { updateIntegrationTableMapping(name: "CUSTOMER", input: { synchOnlyCoupledRecords: true }) { name } }`
    await demo.ask(mutation)
    await demo.fault('businessCentral', {
      path: 'currencies',
      times: null,
      action: { kind: 'delay', milliseconds: 300 },
    })
    const full = await prepare()
    await start(
      full.id,
      `{ mapping: "CURRENCY", action: FULL }, { mapping: "CUSTOMER", action: FULL }, ${only(full, 'CURRENCY', 'CUSTOMER')}`,
    )
    const during = await look(full.id)
    expect(line(during, 'CUSTOMER')).toMatchObject({ status: 'WAITING', run: null })
    await demo.clearFaults()
    const done = await ended(full.id)
    expect(done).toMatchObject({ status: 'COMPLETED', message: null })
    expect(line(done, 'CURRENCY').status).toBe('FINISHED')
    expect(line(done, 'CUSTOMER')).toMatchObject({ status: 'FINISHED', run: { status: 'COMPLETED' } })
    expect(line(done, 'CUSTOMER').progress.done).toBeGreaterThan(50)
    expect(await demo.person.countAccounts()).toBeGreaterThan(80)
  })

  test('a mapping that does not get through blocks those that depend on it, and the others go on', async () => {
    const full = await prepare()
    await demo.fault('businessCentral', {
      path: 'currencies',
      times: null,
      action: { kind: 'status', status: 403, code: 'Authorization_RequestDenied' },
    })
    await start(
      full.id,
      `{ mapping: "CURRENCY", action: FULL }, { mapping: "CUSTOMER", action: FULL }, ${only(full, 'CURRENCY', 'CUSTOMER')}`,
    )
    const done = await ended(full.id)
    expect(done.status).toBe('FAILED')
    expect(line(done, 'CURRENCY').status).toBe('FAILED')
    expect(line(done, 'CUSTOMER')).toMatchObject({
      status: 'BLOCKED',
      message: 'CURRENCY, which it depends on, did not get through.',
      run: null,
    })
  })

  test('paused it waits between two pages, resumed it goes on, cancelled it stops', async () => {
    const full = await prepare()
    await demo.fault('businessCentral', {
      path: 'customers',
      times: null,
      action: { kind: 'delay', milliseconds: 200 },
    })
    await start(full.id, `{ mapping: "CUSTOMER", action: FULL }, ${only(full, 'CUSTOMER')}`)
    const running = await demo.until(
      () => look(full.id),
      (seen) => Boolean(line(seen, 'CUSTOMER').run?.startedAt),
      'the start of its run',
    )
    await demo.ask(`mutation { pauseFullSynch(id: "${full.id}") { pausedAt } }`)
    const runId = line(running, 'CUSTOMER').run?.id ?? ''
    expect(await demo.engine.control.waitUntilEnded(runId, 2_000)).toBe(false)
    await demo.ask(`mutation { resumeFullSynch(id: "${full.id}") { pausedAt } }`)
    await demo.ask(`mutation { cancelFullSynch(id: "${full.id}") { status } }`)
    expect((await demo.ended(runId)).status).toBe('CANCELLED')
    const stopped = await look(full.id)
    expect(stopped.status).toBe('CANCELLED')
  })

  test('a workflow that is lost is started again, and finds where it stood', async () => {
    const full = await prepare()
    await demo.fault('businessCentral', {
      path: 'customers',
      times: null,
      action: { kind: 'delay', milliseconds: 200 },
    })
    await start(full.id, `{ mapping: "CUSTOMER", action: FULL }, ${only(full, 'CUSTOMER')}`)
    const { control } = demo.engine
    await control.client.workflow.getHandle(`full-synch/${full.id}/CARRY_OUT`).terminate('lost')
    await demo.clearFaults()
    await control.resumeInterruptedRuns()
    expect((await ended(full.id)).status).toBe('COMPLETED')
  })
})
