import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'
import { openBrowser, type TestBrowser } from './support/browser.js'
import { barriers } from './support/accessible.js'
import { visit } from './support/visit.js'

let scenario: Scenario
let browser: TestBrowser

beforeAll(async () => {
  ;[scenario, browser] = await Promise.all([Scenario.start(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await scenario?.stop()
})

/** The coupling of a customer, if it has one. */
async function couplingOf(customerId: string): Promise<string | null> {
  const { couplings } = await scenario.ask<{ couplings: { nodes: readonly { id: string }[] } }>(
    'query ($id: ID!) { couplings(first: 1, filter: { localId: $id }) { nodes { id } } }',
    { id: customerId },
  )
  return couplings.nodes[0]?.id ?? null
}

test('a record is uncoupled, found again by matching in a preview, and coupled', async () => {
  const pair = await scenario.pair()
  const name = String((await scenario.person.customerById(pair.customerId))?.['displayName'])
  const { page, problems, close } = await visit(browser, scenario, '/couplings')

  await page.getByLabel('Name or id of a record').fill(name)
  await page.getByRole('checkbox', { name: `Select ${name}` }).check()
  await page.getByRole('button', { name: 'Delete couplings' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete couplings' }).click()
  await page.getByText('1 coupling was deleted.').first().waitFor()
  expect(await couplingOf(pair.customerId)).toBeNull()

  await page.getByRole('tab', { name: 'Match-based coupling' }).click()
  // The list that is left has a mapping to choose as well.
  await page.getByRole('heading', { name: 'Match-based coupling', level: 1 }).waitFor()
  await page.getByLabel('Mapping', { exact: true }).selectOption({ label: 'CUSTOMER (demo)' })
  await page.getByRole('button', { name: 'Preview' }).click()
  const result = page.getByRole('table', { name: 'What match-based coupling would do' })
  await result.getByRole('cell', { name }).first().waitFor()
  expect(await barriers(page)).toEqual([])
  expect(await couplingOf(pair.customerId)).toBeNull()

  await page.getByRole('button', { name: 'Couple 1 record' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Couple 1 record' }).click()
  const run = page.getByRole('region', { name: 'Match-based coupling of CUSTOMER' })
  await run.getByText('Completed').waitFor()
  expect(await couplingOf(pair.customerId)).not.toBeNull()
  expect(problems()).toEqual([])
  await close()
})

test('two records that nobody has coupled are found by name and number, by keyboard alone, and coupled', async () => {
  const customer = await scenario.person.createCustomer({ displayName: 'Quelle Nord', currencyCode: 'EUR' })
  const account = await scenario.person.createAccount({ name: 'Quelle Süd', customertypecode: 3 })
  const customerId = String(customer['id'])
  const { page, problems, close } = await visit(
    browser,
    scenario,
    '/couplings/new?connection=demo&mapping=CUSTOMER',
  )
  await page.getByLabel('Name, number or id').fill('elle nord')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Choose Quelle Nord' }).press('Enter')
  await page.getByRole('heading', { name: /Quelle Nord/ }).waitFor()
  // A record of one mapping is none of another.
  const mapping = page.getByLabel('Mapping', { exact: true })
  await mapping.selectOption({ label: 'CURRENCY (demo)' })
  await page.getByRole('heading', { name: /Quelle Nord/ }).waitFor({ state: 'detached' })
  await mapping.selectOption({ label: 'CUSTOMER (demo)' })
  await page.getByLabel('Name, number or id').fill('elle nord')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Choose Quelle Nord' }).press('Enter')
  await page.getByLabel(/^Or any other: Account/).fill('quelle süd')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Compare with Quelle Süd' }).press('Enter')
  await page.getByText('Is it the same?').waitFor()
  await page.getByRole('radio', { name: 'Send data update to the integration table' }).check()
  await page.getByText('values would be written').waitFor()
  const written = page.getByRole('listitem').filter({ hasText: 'Currency' })
  expect(await written.textContent()).toContain('EUR')
  expect(await written.textContent()).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Couple', exact: true }).press('Enter')
  await page.getByText('Both agree').first().waitFor()
  expect(await couplingOf(customerId)).not.toBeNull()
  expect((await scenario.person.accountById(String(account['accountid'])))?.['name']).toBe('Quelle Nord')
  expect(problems()).toEqual([])
  await close()
})

test('what differs between two records stands side by side, and is sent the way that was chosen', async () => {
  const pair = await scenario.pair()
  await scenario.person.editCustomer(pair.customerId, { city: 'Koblenz' })
  await scenario.person.editAccount(pair.accountId, { address1_city: 'Trier' })
  const { page, problems, close } = await visit(browser, scenario, `/couplings/${pair.couplingId}`, {
    colorScheme: 'dark',
  })
  await page.getByText('1 field differs').first().waitFor()
  expect(await barriers(page)).toEqual([])

  await page.getByRole('button', { name: 'Synchronize' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'Merge data' }).check()
  await dialog.getByText(/merging cannot tell which is meant/).waitFor()
  expect(await dialog.getByRole('button', { name: 'Synchronize' }).isDisabled()).toBe(true)
  await dialog.getByRole('radio', { name: /^Send data update to the integration table/ }).check()
  await dialog.getByText('1 value would be written').waitFor()
  await dialog.getByText('Koblenz').waitFor()
  await dialog.getByRole('button', { name: 'Synchronize' }).click()
  await page.getByText('Both agree').first().waitFor()
  expect((await scenario.person.accountById(pair.accountId))?.['address1_city']).toBe('Koblenz')
  expect(problems()).toEqual([])
  await close()
})

test('a plan shows what would be written, and writes it once it is applied', async () => {
  const pair = await scenario.pair()
  await scenario.person.editCustomer(pair.customerId, { city: 'Siegen' })
  const { page, problems, close } = await visit(browser, scenario, '/plan?connection=demo&mapping=CUSTOMER')

  await page.getByRole('button', { name: 'Make the plan' }).click()
  const item = page.getByRole('region', { name: 'What would happen' })
  await item.getByRole('cell', { name: 'Siegen' }).waitFor()
  expect(await barriers(page)).toEqual([])
  expect((await scenario.person.accountById(pair.accountId))?.['address1_city']).not.toBe('Siegen')

  await page.getByRole('button', { name: 'Apply 1 change' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Apply 1 change' }).click()
  await page.getByRole('region', { name: 'The plan is carried out' }).getByText('Completed').waitFor()
  expect((await scenario.person.accountById(pair.accountId))?.['address1_city']).toBe('Siegen')
  expect(problems()).toEqual([])
  await close()
})

test('pairs that do not agree are found, named with what differs, and repaired on approval', async () => {
  const pair = await scenario.pair()
  await scenario.person.editCustomer(pair.customerId, { city: 'Worms' })
  const name = String((await scenario.person.customerById(pair.customerId))?.['displayName'])
  const { page, problems, close } = await visit(
    browser,
    scenario,
    '/couplings/agreement?connection=demo&mapping=CUSTOMER',
  )

  await page.getByRole('button', { name: 'Compare all pairs' }).click()
  await page.getByRole('checkbox', { name: `Select ${name}` }).check()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Repair 1 record' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Repair 1 record' }).click()
  await page.getByText('1 of 1 repaired.').first().waitFor()
  expect((await scenario.person.accountById(pair.accountId))?.['address1_city']).toBe('Worms')
  expect(problems()).toEqual([])
  await close()
})
