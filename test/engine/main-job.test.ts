import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RecordState } from '../../src/persistence/entities/record-state.js'
import { SynchError } from '../../src/persistence/entities/synch-error.js'
import { counts, TestEngine } from '../support/engine.js'

describe('the demo from empty', () => {
  let engine: TestEngine
  beforeAll(async () => {
    engine = await TestEngine.start()
  })
  afterAll(() => engine.stop())

  test('91 customers and 60 accounts become 91 pairs, five of them conflicts to settle', async () => {
    const currencies = await engine.synchronize('CURRENCY')
    expect(currencies.run.message).toBeNull()
    expect(currencies.run.status).toBe('COMPLETED')
    const customers = await engine.synchronize('CUSTOMER')
    expect(customers.run.message).toBeNull()
    expect(customers.run.status).toBe('COMPLETED')
    const errors = await engine.database.em.fork().find(SynchError, {})
    console.log(
      counts(currencies.to),
      counts(customers.to),
      counts(customers.from),
      errors.map((e) => e.message).slice(0, 10),
    )
    expect(counts(customers.to)).toMatchObject({ inserted: 31, conflicts: 5 })
    expect(await engine.person.countAccounts()).toBe(91)
    expect(await engine.database.em.fork().count(RecordState, { state: 'SKIPPED' })).toBe(5)
  })

  test('a second run finds nothing to do', async () => {
    const again = await engine.synchronize('CUSTOMER')
    console.log(counts(again.to), counts(again.from))
    expect(again.run.status).toBe('COMPLETED')
    expect(again.to?.modified).toBe(0)
    expect(again.from?.modified).toBe(0)
  })
})
