import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { comparePairs } from './support/pairs.js'
import { Stage } from './support/stage.js'
import { until } from './support/until.js'
import type { WorkerProcess } from './support/worker-process.js'
import { quoted } from '../support/person.js'

type System = 'businessCentral' | 'dataverse'
type Row = Readonly<Record<string, unknown>>

/** Writes within Accord's bulk calls; reads go in bulk calls too. */
const WRITE = { method: 'PATCH', path: '(customers|accounts)\\(' }
/** Longer than Accord waits for an answer. */
const TOO_LONG = 7_000
const CLEAN = { intents: 0, calls: 0, claims: 0, pages: 0, states: 0, errors: 0 }

describe('a write lands and its answer is lost', () => {
  let stage: Stage
  let worker: WorkerProcess
  beforeAll(async () => {
    stage = await Stage.build({
      sandbox: { customers: 12, demo: false },
      engine: { requestDeadlineSeconds: 4 },
    })
    worker = await stage.startWorker()
    await stage.synchronize('CURRENCY')
    await stage.synchronize('CUSTOMER')
  })
  afterAll(() => stage.takeDown())
  beforeEach(async () => {
    await stage.clearFaults('businessCentral')
    await stage.clearFaults('dataverse')
  })

  /** The next write is committed, and its answer comes when nobody waits for it any more. */
  const loseAnswer = async (system: System) => {
    await stage.setFault(system, {
      ...WRITE,
      action: { kind: 'delay', milliseconds: TOO_LONG, at: 'afterCommit' },
    })
    return async (landed: () => Promise<boolean>) => {
      await until('the write is on its way', () => stage.faultsActed(system))
      await until('the write has landed', landed)
    }
  }

  const pair = async (number: string) => {
    const customer = await stage.engine.person.customer(number)
    const account = await stage.engine.person.account(`name eq ${quoted(String(customer?.['displayName']))}`)
    if (customer === null || account === null) throw new Error(`${number} is no pair.`)
    return { customerId: String(customer['id']), accountId: String(account['accountid']), customer, account }
  }

  const agreed = async (customerId: string, customer: Row, accountId: string, account: Row) => {
    expect((await stage.synchronize('CUSTOMER')).run.status).toBe('COMPLETED')
    expect(await stage.engine.person.customerById(customerId)).toMatchObject(customer)
    expect(await stage.engine.person.accountById(accountId)).toMatchObject(account)
    expect(await stage.leftovers()).toEqual(CLEAN)
    expect(await comparePairs(stage)).toMatchObject({
      withoutPartner: [],
      differing: [],
      duplicateNames: [],
    })
  }

  test('a new account: adopted under the id we chose; what persons edited on either side meanwhile is carried (timeline 19)', async () => {
    const { person } = stage.engine
    const made = await person.createCustomer({ displayName: 'Fresh Fruit', city: 'Turin', phoneNumber: '1' })
    const fish = await person.createCustomer({ displayName: 'Fresh Fish', city: 'Turin', phoneNumber: '1' })
    const cut = await loseAnswer('dataverse')
    const run = await stage.request('CUSTOMER')
    await cut(async () => (await person.account(`name eq 'Fresh Fruit'`)) !== null)
    const account = await person.account(`name eq 'Fresh Fruit'`)
    await person.editAccount(String(account?.['accountid']), { address1_line2: 'Yard' })
    await person.editCustomer(String(fish['id']), { phoneNumber: '2' })
    expect((await stage.ended(run)).run.status).toBe('COMPLETED')
    await agreed(
      String(made['id']),
      { phoneNumber: '1', addressLine2: 'Yard', city: 'Turin' },
      String(account?.['accountid']),
      { telephone1: '1', address1_line2: 'Yard' },
    )
    expect((await person.account(`name eq 'Fresh Fish'`))?.['telephone1']).toBe('2')
  })

  test('an account is updated and the customer put back meanwhile: the pair ends as the customer is (timeline 12)', async () => {
    const { person } = stage.engine
    const { customerId, accountId, customer } = await pair('G0000001')
    await person.editCustomer(customerId, { city: 'Elsewhere' })
    const cut = await loseAnswer('dataverse')
    const run = await stage.request('CUSTOMER')
    await cut(async () => (await person.accountById(accountId))?.['address1_city'] === 'Elsewhere')
    await person.editCustomer(customerId, { city: customer['city'] })
    expect((await stage.ended(run)).run.status).toBe('COMPLETED')
    await agreed(customerId, { city: customer['city'] }, accountId, { address1_city: customer['city'] })
  })

  test('a customer is updated and the account put back meanwhile', async () => {
    const { person } = stage.engine
    const { customerId, accountId, account } = await pair('G0000002')
    await person.editAccount(accountId, { address1_city: 'Elsewhere' })
    const cut = await loseAnswer('businessCentral')
    const run = await stage.request('CUSTOMER')
    await cut(async () => (await person.customerById(customerId))?.['city'] === 'Elsewhere')
    await person.editAccount(accountId, { address1_city: account['address1_city'] })
    expect((await stage.ended(run)).run.status).toBe('COMPLETED')
    await agreed(customerId, { city: account['address1_city'] }, accountId, {
      address1_city: account['address1_city'],
    })
  })

  test.each([
    ['account', 'dataverse', 'G0000003'],
    ['customer', 'businessCentral', 'G0000004'],
  ] as const)(
    'of an updated %s somebody edits another field before the answer is asked for: his edit is his own',
    async (what, system, number) => {
      const { person } = stage.engine
      const { customerId, accountId } = await pair(number)
      if (what === 'account') await person.editCustomer(customerId, { city: 'Ours' })
      else await person.editAccount(accountId, { address1_city: 'Ours' })
      const cut = await loseAnswer(system)
      const run = await stage.request('CUSTOMER')
      await cut(async () =>
        what === 'account'
          ? (await person.accountById(accountId))?.['address1_city'] === 'Ours'
          : (await person.customerById(customerId))?.['city'] === 'Ours',
      )
      if (what === 'account') await person.editAccount(accountId, { telephone1: '+1 555 his' })
      else await person.editCustomer(customerId, { phoneNumber: '+1 555 his' })
      expect((await stage.ended(run)).run.status).toBe('COMPLETED')
      await agreed(customerId, { city: 'Ours', phoneNumber: '+1 555 his' }, accountId, {
        address1_city: 'Ours',
        telephone1: '+1 555 his',
      })
    },
  )

  test('a stalled update outlives its worker and lands after the customer was put back', async () => {
    const { person } = stage.engine
    const { customerId, accountId, customer } = await pair('G0000005')
    await person.editCustomer(customerId, { city: 'Late' })
    await stage.setFault('dataverse', {
      ...WRITE,
      action: { kind: 'delay', milliseconds: 9_000, at: 'beforeCommit' },
    })
    const run = await stage.request('CUSTOMER')
    await until('the update is on its way', () => stage.faultsActed('dataverse'))
    await worker.kill()
    await person.editCustomer(customerId, { city: customer['city'] })
    worker = await stage.startWorker()
    expect((await stage.ended(run)).run.status).toBe('COMPLETED')
    await agreed(customerId, { city: customer['city'] }, accountId, { address1_city: customer['city'] })
  })
})
