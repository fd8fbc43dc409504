import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counted, jobOf, Scenario } from '../support/scenario.js'

const MOST_RUNS = 20

describe('values', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start()
  })
  afterAll(() => demo.stop())

  test('emoji pass both ways, whole', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { displayName: 'Bäckerei 🥐 & Söhne' })
    await demo.synchronize()
    expect((await demo.records(pair)).account).toMatchObject({ name: 'Bäckerei 🥐 & Söhne' })
    const longest = '🥨'.repeat(50)
    await demo.person.editAccount(pair.accountId, { name: longest })
    await demo.synchronize()
    expect((await demo.records(pair)).customer).toMatchObject({ displayName: longest })
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('a name with a NUL is refused by Business Central itself; Accord goes on', async () => {
    const pair = await demo.pair()
    await expect(demo.person.editCustomer(pair.customerId, { displayName: 'a\u0000b' })).rejects.toThrow(
      '400',
    )
    const run = await demo.synchronize()
    expect(run.status).toBe('COMPLETED')
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('a name of 10,000 characters names field, length and limit, stops nobody else, and shows no more than it must', async () => {
    const pair = await demo.pair()
    const other = await demo.pair()
    await expect(demo.person.editAccount(pair.accountId, { name: 'x'.repeat(10_000) })).rejects.toThrow('400')
    await demo.person.editAccount(pair.accountId, { name: 'Soon too long' })
    await demo.engine.inDataverse('alter table accounts alter column name type text')
    await demo.engine.inDataverse("update accounts set name = repeat('x', 10000) where accountid = $1", [
      pair.accountId,
    ])
    await demo.person.editAccount(other.accountId, { address1_city: 'Aarhus' })
    const before = await demo.versions(pair)
    const run = await demo.synchronize()
    expect(run.status).toBe('COMPLETED')
    expect(counted(run, 'FROM')).toMatchObject({ failed: 1, modified: 1 })
    const [error, ...more] = await demo.openErrors(pair)
    expect(more).toEqual([])
    expect(error).toMatchObject({ errorClass: 'VALIDATION', resolvableBy: 'USER' })
    const words = `${error?.message} ${error?.cause} ${error?.remedy}`
    expect(words).toMatch(/Name/)
    expect(words).toMatch(/10,?000/)
    expect(words).toMatch(/\b100\b/)
    expect(words.length).toBeLessThan(1000)
    expect(await demo.versions(pair)).toEqual(before)
    expect((await demo.records(other)).customer).toMatchObject({ city: 'Aarhus' })
    await demo.person.editAccount(pair.accountId, { name: 'Short again' })
    await demo.synchronize()
    expect((await demo.records(pair)).customer).toMatchObject({ displayName: 'Short again' })
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('a name too long for the other side is tried five times, then skipped, and lifted by a new version', async () => {
    const pair = await demo.pair()
    await demo.person.editAccount(pair.accountId, { name: 'y'.repeat(120) })
    let attempts = 0
    for (let runs = 0; runs < MOST_RUNS && (await demo.skipped(pair)) === null; runs += 1) {
      const run = await demo.synchronize()
      expect(run.status).toBe('COMPLETED')
      attempts += jobOf(run, 'FROM')?.failed ?? 0
    }
    expect(attempts).toBe(5)
    expect(await demo.skipped(pair)).toMatchObject({ errorClass: 'VALIDATION', attempts: 5 })
    expect(await demo.openErrors(pair)).toMatchObject([{ errorClass: 'VALIDATION', occurrences: 5 }])

    await demo.person.editAccount(pair.accountId, { name: 'Short enough' })
    expect(counted(await demo.synchronize(), 'FROM')).toMatchObject({ modified: 1 })
    expect((await demo.records(pair)).customer).toMatchObject({ displayName: 'Short enough' })
    expect(await demo.skipped(pair)).toBeNull()
    expect(await demo.openErrors(pair)).toEqual([])
  })

  test('a blocked customer is out of the filter: it keeps its coupling, and is carried when it is unblocked', async () => {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { blocked: 'All', city: 'Trento' })
    const account = (await demo.records(pair)).account
    const run = await demo.synchronize()
    // Business Central is asked for unblocked customers only.
    expect(counted(run, 'TO')).not.toHaveProperty('modified')
    expect((await demo.records(pair)).account).toEqual(account)
    expect(await demo.openErrors(pair)).toEqual([])
    await demo.person.editCustomer(pair.customerId, { blocked: '_x0020_' })
    await demo.synchronize()
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: 'Trento' })
  })
})

describe('a currency that is not coupled yet', () => {
  let demo: Scenario
  beforeAll(async () => {
    demo = await Scenario.start({ quiet: false })
  })
  afterAll(() => demo.stop())

  test('customers in it wait, customers in the local currency do not; all are carried once it is there', async () => {
    const early = await demo.synchronize()
    expect(early.status).toBe('COMPLETED')
    const waiting = await demo.errors({
      mapping: 'CUSTOMER',
      errorClass: ['DEPENDENCY_MISSING'],
      status: 'OPEN',
    })
    expect(waiting.length).toBeGreaterThan(10)
    expect(await demo.allSkipped({ mapping: 'CUSTOMER', errorClass: ['DEPENDENCY_MISSING'] })).toEqual([])
    const local = await demo.pair('USD')
    expect(await demo.openErrors(local)).toEqual([])

    await demo.synchronize('CURRENCY')
    await demo.synchronize()
    expect(
      await demo.errors({ mapping: 'CUSTOMER', errorClass: ['DEPENDENCY_MISSING'], status: 'OPEN' }),
    ).toEqual([])
    expect(await demo.person.countAccounts()).toBe(91)
    const euro = await demo.pair('EUR')
    const { customer, account } = await demo.records(euro)
    expect(account).toMatchObject({ address1_city: customer?.['city'] })
  })
})
