import { afterAll, beforeAll, expect, test } from 'vitest'
import { counts, TestEngine } from '../support/engine.js'
import { metricsOf, resetMetrics, type Metrics } from '../support/metrics.js'
import { quoted } from '../support/person.js'

const COUPLINGS = 2_000
const CHANGED = 20

let engine: TestEngine
beforeAll(async () => {
  engine = await TestEngine.start({ sandbox: { demo: false, customers: COUPLINGS } })
  await engine.synchronize('CURRENCY')
  await engine.synchronize('CUSTOMER')
  await engine.synchronize('CUSTOMER')
})
afterAll(() => engine.stop())

/** Customers and accounts that were read, alone or within bulk calls. */
function recordsRead({ calls, items }: Metrics): number {
  return [...Object.entries(calls), ...Object.entries(items)]
    .filter(([name]) => /^GET (customers|accounts)/.test(name))
    .reduce((sum, [, { rows }]) => sum + rows, 0)
}

const runAndCount = async () => {
  await resetMetrics(engine, 'businessCentral')
  await resetMetrics(engine, 'dataverse')
  const report = await engine.synchronize('CUSTOMER')
  return {
    ...report,
    local: await metricsOf(engine, 'businessCentral'),
    integration: await metricsOf(engine, 'dataverse'),
  }
}

/** Runs until the second that every pass reads again has gone by. */
const quiet = async (): Promise<void> => {
  for (let seen = 1; seen > 0;) {
    const { local, integration } = await runAndCount()
    seen = recordsRead(local) + recordsRead(integration)
  }
}

test('a run that finds nothing reads no record', async () => {
  await quiet()
  const { local, integration } = await runAndCount()
  expect([recordsRead(local), recordsRead(integration)]).toEqual([0, 0])
})

test('customers changed: as many are read at the source, the same by id at the destination, and the echoes in its feed', async () => {
  for (let number = 1; number <= CHANGED; number += 1) {
    const customer = await engine.person.customer(`G${String(number * 97).padStart(7, '0')}`)
    await engine.person.editCustomer(String(customer?.['id']), { city: 'Changed' })
  }
  const { to, local, integration } = await runAndCount()
  expect(counts(to)).toEqual({ modified: CHANGED })
  expect([recordsRead(local), recordsRead(integration)]).toEqual([CHANGED, 2 * CHANGED])
  await quiet()
})

test('accounts changed: mirrored; the echoes are read by the next run', async () => {
  for (let number = 1; number <= CHANGED; number += 1) {
    const customer = await engine.person.customer(`G${String(number * 89).padStart(7, '0')}`)
    const account = await engine.person.account(`name eq ${quoted(String(customer?.['displayName']))}`)
    await engine.person.editAccount(String(account?.['accountid']), { address1_city: 'Changed too' })
  }
  const { from, local, integration } = await runAndCount()
  expect(counts(from)).toEqual({ modified: CHANGED })
  expect([recordsRead(local), recordsRead(integration)]).toEqual([CHANGED, CHANGED])
  const next = await runAndCount()
  expect([recordsRead(next.local), recordsRead(next.integration)]).toEqual([CHANGED, 0])
})
