import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'
import { expectAccessible } from './support/accessible.js'
import { openBrowser, type TestBrowser } from './support/browser.js'
import { visit } from './support/visit.js'

let demo: Scenario
let browser: TestBrowser

beforeAll(async () => {
  browser = await openBrowser()
  demo = await Scenario.start({ quiet: false })
  const [connection] = (
    await demo.ask<{ connections: readonly { name: string }[] }>('{ connections { name } }')
  ).connections
  const variables = { name: connection?.name }
  await demo.ask('mutation ($name: String!) { disableConnection(name: $name) { id } }', variables)
  await demo.ask(
    'mutation ($name: String!) { deleteConnection(name: $name, confirm: true) { name } }',
    variables,
  )
})
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

/** Fills in how Accord signs in: the sandbox's application, with a secret that the worker finds in its environment. */
async function fillSignIn(page: Page, system: string, scope: string, secret: string): Promise<void> {
  const { tokenUrl, clientId } = demo.engine.sandbox
  const form = page.getByRole('region', { name: system })
  await form.getByLabel('Token endpoint').fill(tokenUrl)
  await form.getByLabel('Client id').fill(clientId)
  await form.getByLabel('Scope').fill(scope)
  await form.getByLabel('Client secret: given').selectOption({ label: 'env: variable' })
  await form.getByLabel('Client secret', { exact: false }).last().fill(secret)
}

test('first run: from nothing to the first plan, which is carried out', async () => {
  const { businessCentral, dataverse } = demo.engine.sandbox
  const { page, problems, close } = await visit(browser, demo, '/')
  await page.getByRole('link', { name: 'Connection Setup' }).click()
  await page.getByRole('heading', { name: 'There is no connection yet' }).waitFor()
  await page.getByRole('button', { name: 'New connection' }).click()

  await page.getByLabel('Name of the connection').fill('contoso')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'Create the connection' }).click()
  await page.getByText('This is needed.').first().waitFor()
  const local = page.getByRole('region', { name: 'Local system: Business Central' })
  await local.getByLabel('Address of the API').fill(businessCentral.url)
  await local.getByLabel('Company id').fill(businessCentral.companyId)
  await fillSignIn(
    page,
    'Local system',
    'https://api.businesscentral.dynamics.com/.default',
    'NO_SUCH_VARIABLE',
  )
  const integration = page.getByRole('region', { name: 'Integration system: Dataverse' })
  await integration.getByLabel('Address of the API').fill(dataverse.url)
  await fillSignIn(page, 'Integration system', `${dataverse.origin}/.default`, 'ENGINE_TEST_SECRET')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Create the connection' }).click()

  await page.getByRole('button', { name: 'Check connection' }).click()
  const findings = page.getByRole('list', { name: 'What was found' })
  await findings.getByText('Error', { exact: true }).first().waitFor()
  await findings.getByText('What to do').first().waitFor()
  await page.getByRole('button', { name: 'Edit settings' }).click()
  await page.getByRole('heading', { name: 'Settings of contoso' }).waitFor()
  const form = page.getByRole('region', { name: 'Local system' })
  await form.getByLabel('Client secret: given').selectOption({ label: 'env: variable' })
  await form.getByLabel('Client secret', { exact: false }).last().fill('ENGINE_TEST_SECRET')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Check connection' }).click()
  await expect.poll(() => findings.getByText('Error', { exact: true }).count(), { timeout: 25_000 }).toBe(0)
  await expectAccessible(page)

  await page.getByRole('link', { name: 'Assistant to the first plan' }).click()
  await page.getByRole('button', { name: 'Next' }).click()
  const mappings = page.getByRole('list', { name: 'Mappings that take part' })
  await mappings.getByRole('checkbox', { name: /^VENDOR/ }).click()
  await expect.poll(() => mappings.getByRole('checkbox', { name: /^VENDOR/ }).isChecked()).toBe(false)

  // A mapping of one's own, by the same steps as on the page of mappings.
  await page.getByRole('button', { name: 'New mapping' }).click()
  const wizard = page.getByRole('region', { name: 'Tables' })
  await wizard.getByLabel('Local table').selectOption('itemCategories')
  await wizard.getByLabel('Integration table (').selectOption('uomschedules')
  await wizard.getByLabel('Direction').selectOption('TO_INTEGRATION_TABLE')
  await wizard.getByRole('button', { name: 'Next' }).click()
  const fields = page.getByRole('region', { name: 'Fields' })
  await fields.getByRole('checkbox', { name: /Equal names/ }).waitFor()
  await fields.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'Create the mapping' }).click()
  await mappings.getByRole('checkbox', { name: /^ITEM CATEGORY/ }).waitFor()
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByLabel('Mapping', { exact: true }).selectOption('CURRENCY')
  expect(
    await page.getByLabel('Mapping', { exact: true }).getByRole('option', { name: 'VENDOR' }).count(),
  ).toBe(0)
  await page.getByRole('button', { name: 'Make the plan' }).click()
  await page.getByRole('table', { name: 'Records of the plan' }).waitFor()
  await expectAccessible(page)
  expect(await demo.ask('{ couplings { totalCount } }')).toEqual({ couplings: { totalCount: 0 } })

  await page.getByRole('button', { name: 'Enable' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Check and enable' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Carry out this plan' }).click()
  await page.getByRole('heading', { name: 'Run of CURRENCY' }).waitFor()
  await page.getByRole('region', { name: 'About this run' }).getByText('Completed').waitFor()
  expect(problems()).toEqual([])
  await close()
}, 120_000)

test('a connection whose check finds errors is enabled for a reason alone, and disabled again', async () => {
  await demo.ask('mutation { disableConnection(name: "contoso") { id } }')
  await demo.fault('dataverse', {
    method: 'GET',
    path: 'api/data',
    times: null,
    action: {
      kind: 'status',
      status: 403,
      code: '0x80072560',
      message: 'The user is not a member of the organization.',
    },
  })
  const { page, close } = await visit(browser, demo, '/connections/contoso')
  await page.getByRole('button', { name: 'Enable' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Check and enable' }).click()
  await dialog.getByRole('list', { name: 'What was found' }).waitFor()
  expect(await dialog.getByRole('button', { name: 'Enable all the same' }).isEnabled()).toBe(false)
  await dialog.getByLabel('Reason to enable it').fill('Sales is being mended tonight.')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Enable all the same' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText('Sales is being mended tonight.').first().waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('button', { name: 'Disable' }).click()
  await dialog.getByRole('button', { name: 'Disable' }).click()
  await page.getByText('Disabled since').first().waitFor()
  await close()
})
