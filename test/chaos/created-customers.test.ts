import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { comparePairs } from './support/pairs.js'
import { Stage } from './support/stage.js'
import { until } from './support/until.js'
import type { WorkerProcess } from './support/worker-process.js'
import { quoted } from '../support/person.js'

/** A creation within Business Central's bulk call; reads go in bulk calls too. */
const CREATION = { method: 'POST', path: '/customers' }
const CLEAN = { intents: 0, calls: 0, claims: 0, pages: 0, states: 0, errors: 0 }

describe('accounts become customers in Business Central, which chooses the ids itself', () => {
  let stage: Stage
  let worker: WorkerProcess
  beforeAll(async () => {
    stage = await Stage.build({
      sandbox: { customers: 0, demo: false },
      engine: { requestDeadlineSeconds: 3 },
    })
    worker = await stage.startWorker()
    await stage.synchronize('CURRENCY')
    await stage.synchronize('CUSTOMER')
  })
  afterAll(() => stage.takeDown())
  beforeEach(() => stage.clearFaults('businessCentral'))

  const createAccounts = async (...names: string[]) => {
    for (const name of names)
      await stage.engine.person.createAccount({
        name,
        customertypecode: 3,
        address1_city: 'Riga',
        telephone1: '+371 1',
      })
  }

  const named = async (name: string) => {
    const { businessCentral } = stage.engine.sandbox
    const { value } = await stage.engine.person.send(
      'GET',
      `${businessCentral.url}/companies(${businessCentral.companyId})/customers?$filter=${encodeURIComponent(`displayName eq ${quoted(name)}`)}`,
      null,
    )
    return value as readonly Readonly<Record<string, unknown>>[]
  }

  const agreed = async () => {
    expect((await stage.synchronize('CUSTOMER')).run.status).toBe('COMPLETED')
    expect(await stage.leftovers()).toEqual(CLEAN)
    expect(await comparePairs(stage)).toMatchObject({
      withoutPartner: [],
      differing: [],
      duplicateNames: [],
    })
  }

  test('the connection breaks with some of four customers made: they are adopted, the others are made once', async () => {
    await createAccounts('Torn One', 'Torn Two', 'Torn Three', 'Torn Four')
    const before = await stage.engine.person.countCustomers()
    await stage.setFault('businessCentral', {
      ...CREATION,
      action: { kind: 'drop', at: 'afterCommit' },
    })
    const run = await stage.request('CUSTOMER')
    await until('the connection is cut', () => stage.faultsActed('businessCentral'))
    await until('a customer is there', async () => {
      return (await stage.engine.person.countCustomers()) > before
    })
    const report = await stage.ended(run)
    expect(report.run.status).toBe('COMPLETED')
    expect(report.from?.inserted).toBe(4)
    expect(await stage.engine.person.countCustomers()).toBe(before + 4)
    await agreed()
  })

  test('the worker dies between request and answer: the customer is adopted by its number, and a person who was faster keeps his edit', async () => {
    const { person } = stage.engine
    await createAccounts('Silent One', 'Silent Two')
    const before = await person.countCustomers()
    await stage.setFault('businessCentral', {
      ...CREATION,
      action: { kind: 'delay', milliseconds: 5_000, at: 'afterCommit' },
    })
    const run = await stage.request('CUSTOMER')
    await until('the customers are there', async () => (await person.countCustomers()) === before + 2)
    await worker.kill()
    const [made] = await named('Silent One')
    expect(await stage.count('intent', `assigned_key = ${quoted(String(made?.['number']))}`)).toBe(1)
    await person.editCustomer(String(made?.['id']), { phoneNumber: '+371 2', addressLine2: 'Back door' })
    worker = await stage.startWorker()
    expect((await stage.ended(run)).run.status).toBe('COMPLETED')
    expect(await named('Silent One')).toHaveLength(1)
    expect(await named('Silent Two')).toHaveLength(1)
    await agreed()
    const [now] = await named('Silent One')
    expect(now).toMatchObject({
      id: made?.['id'],
      number: made?.['number'],
      phoneNumber: '+371 2',
      addressLine2: 'Back door',
    })
    expect(await person.account(`name eq 'Silent One'`)).toMatchObject({
      telephone1: '+371 2',
      address1_line2: 'Back door',
      address1_city: 'Riga',
    })
  })

  test('the run is cancelled with an outcome unknown: the next run meets the customer and makes no second account', async () => {
    const { person } = stage.engine
    await createAccounts('Orphan')
    const accounts = await person.countAccounts()
    await stage.setFault('businessCentral', {
      ...CREATION,
      action: { kind: 'delay', milliseconds: 5_000, at: 'afterCommit' },
    })
    const run = await stage.request('CUSTOMER')
    await until('the customer is there', async () => (await named('Orphan')).length === 1)
    await stage.engine.control.cancel(run)
    await stage.ended(run)
    await stage.synchronize('CUSTOMER')
    expect(await named('Orphan')).toHaveLength(1)
    expect(await person.countAccounts()).toBe(accounts)
    await agreed()
  })
})
