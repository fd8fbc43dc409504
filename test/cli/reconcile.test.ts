import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scenario, type Pair } from '../support/scenario.js'
import { run, type Finished } from './support.js'

let demo: Scenario
let pair: Pair
const folder = mkdtempSync(join(tmpdir(), 'accord-reconcile-'))

beforeAll(async () => {
  demo = await Scenario.start({ sandbox: { customers: 40 } })
  pair = await demo.pair()
  await demo.engine.inDataverse("update accounts set address1_city = 'Drifted' where accountid = $1", [
    pair.accountId,
  ])
})
afterAll(async () => {
  await demo.stop()
  rmSync(folder, { recursive: true, force: true })
})

function accord(...words: string[]): Promise<Finished> {
  return run(['reconcile', ...words], {
    ACCORD_DATA: folder,
    ACCORD_API_PORT: new URL(demo.url).port,
    ACCORD_API_TOKEN: demo.engine.config.api.token,
  })
}

test('tells the share of equal pairs, and of each that differs why, its values and what a repair would do', async () => {
  const { customer } = await demo.records(pair)
  const city = JSON.stringify(customer?.['city'])
  const { code, output } = await accord('CUSTOMER', '--wait')
  expect(code).toBe(0)
  expect(output).toContain(
    `DRIFT  ${String(customer?.['displayName'])} <-> ${String(customer?.['displayName'])}`,
  )
  expect(output).toContain('The Account was changed in City, but not in a way that a scheduled run notices')
  expect(output).toContain(`City  ${city} <-> "Drifted"  last agreed on: ${city} <-> ${city}`)
  expect(output).toContain('Repair: Settle City now as a run that looks would.')
  expect(output).toContain('97.5 % of 40 pairs are equal, 1 differ: 1 DRIFT.')
})

test('as JSON for a script', async () => {
  const { code, output } = await accord('CUSTOMER', '--wait', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(output)).toMatchObject({
    status: 'COMPLETED',
    pairs: 40,
    equal: 39,
    equalPercent: 97.5,
    items: [{ verdict: 'DRIFT', localId: pair.customerId, recommended: { action: 'SYNCHRONIZE' } }],
  })
})

test('of a mapping that is not there it fails, and names those that are', async () => {
  const { code, trouble } = await accord('CUSTOMERS')
  expect(code).toBe(1)
  expect(trouble).toContain('CUSTOMER')
})
