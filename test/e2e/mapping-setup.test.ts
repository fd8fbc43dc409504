import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'
import { expectAccessible } from './support/accessible.js'
import { openBrowser, type TestBrowser } from './support/browser.js'
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

interface Standing {
  readonly couplings: number
  readonly pausedAt: string | null
  readonly lastJobs: readonly { readonly inserted: number; readonly failed: number }[]
}

async function standings(name: string): Promise<readonly Standing[]> {
  const { integrationTableMappings } = await scenario.ask<{
    integrationTableMappings: readonly (Standing & { readonly name: string })[]
  }>('{ integrationTableMappings { name couplings pausedAt lastJobs { inserted failed } } }')
  return integrationTableMappings.filter((one) => one.name === name)
}

test('a mapping of two tables is made step by step, begins when somebody lets it, and is deleted with what belongs to it', async () => {
  const { page, problems, close } = await visit(browser, scenario, '/mappings')
  await page.getByRole('button', { name: 'New table mapping' }).click()
  await page.getByLabel('Local table').selectOption('itemCategories')
  await page.getByLabel('Integration table (').selectOption('uomschedules')
  await page.getByLabel('Direction').selectOption('TO_INTEGRATION_TABLE')
  const name = page.getByLabel('Name of the mapping')
  expect(await name.inputValue()).toBe('ITEM CATEGORY')
  await name.fill('customer')
  await page.getByText('There is a mapping customer already.').first().waitFor()
  await name.fill('ITEM CATEGORY')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Next' }).click()

  // What is suggested is told with its reason, and left; what new records need is paired by hand.
  const pairs = page.getByRole('list', { name: 'Field mappings' })
  await pairs.getByRole('checkbox', { name: /Equal names\./ }).uncheck()
  await page.getByText('Unit Group: Base Unit name').waitFor()
  const addPair = page.getByRole('group', { name: 'Add a pair of fields' })
  for (const [local, integration] of [
    ['displayName', 'name'],
    ['code', 'baseuomname'],
  ] as const) {
    await addPair.getByLabel('Local table').selectOption(local)
    await addPair.getByLabel('Integration table').selectOption(integration)
    await addPair.getByRole('button').click()
  }
  await page.getByText('Unit Group: Base Unit name').waitFor({ state: 'detached' })
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Next' }).click()

  await page.getByLabel('Records belong together where').selectOption('displayName:name')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Create the mapping' }).click()
  await page.getByRole('heading', { name: 'ITEM CATEGORY was created' }).waitFor()
  expect(await standings('ITEM CATEGORY')).toMatchObject([{ couplings: 0, pausedAt: expect.any(String) }])
  await page.getByRole('button', { name: 'Resume and synchronize' }).click()
  const run = page.getByRole('region', { name: 'Synchronization of ITEM CATEGORY' })
  await run.getByText('Completed').waitFor()
  const [made] = await standings('ITEM CATEGORY')
  expect(made).toMatchObject({ pausedAt: null, lastJobs: [{ failed: 0 }] })
  expect(made?.lastJobs[0]?.inserted).toBeGreaterThan(0)
  expect(made?.couplings).toBe(made?.lastJobs[0]?.inserted)

  await page.getByRole('link', { name: 'Open the mapping' }).click()
  await page.getByRole('button', { name: 'More' }).click()
  await page
    .getByRole('menuitem', { name: /^Use default/ })
    .getByText('has no default setup')
    .waitFor()
  await page.getByRole('menuitem', { name: 'Delete mapping' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(`${made?.couplings} couplings`).waitFor()
  const confirm = dialog.getByRole('button', { name: 'Delete' })
  expect(await confirm.isDisabled()).toBe(true)
  await dialog.getByLabel('Type ITEM CATEGORY to delete it').fill('ITEM CATEGORY')
  await expectAccessible(page)
  await confirm.click()
  await page.getByRole('heading', { name: 'Integration Table Mappings' }).waitFor()
  expect(await standings('ITEM CATEGORY')).toEqual([])
  expect(problems()).toEqual([])
  await close()
}, 120_000)

test('a default mapping gets its default setup back, once what changes was shown', async () => {
  await scenario.update({ conflictDetection: 'FIELDS' }, 'CURRENCY')
  const { page, close } = await visit(browser, scenario, '/mappings/demo/CURRENCY')
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Use default synchronization setup' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Conflict detection: By record (timestamps) (was By field)').waitFor()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Use the default setup' }).click()
  await page.getByText('CURRENCY has its default setup again.').first().waitFor()
  expect(
    await scenario.ask(
      '{ integrationTableMapping(name: "CURRENCY") { conflictDetection lastChange { note } } }',
    ),
  ).toEqual({
    integrationTableMapping: {
      conflictDetection: 'TIMESTAMPS',
      lastChange: { note: 'Use Default Synchronization Setup.' },
    },
  })
  await expect.poll(() => page.getByLabel('Conflict detection').inputValue()).toBe('TIMESTAMPS')

  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Use default synchronization setup' }).click()
  await dialog.getByText('There is nothing to reset.').waitFor()
  expect(await dialog.getByRole('button', { name: 'Use the default setup' }).isDisabled()).toBe(true)
  await close()
})

test('what was read is read again from where somebody says', async () => {
  const { page, close } = await visit(browser, scenario, '/mappings/demo/CURRENCY')
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Change what is read next' }).click()
  const dialog = page.getByRole('dialog')
  const confirm = dialog.getByRole('button', { name: 'Set' })
  expect(await confirm.isDisabled()).toBe(true)
  await dialog.getByRole('radio', { name: 'Read from a time on' }).click()
  await dialog.getByLabel('Time', { exact: true }).fill('2999-01-01T00:00:00')
  await dialog.getByText('Choose a time no later than a day from now').waitFor()
  expect(await confirm.isDisabled()).toBe(true)
  await dialog.getByRole('radio', { name: 'Read everything again' }).click()
  await dialog.getByText('Every record of the local table is read and compared.').waitFor()
  await expectAccessible(page)
  await confirm.click()
  await dialog.waitFor({ state: 'detached' })
  expect(await scenario.watermarks('CURRENCY')).toMatchObject({ to: null })
  await page.getByText('Everything is read').waitFor()
  await close()
})

test('new records get the values of a template, and values are translated one by one', async () => {
  const pair = await scenario.pair()
  const { page, problems, close } = await visit(browser, scenario, '/mappings/demo/CUSTOMER')
  const templates = page.getByRole('group', { name: 'For records created in Sales' })
  const template = templates.getByRole('group', { name: /^Template/ })
  await template.getByRole('button', { name: 'Add a value' }).click()
  await template.getByLabel('Field').last().selectOption('address1_name')
  await template.getByRole('textbox', { name: 'Value' }).last().fill('Head office')

  // Of what is suggested, what is only alike is left.
  await page.getByRole('tab', { name: 'Field mappings' }).click()
  await page.getByRole('button', { name: 'Suggest pairs' }).click()
  const editor = page.getByRole('dialog')
  const suggested = editor.getByRole('list', { name: 'Field mappings' })
  await suggested.getByRole('checkbox', { name: /^Fax No\..*Equal names/ }).waitFor()
  expect(await suggested.getByRole('checkbox', { name: /^Primary Contact No\./ }).isChecked()).toBe(false)
  await editor.getByRole('button', { name: 'Add 1 pair to the draft' }).click()
  await page.getByRole('button', { name: 'Edit Fax No. – Fax' }).waitFor()

  await page.getByRole('button', { name: 'New field mapping' }).click()
  await editor.getByLabel('Business Central: Customer').selectOption('type')
  await editor.getByLabel('Sales: Account').selectOption('description')
  await editor.getByLabel('Direction').first().selectOption('TO_INTEGRATION_TABLE')
  await editor.getByRole('switch', { name: 'Translate values one by one' }).click()
  const told = [
    ['Company', 'A business'],
    ['Person', 'Somebody'],
  ] as const
  for (const [index, [value, words]] of told.entries()) {
    const line = editor.getByRole('group', { name: `Line ${index + 1}` })
    expect(await line.getByLabel('Type').inputValue()).toBe(value)
    await line.getByLabel('Description').fill(words)
  }
  await editor.getByLabel('Try a value of your own').fill('Person')
  await editor.getByRole('region', { name: 'On real records' }).getByText('Somebody').waitFor()
  await expectAccessible(page)
  await editor.getByRole('button', { name: 'Apply to the draft' }).click()
  await page.getByRole('button', { name: 'Save…' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page
    .getByText(/CUSTOMER is saved as version/)
    .first()
    .waitFor()
  expect(problems()).toEqual([])
  await close()

  await scenario.person.createCustomer({ displayName: 'Neu und Frisch', type: 'Company' })
  await scenario.person.editCustomer(pair.customerId, { type: 'Person' })
  await scenario.synchronize()
  expect(await scenario.person.accountById(pair.accountId)).toMatchObject({ description: 'Somebody' })
  expect(await scenario.person.account("name eq 'Neu und Frisch'")).toMatchObject({
    address1_name: 'Head office',
    description: 'A business',
  })
}, 120_000)
