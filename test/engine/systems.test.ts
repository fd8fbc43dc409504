import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { counted, jobOf, Scenario } from '../support/scenario.js'

const WRITES = String.raw`\$batch|accounts`

describe('a system in trouble', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start({ engine: { unavailablePatienceSeconds: 3 } })
  })
  afterEach(() => demo.clearFaults())
  afterAll(() => demo.stop())

  const missing = 'Principal user (Id=7) is missing prvReadAccount privilege on OTC=1.'
  const refusals = [
    ['reading Business Central', 'businessCentral', { method: 'GET' }, 'No right.', /in Business Central/],
    ['reading Sales', 'dataverse', { method: 'GET' }, missing, /privilege prvReadAccount/],
    ['any batch in Sales', 'dataverse', { path: String.raw`\$batch` }, missing, /privilege prvReadAccount/],
  ] as const
  test.each(refusals)(
    '%s is not allowed: the run stops early with one error that names cause and remedy; nothing is skipped',
    async (_what, system, where, message, cause) => {
      const pair = await demo.pair()
      const skipped = (await demo.allSkipped()).length
      await demo.person.editCustomer(pair.customerId, { email: 'refused@example.com' })
      await demo.fault(system, {
        ...where,
        times: null,
        action: { kind: 'status', status: 403, message },
      })

      const run = await demo.synchronize()

      expect(run.status).toBe('FAILED')
      const open = await demo.errors({ mapping: 'CUSTOMER', resolvableBy: 'ADMINISTRATOR', status: 'OPEN' })
      expect(open).toMatchObject([{ errorClass: 'PERMISSION', coupling: null, occurrences: 1 }])
      expect(open[0]?.cause).toMatch(cause)
      expect(open[0]?.remedy).not.toBe('')
      expect(run.message).toContain(open[0]?.remedy)
      expect(run.message).toMatch(system === 'dataverse' ? /^Dataverse: / : /^Business Central: /)
      expect(await demo.allSkipped()).toHaveLength(skipped)

      await demo.clearFaults()
      expect((await demo.synchronize()).status).toBe('COMPLETED')
      expect((await demo.records(pair)).account).toMatchObject({ emailaddress1: 'refused@example.com' })
      expect(
        await demo.errors({ mapping: 'CUSTOMER', resolvableBy: 'ADMINISTRATOR', status: 'OPEN' }),
      ).toEqual([])
    },
  )

  test('a refusal that only the From pass meets is one error too', async () => {
    const pair = await demo.pair()
    // Nothing is left for the To pass, so that only the other one asks Sales for anything.
    await demo.synchronize()
    await demo.synchronize()
    await demo.person.editAccount(pair.accountId, { emailaddress1: 'from@example.com' })
    await demo.fault('dataverse', {
      method: 'GET',
      times: null,
      action: { kind: 'status', status: 403, message: 'You may not do this.' },
    })
    const run = await demo.synchronize()
    expect(run.status).toBe('FAILED')
    expect(jobOf(run, 'TO')).toMatchObject({ status: 'COMPLETED' })
    expect(
      await demo.errors({ mapping: 'CUSTOMER', resolvableBy: 'ADMINISTRATOR', status: 'OPEN' }),
    ).toMatchObject([
      { errorClass: 'PERMISSION', direction: 'FROM_INTEGRATION_TABLE', coupling: null, occurrences: 1 },
    ])
    await demo.clearFaults()
    await demo.synchronize()
    expect((await demo.records(pair)).customer).toMatchObject({ email: 'from@example.com' })
  })

  test('a secret that is not taken any more is a matter of the setup', async () => {
    await demo.fault('dataverse', {
      path: 'token',
      times: null,
      action: {
        kind: 'status',
        status: 401,
        code: 'invalid_client',
        message: 'AADSTS7000215: Invalid client secret.',
      },
    })
    await demo.fault('dataverse', { path: 'api/data', times: null, action: { kind: 'status', status: 401 } })
    const run = await demo.synchronize()
    expect(run.status).toBe('FAILED')
    expect(await demo.errors({ mapping: 'CUSTOMER', errorClass: ['SETUP'], status: 'OPEN' })).toMatchObject([
      { errorClass: 'SETUP', resolvableBy: 'ADMINISTRATOR' },
    ])
    await demo.clearFaults()
    expect((await demo.synchronize()).status).toBe('COMPLETED')
  })

  test.each([429, 503])('%i with Retry-After heals within the run', async (status) => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: `Busy ${status}` })
    for (const method of ['GET', 'POST'])
      await demo.fault('dataverse', {
        method,
        path: WRITES,
        action: { kind: 'status', status, retryAfter: 1, message: 'Too many requests.' },
      })
    const run = await demo.synchronize()
    expect(run.status).toBe('COMPLETED')
    expect(counted(run, 'TO')).toMatchObject({ modified: 1 })
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: `Busy ${status}` })
    expect(await demo.openErrors(pair)).toEqual([])
    expect(
      await demo.errors({ mapping: 'CUSTOMER', errorClass: ['THROTTLED', 'UNAVAILABLE'], status: 'OPEN' }),
    ).toEqual([])
  })

  test('one record that Sales refuses does not stop the others', async () => {
    const refused = await demo.pair()
    const others = [await demo.pair(), await demo.pair()]
    await demo.person.editCustomer(refused.customerId, { city: 'Forbidden' })
    for (const other of others) await demo.person.editCustomer(other.customerId, { city: 'Allowed' })
    await demo.fault('dataverse', {
      times: null,
      action: {
        kind: 'reject',
        field: 'address1_city',
        value: 'Forbidden',
        code: '0x80040265',
        message: 'A plug-in refuses this city.',
      },
    })
    const run = await demo.synchronize()
    expect(run.status).toBe('COMPLETED')
    expect(counted(run, 'TO')).toMatchObject({ failed: 1, modified: 2 })
    expect(await demo.openErrors(refused)).toMatchObject([{ message: 'A plug-in refuses this city.' }])
    for (const other of others)
      expect((await demo.records(other)).account).toMatchObject({ address1_city: 'Allowed' })
    await demo.clearFaults()
    await demo.synchronize()
    await demo.synchronize()
    expect((await demo.records(refused)).account).toMatchObject({ address1_city: 'Forbidden' })
    expect(await demo.openErrors(refused)).toEqual([])
  })

  test('retrying a run that failed carries what it left behind', async () => {
    const pair = await demo.pair()
    await demo.person.editAccount(pair.accountId, { name: 'z'.repeat(120) })
    const failed = await demo.synchronize()
    expect(counted(failed, 'FROM')).toMatchObject({ failed: 1 })
    await demo.engine.inDataverse("update accounts set name = 'Mended' where accountid = $1", [
      pair.accountId,
    ])
    const { retrySynchRun } = await demo.ask<{ retrySynchRun: { id: string } }>(
      'mutation ($id: ID!) { retrySynchRun(id: $id) { id } }',
      { id: failed.id },
    )
    const retried = await demo.ended(retrySynchRun.id)
    expect(retried.status).toBe('COMPLETED')
    expect(jobOf(retried, 'FROM')).toMatchObject({ modified: 1, retried: 1 })
    expect((await demo.records(pair)).customer).toMatchObject({ displayName: 'Mended' })
    expect(await demo.openErrors(pair)).toEqual([])
  })
})

describe('a system that is gone', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start({ engine: { unavailablePatienceSeconds: 3 } })
  })
  afterAll(() => demo.stop())

  test('an unreachable system is named while the run waits and when its patience is over', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: 'Nowhere' })
    await demo.engine.loseDataverse()
    const { id } = await demo.request()
    const waiting = await demo.until(
      () => demo.run(id),
      (run) => run.status !== 'RUNNING' || run.message !== null,
      'a word of what the run waits for',
    )
    expect(waiting).toMatchObject({
      status: 'RUNNING',
      message: expect.stringMatching(/Dataverse at .* cannot be reached/),
    })
    const run = await demo.ended(id)
    expect(run.status).toBe('FAILED')
    expect(run.message).toMatch(/cannot be reached/)
    const open = await demo.errors({ mapping: 'CUSTOMER', errorClass: ['UNAVAILABLE'], status: 'OPEN' })
    expect(open).toMatchObject([
      {
        resolvableBy: 'ADMINISTRATOR',
        occurrences: 1,
        message: expect.stringContaining('cannot be reached'),
      },
    ])
    expect(open[0]?.remedy).toMatch(/address/)
    expect(await demo.skipped(pair)).toBeNull()
  })
})
