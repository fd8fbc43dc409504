import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { adoptByKey } from '../../src/activities/adopt-intents.js'
import { loadMapping } from '../../src/activities/mapping-context.js'
import type { IntentOutcome } from '../../src/activities/send-intents.js'
import { SharedConnectors } from '../../src/connector-source.js'
import { MemoryGovernorStore, SharedGovernor } from '../../src/connectors/shared-governor.js'
import { ConnectionTable } from '../../src/persistence/entities/connection-table.js'
import { Lane } from '../../src/domain/lane.js'
import { createMapping } from '../../src/persistence/mappings.js'
import type { Intent } from '../../src/persistence/queries/intents.js'
import { counted, Scenario } from '../support/scenario.js'
import { Gate, type Passage } from './support/gate.js'

/** A page's writes are taken up again by a second attempt, after a request of the first went out. */
const SENT_BEFORE: Passage = {
  table: 'synch_page',
  when: `tg_op = 'UPDATE' and old.lease is distinct from new.lease
    and exists (select 1 from intent_call c where c.page_id = new.id)`,
}

/** A creation that meets what is there already, or that nobody can tell whether it landed. */
describe('a record that is created', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
    const customer = await demo.engine.mapping('CUSTOMER')
    await createMapping(
      demo.engine.database.em.fork(),
      customer.connectionId,
      {
        ...customer.definition,
        name: 'NUMBERED',
        direction: 'FROM_INTEGRATION_TABLE',
        onlyCoupled: false,
        matchRules: [],
        integrationFilter: null,
        fields: [
          {
            name: 'displayName:name',
            localField: 'displayName',
            integrationField: 'name',
            direction: 'FROM_INTEGRATION_TABLE',
          },
          {
            name: 'number:accountnumber',
            localField: 'number',
            integrationField: 'accountnumber',
            direction: 'FROM_INTEGRATION_TABLE',
          },
        ],
      },
      { author: 'test', note: null },
    )
    await demo.synchronize('NUMBERED')
  })
  afterEach(() => demo.clearFaults())

  const logger = pino({ level: 'silent' })
  const governor = new SharedGovernor(new MemoryGovernorStore())
  const connectors = new SharedConnectors(() => 'engine-test', logger, governor)
  afterAll(() => connectors.close())
  const contextOf = async () => {
    const mapping = await demo.engine.mapping('CUSTOMER')
    const { database } = demo.engine
    const settings = {
      pageSize: 10,
      commitDelay: 0,
      maximumAttempts: 5,
      liftsSkips: true,
      requestDeadline: 10_000,
      patience: 10_000,
      workerTimeout: 15_000,
      schedules: false,
    }
    const context = await loadMapping(
      { database, connectors, logger, settings, now: Date.now },
      mapping.id,
      Lane.live,
    )
    return { mapping, context }
  }
  const creationUnder = (assignedKey: string): Intent => ({
    id: randomUUID(),
    jobId: randomUUID(),
    runId: randomUUID(),
    pageId: null,
    couplingId: null,
    kind: 'CREATE',
    side: 'LOCAL',
    recordId: null,
    assignedKey,
    sourceSide: 'INTEGRATION',
    sourceId: randomUUID(),
    values: {},
    version: null,
    source: { id: randomUUID(), version: '', stamp: 0, values: {} },
    lost: [],
    decisionRow: null,
    before: null,
    deadline: 0,
    sentAt: 1,
    unconditional: false,
    answer: null,
  })

  afterAll(() => demo.stop())

  test('under a number that it brings and another one has: a duplicate that names field and value', async () => {
    const taken = await demo.person.createCustomer({ displayName: 'Number Holder' })
    const number = String(taken['number'])
    const account = await demo.person.createAccount({
      name: 'Number Seeker',
      accountnumber: number,
      customertypecode: 11,
    })
    const customers = await demo.person.countCustomers()

    expect(counted(await demo.synchronize('NUMBERED'), 'FROM')).toMatchObject({ failed: 1 })

    expect(await demo.errors({ mapping: 'NUMBERED', status: 'OPEN' })).toMatchObject([
      {
        errorClass: 'DUPLICATE',
        field: 'number',
        message: expect.stringContaining(number),
        source: { id: account['accountid'] },
      },
    ])
    expect(await demo.person.countCustomers()).toBe(customers)
    // Its own number lets it through.
    await demo.person.editAccount(String(account['accountid']), { accountnumber: 'FREE-1' })
    expect(counted(await demo.synchronize('NUMBERED'), 'FROM')).toMatchObject({ inserted: 1 })
    expect(await demo.person.customerNamed('Number Seeker')).toMatchObject({ number: 'FREE-1' })
    expect(await demo.errors({ mapping: 'NUMBERED', status: 'OPEN' })).toEqual([])
  })

  test('beside another installation, which has taken the next numbers: past all of them in one run', async () => {
    const others = Array.from({ length: 8 }, (_, index) => `S${String(index + 1).padStart(6, '0')}`)
    for (const number of others)
      await demo.person.createCustomer({ number, displayName: `Of another installation ${number}` })
    await demo.synchronize('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
    for (const name of ['Ninth', 'Tenth']) await demo.person.createAccount({ name, customertypecode: 3 })

    expect(counted(await demo.synchronize(), 'FROM')).toMatchObject({ inserted: 2 })

    const numbers = [await demo.person.customerNamed('Ninth'), await demo.person.customerNamed('Tenth')]
    for (const customer of numbers) expect(others).not.toContain(customer?.['number'])
  })

  test('and is looked for by its key is not taken for one that is coupled already', async () => {
    const { customerId } = await demo.pair()
    const { mapping, context } = await contextOf()
    const coupled = await demo.person.customerById(customerId)
    const free = await demo.person.createCustomer({ displayName: 'Coupled with nobody' })
    const intents = [coupled, free].map((customer) => creationUnder(String(customer?.['number'])))
    const outcomes = new Map<string, IntentOutcome>()
    const missing = await adoptByKey(context, 'LOCAL', intents, outcomes)
    expect(missing.map(({ assignedKey }) => assignedKey)).toEqual([coupled?.['number']])
    expect([...outcomes.values()]).toMatchObject([{ kind: 'written', record: { id: free['id'] } }])
    expect(mapping.name).toBe('CUSTOMER')
  })

  test('in a table without a key to find it by is refused, and nothing is sent', async () => {
    const { mapping, context } = await contextOf()
    const { assignedKey, ...definition } = context.tables.LOCAL
    expect(assignedKey).toBeDefined()
    const em = demo.engine.database.em.fork()
    await em.nativeDelete(ConnectionTable, { connectionId: mapping.connectionId, name: definition.name })
    await em.insert(ConnectionTable, {
      connectionId: mapping.connectionId,
      side: 'LOCAL',
      name: definition.name,
      definition,
      readAt: new Date(),
    })
    const account = await demo.person.createAccount({ name: 'Not to be found again', customertypecode: 3 })
    const customers = await demo.person.countCustomers()
    expect(counted(await demo.synchronize(), 'FROM')).toMatchObject({ failed: 1 })
    expect(
      await demo.errors({ mapping: 'CUSTOMER', errorClass: ['VALIDATION'], status: 'OPEN' }),
    ).toMatchObject([
      { source: { id: account['accountid'] }, message: expect.stringContaining('could not be found again') },
    ])
    expect(await demo.person.countCustomers()).toBe(customers)
    await em.nativeDelete(ConnectionTable, { connectionId: mapping.connectionId, name: definition.name })
    expect(counted(await demo.synchronize(), 'FROM')).toMatchObject({ inserted: 1 })
  })

  test('and whose answer is lost waits while nobody may read it, and is not created again', async () => {
    await demo.person.createCustomer({ displayName: 'Behind a Curtain' })
    const accounts = await demo.person.countAccounts()
    await demo.fault('dataverse', {
      method: 'PATCH',
      path: 'accounts\\(',
      action: { kind: 'drop', at: 'afterCommit' },
    })
    await using repeated = await Gate.shut(demo.engine, SENT_BEFORE)
    const { id } = await demo.request('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
    await repeated.reached()
    // A record that is not ours to read: queries leave it out, asked for by its id it is refused.
    await demo.engine.inDataverse(
      "create table hidden as select * from accounts where name = 'Behind a Curtain'",
    )
    await demo.engine.inDataverse("delete from accounts where name = 'Behind a Curtain'")
    await demo.fault('dataverse', {
      method: 'GET',
      path: 'accounts\\(',
      times: null,
      action: { kind: 'status', status: 403, code: '0x80040220', message: 'prvReadAccount is missing.' },
    })
    await repeated.open()

    const run = await demo.ended(id)

    expect(run.status).toBe('COMPLETED')
    expect(
      await demo.errors({ mapping: 'CUSTOMER', errorClass: ['PERMISSION'], status: 'OPEN' }),
    ).toMatchObject([{ message: expect.stringContaining('prvReadAccount') }])
    await demo.synchronize('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
    expect(await demo.person.countAccounts()).toBe(accounts)

    await demo.engine.inDataverse('insert into accounts select * from hidden')
    await demo.clearFaults()
    await demo.synchronize('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
    expect(await demo.errors({ mapping: 'CUSTOMER', errorClass: ['PERMISSION'], status: 'OPEN' })).toEqual([])
    expect(await demo.person.countAccounts()).toBe(accounts + 1)
    // It was counted as busy until then.
    const counters = counted(await demo.run(run.id), 'TO')
    expect(counters).toMatchObject({ inserted: 1 })
    expect(Object.keys(counters)).not.toContain('ignored')
  })
})
