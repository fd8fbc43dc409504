import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CouplingRecord } from '../../src/persistence/entities/coupling.js'
import { RecordState } from '../../src/persistence/entities/record-state.js'
import { SynchError } from '../../src/persistence/entities/synch-error.js'
import { run, sql } from '../../src/persistence/sql.js'
import { counts, TestEngine } from '../support/engine.js'

const CONFLICT =
  'Cannot update the Account record because it and the Customer record hold different values and were never synchronized.'

describe('the demo from empty', () => {
  let engine: TestEngine
  beforeAll(async () => {
    engine = await TestEngine.start()
  })
  afterAll(() => engine.stop())

  test('12 currencies find or become transaction currencies', async () => {
    const { run: currencies, to, from } = await engine.synchronize('CURRENCY')
    expect(currencies).toMatchObject({ status: 'COMPLETED', message: null })
    expect(counts(to)).toEqual({ inserted: 10, unchanged: 2 })
    expect(from).toBeUndefined()
  })

  test('91 customers and 60 accounts become 91 pairs, five of them conflicts to settle', async () => {
    const customers = await engine.synchronize('CUSTOMER')
    expect(customers.run).toMatchObject({ status: 'COMPLETED', message: null })
    expect(counts(customers.to)).toEqual({ inserted: 31, modified: 27, unchanged: 28, conflicts: 5 })
    // What comes back from Sales is our own writing, and the five that wait for a person.
    expect(counts(customers.from)).toEqual({ unchanged: 86, skipped: 5 })
    expect(await engine.person.countAccounts()).toBe(91)
    expect(await engine.person.countCustomers()).toBe(91)
    const em = engine.database.em.fork()
    expect(await em.count(CouplingRecord, { localTable: 'customers' })).toBe(91)
    expect(await em.count(RecordState, { state: 'SKIPPED', reason: 'CONFLICT' })).toBe(5)
    expect((await em.find(SynchError, {})).map((error) => error.message)).toEqual(Array(5).fill(CONFLICT))
  })

  test('nothing is left under way, and the next run writes nothing', async () => {
    const again = await engine.synchronize('CUSTOMER')
    expect(again.run.status).toBe('COMPLETED')
    // The five customers whose blanks were filled from Sales come back once, as our own writing.
    expect(counts(again.to)).toEqual({ unchanged: 5 })
    expect(counts(again.from)).toEqual({})
    const [left] = await run<{ intents: number; claims: number; pages: number }>(
      engine.database.em.fork(),
      sql`select (select count(*)::int from intent) as intents, (select count(*)::int from claim) as claims,
                 (select count(*)::int from synch_page) as pages`,
    )
    expect(left).toEqual({ intents: 0, claims: 0, pages: 0 })
  })
})
