import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunScope } from '../../src/domain/run.js'
import { requestRecordsRun } from '../../src/persistence/runs.js'
import { Gate, type Passage } from '../engine/support/gate.js'
import { Stage } from './support/stage.js'
import type { WorkerProcess } from './support/worker-process.js'

const ofPerson = `exists (select 1 from synch_job j join synch_run r on r.id = j.run_id
  where j.id = new.job_id and r.kind = 'RECORDS')`
/** The two records are coupled, and nothing else has happened. */
const coupled: Passage = { table: 'synch_page', when: `new.state = 'WRITTEN' and ${ofPerson}` }
/** The two records are coupled, what is to be written is committed to, and no request was sent. */
const aboutToSend: Passage = { table: 'intent_call', when: 'true' }

describe('the worker dies between a coupling by hand and its first contact', () => {
  let stage: Stage
  let worker: WorkerProcess
  beforeAll(async () => {
    stage = await Stage.build({ sandbox: { customers: 0, demo: false } })
    worker = await stage.startWorker()
    await stage.synchronize('CURRENCY')
    await stage.synchronize('CUSTOMER')
  })
  afterAll(() => stage.takeDown())

  const strangers = async (name: string) => {
    const { person } = stage.engine
    const customer = await person.createCustomer({ displayName: name, city: 'Riga' })
    const account = await person.createAccount({ name, customertypecode: 3, telephone1: '+371 1' })
    return { localId: String(customer['id']), integrationId: String(account['accountid']) }
  }
  const couple = async (
    pair: { readonly localId: string; readonly integrationId: string },
    synchronize: Extract<RunScope, { kind: 'couple' }>['synchronize'],
  ): Promise<string> => {
    const { id: mappingId } = await stage.engine.mapping('CUSTOMER')
    const { id } = await stage.engine.database.em.fork().transactional((em) =>
      requestRecordsRun(em, {
        mappingId,
        scope: { kind: 'couple', couplingIds: [], pairs: [pair], synchronize, recouple: false },
        direction: null,
        requestedBy: 'test',
      }),
    )
    await stage.engine.control.start(id)
    return id
  }
  const agree = async (pair: { readonly localId: string; readonly integrationId: string }) => {
    expect(await stage.engine.person.customerById(pair.localId)).toMatchObject({ phoneNumber: '+371 1' })
    expect(await stage.engine.person.accountById(pair.integrationId)).toMatchObject({ address1_city: 'Riga' })
  }
  const killedAt = async (passage: Passage, run: () => Promise<string>): Promise<string> => {
    await using gate = await Gate.shut(stage.engine, passage)
    const id = await run()
    await gate.reached()
    await worker.kill()
    return id
  }

  test('coupled without synchronizing: the pair is pending, and the next run makes first contact', async () => {
    const pair = await strangers('Kept Pending')
    const run = await killedAt(coupled, () => couple(pair, 'NONE'))
    expect(await stage.count('record_state', "reason = 'FIRST_CONTACT'")).toBe(1)
    worker = await stage.startWorker()
    expect((await stage.ended(run)).run.status).toBe('COMPLETED')
    expect(await stage.count('coupling', `local_id = '${pair.localId}'`)).toBe(1)
    await stage.synchronize('CUSTOMER')
    await agree(pair)
    expect(await stage.leftovers()).toEqual({
      intents: 0,
      calls: 0,
      claims: 0,
      pages: 0,
      states: 0,
      errors: 0,
    })
  })

  test('coupled and synchronized: what was committed to is sent once, and first contact is recorded', async () => {
    const pair = await strangers('Carried Out')
    const run = await killedAt(aboutToSend, () => couple(pair, 'TO_INTEGRATION_TABLE'))
    expect(await stage.count('coupling', `local_id = '${pair.localId}' and base is null`)).toBe(1)
    worker = await stage.startWorker()
    const report = await stage.ended(run)
    expect(report.run.status).toBe('COMPLETED')
    expect(report.to).toMatchObject({ modified: 1, coupled: 1 })
    await agree(pair)
    expect(await stage.leftovers()).toEqual({
      intents: 0,
      calls: 0,
      claims: 0,
      pages: 0,
      states: 0,
      errors: 0,
    })
  })

  test('two people couple the same customer at once: one of them does', async () => {
    const pair = await strangers('Wanted')
    const other = await stage.engine.person.createAccount({ name: 'Also Wanted', customertypecode: 3 })
    const runs = await Promise.all([
      couple(pair, 'NONE'),
      couple({ ...pair, integrationId: String(other['accountid']) }, 'NONE'),
    ])
    for (const run of runs) expect((await stage.ended(run)).run.status).toBe('COMPLETED')
    expect(await stage.count('coupling', `local_id = '${pair.localId}'`)).toBe(1)
    expect(await stage.count('record_result', `local_id = '${pair.localId}' and outcome = 'COUPLED'`)).toBe(1)
    expect(await stage.count('record_result', `local_id = '${pair.localId}' and outcome = 'FAILED'`)).toBe(1)
  })
})
