import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { RecordWrite } from '../../src/persistence/entities/record-write.js'
import { UndoItem } from '../../src/persistence/entities/undo-item.js'
import { requestUndo } from '../../src/persistence/undo.js'
import { Stage } from './support/stage.js'
import { until } from './support/until.js'
import type { WorkerProcess } from './support/worker-process.js'

const TOO_LONG = 7_000

describe('a worker dies while it undoes', () => {
  let stage: Stage
  let worker: WorkerProcess
  beforeAll(async () => {
    stage = await Stage.build({
      sandbox: { customers: 4, demo: false },
      engine: { requestDeadlineSeconds: 4, unavailablePatienceSeconds: 15 },
    })
    worker = await stage.startWorker()
    await stage.synchronize('CURRENCY')
    await stage.synchronize('CUSTOMER')
  })
  afterAll(() => stage.takeDown())
  beforeEach(() => stage.clearFaults('dataverse'))

  const em = () => stage.engine.database.em.fork()
  const writesTo = async (customerId: string) =>
    em().find(RecordWrite, { localId: customerId }, { orderBy: { at: 'asc' } })

  /** A customer that was created, and then moved, with the writes that carried both. */
  const moved = async (name: string) => {
    const { person } = stage.engine
    const customer = await person.createCustomer({ displayName: name, city: 'Turin' })
    const customerId = String(customer['id'])
    await stage.synchronize('CUSTOMER')
    await person.editCustomer(customerId, { city: 'Milan' })
    await stage.synchronize('CUSTOMER')
    const [creation, update] = await writesTo(customerId)
    if (creation === undefined || update === undefined) throw new Error(`${name} was not written twice.`)
    return { customerId, accountId: creation.integrationId ?? '', creation, update }
  }

  const askToUndo = async ({ id, mappingId }: RecordWrite) => {
    const run = await em().transactional((transaction) =>
      requestUndo(
        transaction,
        { mappingId, writes: { ids: [id], both: false } },
        { overwrite: false, requestedBy: 'test' },
      ),
    )
    if (run === null) throw new Error('There is nothing to undo.')
    await stage.engine.control.start(run.id)
    return run.id
  }
  const resultOf = (runId: string) => em().findOneOrFail(UndoItem, { runId })
  /** The next change of an account lands, and its answer comes when nobody waits for it any more. */
  const loseAnswer = (method: string) =>
    stage.setFault('dataverse', {
      method,
      path: 'accounts\\(',
      action: { kind: 'delay', milliseconds: TOO_LONG, at: 'afterCommit' },
    })

  test('between a write and its answer: another worker finds that it landed, once', async () => {
    const { customerId, accountId, update } = await moved('Set Back')
    await loseAnswer('PATCH')
    const run = await askToUndo(update)
    await until('the city is set back', async () => {
      return (await stage.engine.person.accountById(accountId))?.['address1_city'] === 'Turin'
    })
    await worker.kill()
    const version = (await stage.engine.person.accountById(accountId))?.['@odata.etag']
    worker = await stage.startWorker()

    expect((await stage.ended(run)).run.status).toBe('COMPLETED')

    expect(await resultOf(run)).toMatchObject({ outcome: 'UNDONE' })
    expect((await stage.engine.person.accountById(accountId))?.['@odata.etag']).toBe(version)
    expect((await writesTo(customerId)).map((write) => write.decisionRow)).toEqual(['9', '14', 'undone'])
    expect(await stage.leftovers()).toMatchObject({ intents: 0, claims: 0, pages: 0 })
    await stage.synchronize('CUSTOMER')
    expect(await stage.engine.person.customerById(customerId)).toMatchObject({ city: 'Turin' })
  })

  test('between a deletion and its answer: the coupling goes and the source is skipped all the same', async () => {
    const { customerId, accountId, creation } = await moved('Deleted Again')
    await loseAnswer('DELETE')
    const run = await askToUndo(creation)
    await until(
      'the account is gone',
      async () => (await stage.engine.person.accountById(accountId)) === null,
    )
    await worker.kill()
    worker = await stage.startWorker()

    expect((await stage.ended(run)).run.status).toBe('COMPLETED')

    expect(await resultOf(run)).toMatchObject({ outcome: 'UNDONE' })
    expect(await stage.count('coupling', `local_id = '${customerId}'`)).toBe(0)
    expect(await stage.count('record_state', `record_id = '${customerId}' and state = 'SKIPPED'`)).toBe(1)
    expect((await writesTo(customerId)).at(-1)).toMatchObject({ kind: 'DELETE', decisionRow: 'undone' })
  })

  test('a run that was given up with a write on its way: the mapping’s next run records that it landed', async () => {
    const { customerId, accountId, update } = await moved('Given Up')
    await loseAnswer('PATCH')
    const run = await askToUndo(update)
    await until('the city is set back', async () => {
      return (await stage.engine.person.accountById(accountId))?.['address1_city'] === 'Turin'
    })
    await stage.setFault('dataverse', { times: null, action: { kind: 'status', status: 503 } })
    expect((await stage.ended(run, 110_000)).run.status).toBe('FAILED')
    expect(await resultOf(run)).toMatchObject({ outcome: null })
    expect(await stage.count('intent')).toBe(1)
    await stage.clearFaults('dataverse')

    await stage.synchronize('CUSTOMER')

    expect(await resultOf(run)).toMatchObject({ outcome: 'UNDONE' })
    expect((await writesTo(customerId)).find((write) => write.decisionRow === 'undone')).toMatchObject({
      runId: run,
      fields: ['address1_city'],
      before: ['Milan'],
      after: ['Turin'],
    })
    expect(await stage.count('intent')).toBe(0)
    await stage.synchronize('CUSTOMER')
    expect(await stage.engine.person.customerById(customerId)).toMatchObject({ city: 'Turin' })
  })
})
