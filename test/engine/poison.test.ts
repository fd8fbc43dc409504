import { afterAll, beforeAll, expect, test } from 'vitest'
import { run as execute, sql } from '../../src/persistence/sql.js'
import { metricsOf, resetMetrics } from '../support/metrics.js'
import { counts, TestEngine } from '../support/engine.js'

const CUSTOMERS = 10_000
const PAGE = 2_000
/** Bulk calls that a page of good records takes: 20 of 100 creations side by side, and four that look for matches. */
const CALLS_PER_PAGE = 24

/** Five ways in which Sales refuses a record, each met by 20 of the customers: one in a hundred is bad. */
const REASONS = [
  { code: '0x80040265', message: 'The plug-in AccountGuard does not let accounts of this city in.' },
  { code: '0x80040237', message: 'A record with matching key values already exists.' },
  {
    code: '0x80044331',
    message: "A validation error occurred. The value of 'address1_city' is outside the valid range.",
  },
  { code: '0x80040217', message: 'territory With Id = 3f2504e0-4f89-11d3-9a0c-0305e82c3301 Does Not Exist' },
  { code: '0x80071111', message: 'An error that nobody has seen before.' },
] as const
const EACH = 20

let engine: TestEngine
beforeAll(async () => {
  engine = await TestEngine.start({
    sandbox: { demo: false, customers: CUSTOMERS },
    engine: { pageSize: PAGE },
  })
  await engine.synchronize('CURRENCY')
  await Promise.all(
    REASONS.map(async (reason, index) => {
      const city = `Badlands ${index}`
      for (let at = 0; at < EACH; at += 1) {
        // Spread over all pages and bulk calls.
        const number = `G${String(1 + at * 487 + index * 53).padStart(7, '0')}`
        const customer = await engine.person.customer(number)
        await engine.person.editCustomer(String(customer?.['id']), { city })
      }
      await fault({
        method: 'PATCH',
        path: 'accounts',
        times: null,
        action: { kind: 'reject', field: 'address1_city', value: city, ...reason },
      })
    }),
  )
})
afterAll(() => engine.stop())

const fault = async (specification: object): Promise<void> => {
  await fetch(`${engine.sandbox.dataverse.origin}/sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(specification),
  })
}

/** Dataverse itself counts no further than 5,000. */
const accounts = async (): Promise<number> => {
  const [row] = await execute<{ count: number }>(
    engine.database.em.fork(),
    sql`select count(*)::integer as count from coupling where integration_table = 'accounts'`,
  )
  return row?.count ?? 0
}

const openErrors = (): Promise<readonly { readonly fingerprint: string; readonly count: number }[]> =>
  execute(
    engine.database.em.fork(),
    sql`select fingerprint, count(*)::integer as count from integration_synch_error where resolved_at is null group by fingerprint`,
  )

test(
  'one record in a hundred is refused for five reasons: all others arrive in the same run, with not one call more',
  { timeout: 240_000 },
  async () => {
    const bad = REASONS.length * EACH
    await resetMetrics(engine, 'dataverse')
    const { run, to } = await engine.synchronize('CUSTOMER')
    expect(run.status).toBe('COMPLETED')
    expect(counts(to)).toEqual({ inserted: CUSTOMERS - bad, failed: bad })
    expect(await accounts()).toBe(CUSTOMERS - bad)

    const { calls, items } = await metricsOf(engine, 'dataverse')
    const writes = Object.entries(items).filter(([name]) => name.startsWith('PATCH accounts'))
    expect(writes.reduce((sum, [, { calls: sent }]) => sum + sent, 0)).toBe(CUSTOMERS)
    expect(calls['POST $batch']?.calls).toBe((CUSTOMERS / PAGE) * CALLS_PER_PAGE)

    const fingerprints = await openErrors()
    expect(fingerprints.map(({ count }) => count)).toEqual(Array(REASONS.length).fill(EACH))
  },
)

test(
  'the next run asks only for what is due of them, and a remedy lets them all in',
  { timeout: 120_000 },
  async () => {
    await fetch(`${engine.sandbox.dataverse.origin}/sandbox/faults`, { method: 'DELETE' })
    await resetMetrics(engine, 'dataverse')
    // Back-off by run: the first failure lets one run pass.
    await engine.synchronize('CUSTOMER')
    await engine.synchronize('CUSTOMER')
    expect(await accounts()).toBe(CUSTOMERS)
    expect(await openErrors()).toEqual([])
    const { items } = await metricsOf(engine, 'dataverse')
    const writes = Object.entries(items).filter(([name]) => name.startsWith('PATCH accounts'))
    expect(writes.reduce((sum, [, { calls: sent }]) => sum + sent, 0)).toBe(REASONS.length * EACH)
  },
)
