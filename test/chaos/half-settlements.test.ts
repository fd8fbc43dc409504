import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CouplingRecord } from '../../src/persistence/entities/coupling.js'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { Gate, landedOn, pageWritten, type Passage } from '../engine/support/gate.js'
import { lostValues } from '../engine/support/history.js'
import { comparePairs } from './support/pairs.js'
import { Stage } from './support/stage.js'
import type { WorkerProcess } from './support/worker-process.js'
import { quoted } from '../support/person.js'

type Row = Readonly<Record<string, unknown>>

interface Pair {
  readonly customerId: string
  readonly accountId: string
  readonly phoneBefore: unknown
}

const CLEAN = { intents: 0, calls: 0, claims: 0, pages: 0, states: 0, errors: 0 }

describe('the worker dies within a settlement of both sides', () => {
  let stage: Stage
  let worker: WorkerProcess
  let pairs: Row[]
  beforeAll(async () => {
    stage = await Stage.build({ sandbox: { customers: 24, demo: false } })
    const em = stage.engine.database.em.fork()
    const mapping = await em.findOneOrFail(Mapping, { name: 'CUSTOMER' })
    mapping.definition = { ...mapping.definition, conflictDetection: 'FIELDS' }
    await em.flush()
    worker = await stage.startWorker()
    await stage.synchronize('CURRENCY')
    await stage.synchronize('CUSTOMER')
    await stage.synchronize('CUSTOMER')
    const { businessCentral } = stage.engine.sandbox
    // Amounts are carried of customers that pay in the local currency.
    const { value } = await stage.engine.person.send(
      'GET',
      `${businessCentral.url}/companies(${businessCentral.companyId})/customers?$filter=${encodeURIComponent(`currencyCode eq 'USD'`)}`,
      null,
    )
    pairs = [...(value as readonly Row[])]
  })
  afterAll(() => stage.takeDown())
  beforeEach(() => stage.clearFaults('businessCentral'))

  /**
   * A pair that no test has used, edited on both sides, different fields; the credit limit, which is carried to Sales only,
   * on both.
   */
  const editedOnBothSides = async (city: string, phone: string): Promise<Pair> => {
    const { person } = stage.engine
    const customer = pairs.shift()
    const customerId = String(customer?.['id'])
    const account = await person.account(`name eq ${quoted(String(customer?.['displayName']))}`)
    const accountId = String(account?.['accountid'])
    await person.editCustomer(customerId, { city, creditLimit: 5000 })
    await person.editAccount(accountId, { telephone1: phone, creditlimit: 7000 })
    return { customerId, accountId, phoneBefore: account?.['telephone1'] }
  }

  /** A run that settles what was edited, whose worker dies where the gate stands. */
  const dieAt = async (passage: Passage): Promise<string> => {
    const gate = await Gate.shut(stage.engine, passage)
    const run = await stage.request('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
    await gate.reached()
    await worker.kill()
    await gate.cut()
    return run
  }

  const refusePhone = (phone: string) =>
    stage.setFault('businessCentral', {
      times: null,
      action: { kind: 'reject', field: 'phoneNumber', value: phone, message: 'No such number.' },
    })

  const base = async ({ customerId }: Pair, field: string) =>
    (await stage.engine.database.em.fork().findOneOrFail(CouplingRecord, { localId: customerId })).base?.[
      field
    ]

  /** Of everything that was written over, only the account's credit limit was a value of its own, and it is kept once. */
  const expectLoserKeptOnce = async ({ customerId }: Pick<Pair, 'customerId'>) =>
    expect(await lostValues(stage.engine, customerId)).toMatchObject([
      { side: 'INTEGRATION', field: 'creditlimit', value: expect.stringMatching(/^7000/) },
    ])

  const agreed = async ({ customerId, accountId }: Pair, city: string, phone: unknown) => {
    expect((await stage.synchronize('CUSTOMER')).run.status).toBe('COMPLETED')
    expect((await stage.synchronize('CUSTOMER')).run.status).toBe('COMPLETED')
    expect(await stage.engine.person.customerById(customerId)).toMatchObject({ city, phoneNumber: phone })
    expect(await stage.engine.person.accountById(accountId)).toMatchObject({
      address1_city: city,
      telephone1: phone,
      creditlimit: 5000,
    })
    await expectLoserKeptOnce({ customerId })
    expect(await stage.leftovers()).toEqual(CLEAN)
    expect(await comparePairs(stage)).toMatchObject({ withoutPartner: [], differing: [], duplicateNames: [] })
  }

  /** The second half was refused: what landed is in the base alone, and what lost in the history. */
  const keptHalf = async (pair: Pair, city: string) => {
    expect(await base(pair, 'city:address1_city')).toEqual({ local: city, integration: city })
    expect(await base(pair, 'phoneNumber:telephone1')).toEqual({
      local: pair.phoneBefore,
      integration: pair.phoneBefore,
    })
    await expectLoserKeptOnce(pair)
  }

  test('the first half has landed: the second follows, or is refused, or a person was faster: no clash', async () => {
    const followed = await editedOnBothSides('Como', '031-1')
    const changed = await editedOnBothSides('Lecco', '0341-1')
    const refused = await editedOnBothSides('Lodi', '0371-1')
    const run = await dieAt(landedOn('INTEGRATION'))
    await refusePhone('0371-1')
    await stage.engine.person.editCustomer(changed.customerId, { city: 'Varese' })
    worker = await stage.startWorker()
    expect((await stage.ended(run)).to).toMatchObject({ modified: 2, conflicts: 0, failed: 1 })
    await keptHalf(refused, 'Lodi')

    await stage.clearFaults('businessCentral')
    await stage.engine.person.editAccount(refused.accountId, { address1_city: 'Codogno' })
    await agreed(followed, 'Como', '031-1')
    await agreed(changed, 'Varese', '0341-1')
    await agreed(refused, 'Codogno', '0371-1')
  })

  test('the second half was refused and what landed is kept: it is not kept again', async () => {
    const pair = await editedOnBothSides('Pavia', '0382-1')
    await refusePhone('0382-1')
    const run = await dieAt(pageWritten('TO_INTEGRATION_TABLE'))
    worker = await stage.startWorker()
    expect((await stage.ended(run)).to).toMatchObject({ modified: 0, conflicts: 0, failed: 1 })
    await keptHalf(pair, 'Pavia')

    await stage.clearFaults('businessCentral')
    await stage.engine.person.editAccount(pair.accountId, { address1_city: 'Vigevano' })
    await agreed(pair, 'Vigevano', '0382-1')
  })

  test('the second half was stale and the record is decided anew: the next run carries what is left', async () => {
    const decidedAnew: Passage = {
      table: 'intent',
      when: `tg_op = 'INSERT' and exists (select 1 from record_write w where w.run_id = new.run_id)`,
    }
    const pair = await editedOnBothSides('Monza', '039-1')
    const landed = await Gate.shut(stage.engine, landedOn('INTEGRATION'))
    const anew = await Gate.shut(stage.engine, decidedAnew)
    const run = await stage.request('CUSTOMER', 'MODIFIED', 'TO_INTEGRATION_TABLE')
    await landed.reached()
    await stage.engine.person.editCustomer(pair.customerId, { city: 'Desio' })
    await landed.open()
    await anew.reached()
    await worker.kill()
    await anew.cut()
    worker = await stage.startWorker()
    expect((await stage.ended(run)).to).toMatchObject({ conflicts: 0, failed: 0 })
    await agreed(pair, 'Desio', '039-1')
  })

  test('both halves have landed: found as sent, they are ours, and what a person added meanwhile is his', async () => {
    const pair = await editedOnBothSides('Asti', '0141-1')
    const run = await dieAt(landedOn('LOCAL'))
    await stage.engine.person.editCustomer(pair.customerId, { addressLine2: 'Cortile' })
    worker = await stage.startWorker()
    expect((await stage.ended(run)).to).toMatchObject({ modified: 1, conflicts: 0, failed: 0 })
    await agreed(pair, 'Asti', '0141-1')
    expect(await stage.engine.person.accountById(pair.accountId)).toMatchObject({ address1_line2: 'Cortile' })
  })
})
