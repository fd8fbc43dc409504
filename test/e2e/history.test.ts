import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'
import { expectAccessible } from './support/accessible.js'
import { openBrowser, type TestBrowser } from './support/browser.js'
import { visit } from './support/visit.js'

let demo: Scenario
let browser: TestBrowser

beforeAll(async () => {
  ;[demo, browser] = await Promise.all([Scenario.start(), openBrowser()])
})
// What an undo before has left to carry is no part of the next run.
beforeEach(() => demo.synchronize())
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

const open = (path: string) => visit(browser, demo, path)

test('everything that a run wrote is undone at once, but for what somebody has changed since', async () => {
  const [one, other] = [await demo.pair(), await demo.pair()]
  const phoneOf = async (pair: typeof one) => (await demo.records(pair)).account?.['telephone1'] ?? null
  const before = await phoneOf(one)
  for (const { customerId } of [one, other])
    await demo.person.editCustomer(customerId, { phoneNumber: '0555 1' })
  const { id } = await demo.synchronize()
  expect(await phoneOf(one)).toBe('0555 1')
  await demo.person.editAccount(other.accountId, { telephone1: '0777 7' })

  const { page, problems, close } = await open(`/jobs/${id}`)
  await page.getByRole('link', { name: /What it wrote, and undo/ }).click()
  await page.getByRole('button', { name: 'Undo the whole run' }).click()
  const asked = page.getByRole('dialog', { name: 'Undo everything that this run wrote?' })
  await asked.getByText('2 writes: 0 created, 2 changed, 0 deleted').waitFor()
  await expectAccessible(page)
  await asked.getByRole('button', { name: 'Undo', exact: true }).click()
  const results = page.getByRole('dialog', { name: 'What became of it' })
  await results.getByText('1 undone, 1 refused').waitFor()
  await results.getByText(/holds 0777 7 now/).waitFor()
  expect([await phoneOf(one), await phoneOf(other)]).toEqual([before, '0777 7'])
  await expectAccessible(page)
  await results.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('row').getByText('Undone', { exact: true }).first().waitFor()
  expect(problems()).toEqual([])
  await close()
})

test('a write is found by its record, told field by field, and undone after a look at what stands there now', async () => {
  const pair = await demo.pair()
  const before = (await demo.records(pair)).account?.['telephone1']
  await demo.person.editCustomer(pair.customerId, { phoneNumber: '0987 654' })
  const { id } = await demo.synchronize()
  const { page, problems, close } = await open(`/history?run=${id}`)
  await page.getByRole('row').getByText('Changed', { exact: true }).first().click()
  const write = page.getByRole('dialog', { name: /Changed: / })
  await write.getByRole('cell', { name: '0987 654' }).waitFor()
  await write.getByText('(Sales)').first().waitFor()
  await write.getByText('(Business Central)').first().waitFor()
  await expectAccessible(page)
  await write.getByRole('button', { name: 'Undo' }).click()
  const dialog = page.getByRole('dialog', { name: 'Undo this write?' })
  await dialog.getByText(`is set back to ${typeof before === 'string' ? before : '(blank)'}`).waitFor()
  await dialog.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Everything was set back.').first().waitFor()
  expect((await demo.records(pair)).account?.['telephone1'] ?? null).toBe(before ?? null)
  expect(problems()).toEqual([])
  await close()
})

test('who asks why by a name is told the reason, and the button does the next step', async () => {
  const pair = await demo.pair()
  const { customer } = await demo.records(pair)
  const name = String(customer?.['displayName'])
  await demo.ask('mutation { pauseIntegrationTableMapping(name: "CUSTOMER") { id } }')
  const { page, problems, close } = await open('/why')
  await page.getByLabel('Name, number or id of a record').fill(name)
  await page.getByRole('button', { name: 'Ask why' }).click()
  const answer = page.getByRole('region', { name })
  await answer.getByText('The mapping is paused', { exact: true }).waitFor()
  // Times are told in the zone of the reader.
  expect(await answer.locator('li time').count()).toBeGreaterThan(0)
  expect(await answer.textContent()).not.toMatch(/\d{4}-\d\d-\d\dT/)
  await expectAccessible(page)
  await answer.getByRole('button', { name: 'Resume the mapping' }).click()
  await answer.getByText('In agreement', { exact: true }).waitFor()
  await answer.getByRole('link', { name: 'Time line of the record' }).click()
  await page.getByRole('list', { name: 'Time line' }).getByText('The two records were coupled.').waitFor()
  expect(problems()).toEqual([])
  await close()
})
