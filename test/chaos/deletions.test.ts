import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { changeDefinition } from '../../src/persistence/mappings.js'
import type { DeletionConflictPolicy } from '../../src/domain/mapping.js'
import { comparePairs } from './support/pairs.js'
import { Stage } from './support/stage.js'
import { until } from './support/until.js'
import type { WorkerProcess } from './support/worker-process.js'
import { quoted } from '../support/person.js'

type System = 'businessCentral' | 'dataverse'

/** A creation in Sales, under an id of ours. */
const CREATION = { method: 'PATCH', path: 'accounts\\(' }
/** Longer than the worker that is killed lives. */
const LONG = 4_000
const CLEAN = { intents: 0, calls: 0, claims: 0, pages: 0, states: 0, errors: 0 }

describe('the worker is killed while a deletion is carried out', () => {
  let stage: Stage
  let worker: WorkerProcess
  beforeAll(async () => {
    stage = await Stage.build({
      sandbox: { customers: 14, demo: false },
      engine: { requestDeadlineSeconds: 3 },
    })
    worker = await stage.startWorker()
    await stage.synchronize('CURRENCY')
    await stage.synchronize('CUSTOMER')
    await stage.synchronize('CUSTOMER')
  })
  afterAll(() => stage.takeDown())
  beforeEach(async () => {
    await stage.clearFaults('businessCentral')
    await stage.clearFaults('dataverse')
  })

  const setPolicy = async (deletionConflictPolicy: DeletionConflictPolicy) => {
    await stage.engine.database.em.fork().transactional(async (em) => {
      const mapping = await em.findOneOrFail(Mapping, { name: 'CUSTOMER' })
      await changeDefinition(
        em,
        mapping,
        { ...mapping.definition, deletionConflictPolicy },
        { author: 'test', note: null },
      )
    })
  }

  const pair = async (number: string) => {
    const { person } = stage.engine
    const customer = await person.customer(number)
    const account = await person.account(`name eq ${quoted(String(customer?.['displayName']))}`)
    if (customer === null || account === null) throw new Error(`${number} is no pair.`)
    return {
      customerId: String(customer['id']),
      accountId: String(account['accountid']),
      name: String(customer['displayName']),
    }
  }

  /** Runs the mapping, and kills its worker while the write is on its way; then another worker takes over. */
  const killDuring = async (
    system: System,
    write: { readonly method: string; readonly path: string },
    at: 'beforeCommit' | 'afterCommit',
  ) => {
    await stage.setFault(system, { ...write, action: { kind: 'delay', milliseconds: LONG, at } })
    const run = await stage.request('CUSTOMER')
    await until('the write is on its way', () => stage.faultsActed(system))
    await worker.kill()
    worker = await stage.startWorker()
    return stage.ended(run)
  }

  const agreed = async () => {
    expect((await stage.synchronize('CUSTOMER')).run.status).toBe('COMPLETED')
    expect(await stage.leftovers()).toEqual(CLEAN)
    expect(await comparePairs(stage)).toMatchObject({ withoutPartner: [], differing: [], duplicateNames: [] })
  }

  test.each(['beforeCommit', 'afterCommit'] as const)(
    'an account restored: one account, coupled with its customer (%s)',
    async (at) => {
      const { name, customerId, accountId } = await pair(at === 'beforeCommit' ? 'G0000001' : 'G0000002')
      await setPolicy('RESTORE_RECORDS')
      await stage.engine.person.deleteAccount(accountId)
      const report = await killDuring('dataverse', CREATION, at)
      expect(report.run.status).toBe('COMPLETED')
      expect(report.from?.inserted).toBe(1)
      const account = await stage.engine.person.account(`name eq ${quoted(name)}`)
      expect(account?.['accountid']).not.toBe(accountId)
      expect(await stage.count('coupling', `local_id = '${customerId}'`)).toBe(1)
      await agreed()
    },
  )

  test.each(['beforeCommit', 'afterCommit'] as const)(
    'a customer restored where the system chooses the id: one customer, coupled with its account (%s)',
    async (at) => {
      const { name, customerId, accountId } = await pair(at === 'beforeCommit' ? 'G0000003' : 'G0000004')
      await setPolicy('RESTORE_RECORDS')
      const before = await stage.engine.person.countCustomers()
      await stage.engine.person.deleteCustomer(customerId)
      await stage.engine.person.editAccount(accountId, { address1_city: 'Turku' })
      const report = await killDuring('businessCentral', { method: 'POST', path: '/customers' }, at)
      expect(report.run.status).toBe('COMPLETED')
      expect(await stage.engine.person.countCustomers()).toBe(before)
      expect(await stage.engine.person.customerNamed(name)).toMatchObject({ city: 'Turku' })
      expect(await stage.count('coupling', `integration_id = '${accountId}'`)).toBe(1)
      await agreed()
    },
  )

  test.each(['beforeCommit', 'afterCommit'] as const)(
    'a customer deleted because its account was: gone once, with its coupling (%s)',
    async (at) => {
      const { customerId, accountId } = await pair(at === 'beforeCommit' ? 'G0000005' : 'G0000006')
      await setPolicy('DELETE_OTHER_RECORD')
      await stage.engine.person.deleteAccount(accountId)
      const report = await killDuring('businessCentral', { method: 'DELETE', path: '/customers' }, at)
      expect(report.run.status).toBe('COMPLETED')
      expect(report.from?.deleted).toBe(1)
      expect(await stage.engine.person.customerById(customerId)).toBeNull()
      expect(await stage.count('coupling', `local_id = '${customerId}'`)).toBe(0)
      await agreed()
    },
  )

  test('an account that we made and a user deleted before it was coupled is a deletion conflict, and is not made again', async () => {
    const { person } = stage.engine
    await setPolicy('NONE')
    await person.createCustomer({ displayName: 'Short Lived', city: 'Turin' })
    await stage.setFault('dataverse', {
      ...CREATION,
      action: { kind: 'delay', milliseconds: LONG, at: 'afterCommit' },
    })
    const run = await stage.request('CUSTOMER')
    await until(
      'the account has landed',
      async () => (await person.account(`name eq 'Short Lived'`)) !== null,
    )
    await worker.kill()
    const account = await person.account(`name eq 'Short Lived'`)
    await person.deleteAccount(String(account?.['accountid']))
    worker = await stage.startWorker()
    expect((await stage.ended(run)).run.status).toBe('COMPLETED')
    expect(await person.account(`name eq 'Short Lived'`)).toBeNull()
    expect(await stage.count('record_state', `state = 'SKIPPED' and reason = 'DELETED_RECORD'`)).toBe(1)
    await stage.synchronize('CUSTOMER')
    expect(await person.account(`name eq 'Short Lived'`)).toBeNull()
    expect(
      await stage.count('integration_synch_error', `resolved_at is null and error_class = 'DELETED_RECORD'`),
    ).toBe(1)
  })
})
