import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'
import { openBrowser, type TestBrowser } from './support/browser.js'
import { barriers } from './support/accessible.js'
import { visit } from './support/visit.js'

const PLACE = '/mappings/demo/CUSTOMER'

let scenario: Scenario
let browser: TestBrowser

beforeAll(async () => {
  ;[scenario, browser] = await Promise.all([Scenario.start(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await scenario?.stop()
})

interface Version {
  readonly version: number
  readonly findDeletedHours: number | null
  readonly inactivityTimeoutMinutes: number | null
  readonly lastChange: { readonly note: string | null }
}

async function mapping(): Promise<Version> {
  const { integrationTableMapping } = await scenario.ask<{ integrationTableMapping: Version }>(
    `{ integrationTableMapping(name: "CUSTOMER") {
      version findDeletedHours inactivityTimeoutMinutes lastChange { note } } }`,
  )
  return integrationTableMapping
}

test('a mapping is edited, rehearsed on what was written, saved, and carries values as it says', async () => {
  const pair = await scenario.pair()
  const before = await mapping()
  await scenario.person.editCustomer(pair.customerId, { city: 'Bonn' })
  await scenario.synchronize()
  const { page, problems, close } = await visit(browser, scenario, `${PLACE}/fields`)

  await page.getByRole('button', { name: 'Edit City – Address 1: City' }).click()
  const towards = page.getByRole('group', { name: 'Transformation on the way to the integration table' })
  await towards.getByRole('button', { name: 'Add a rule' }).click()
  await towards.getByRole('combobox', { name: 'Rule 1' }).selectOption('Uppercase')
  await page.getByRole('region', { name: 'On real records' }).getByText('BONN').first().waitFor()
  await page.getByRole('button', { name: 'Apply to the draft' }).click()

  await page.getByRole('button', { name: 'Rehearse…' }).click()
  await page.getByRole('button', { name: 'Rehearse', exact: true }).click()
  const report = page.getByRole('region', { name: 'Result of the rehearsal' })
  await report.getByText(/^[1-9]\d* of [1-9]\d* recorded writes would have come out differently\.$/).waitFor()
  await report.getByRole('cell', { name: 'BONN', exact: true }).waitFor()
  await report.getByRole('cell', { name: 'Bonn', exact: true }).waitFor()
  expect(await barriers(page)).toEqual([])

  await page.getByRole('dialog').getByRole('button', { name: 'Save…' }).click()
  await page
    .getByText(
      'city – address1_city, Transformation on the way to the integration table: Uppercase (was none)',
    )
    .waitFor()
  await page.getByLabel('Note').fill('Cities in capitals')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page
    .getByText(`CUSTOMER is saved as version ${before.version + 1}.`)
    .first()
    .waitFor()
  expect((await mapping()).lastChange.note).toBe('Cities in capitals')

  await page.getByRole('tab', { name: 'Versions' }).click()
  const difference = page.getByRole('region', {
    name: `From version ${before.version} to ${before.version + 1}`,
  })
  await difference.getByText('"type": "UPPERCASE"').first().waitFor()
  expect(await barriers(page)).toEqual([])

  await scenario.person.editCustomer(pair.customerId, { city: 'Trier' })
  await page.getByRole('button', { name: 'Synchronize modified records' }).click()
  const run = page.getByRole('region', { name: 'Synchronization of CUSTOMER' })
  await run.getByText('Completed').waitFor()
  expect((await scenario.person.accountById(pair.accountId))?.['address1_city']).toBe('TRIER')
  expect(problems()).toEqual([])
  await close()
}, 120_000)

test('who saves upon a version that somebody else has replaced is told who changed what, and loses nothing', async () => {
  const { page, close } = await visit(browser, scenario, PLACE)
  const minutes = page.getByLabel('Inactivity timeout (minutes)')
  await minutes.fill('99')
  await scenario.update({ findDeletedHours: 12 })
  const before = await mapping()

  await page.getByRole('button', { name: 'Save…' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  const told = page.getByRole('alert').filter({ hasText: 'Somebody has changed this mapping' })
  await told.getByText(`Version ${before.version} by`).waitFor()
  expect(await minutes.inputValue()).toBe('99')

  await page.getByRole('button', { name: 'Put mine on top' }).click()
  await told.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Save…' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page
    .getByText(`CUSTOMER is saved as version ${before.version + 1}.`)
    .first()
    .waitFor()
  expect(await mapping()).toMatchObject({ findDeletedHours: 12, inactivityTimeoutMinutes: 99 })
  await close()
})

test('the list tells how every mapping stands, on a phone in the dark as well, without barriers', async () => {
  const { page, problems, close } = await visit(browser, scenario, '/mappings', {
    viewport: { width: 360, height: 740 },
    colorScheme: 'dark',
  })
  await page.getByRole('link', { name: 'CUSTOMER' }).waitFor()
  expect(await barriers(page)).toEqual([])
  const sideways = 'const main = document.querySelector("main"); main.scrollWidth - main.clientWidth'
  expect(await page.evaluate(sideways)).toBe(0)

  await page.getByRole('button', { name: 'Actions for CUSTOMER' }).click()
  const unconditional = page.getByRole('menuitem', { name: /^Run unconditional full synchronization/ })
  expect(await unconditional.getAttribute('aria-disabled')).toBe('true')
  expect(problems()).toEqual([])
  await close()
})

test('a viewer sees the settings, and why he cannot change them', async () => {
  const { createAccessToken } = await scenario.ask<{ createAccessToken: { token: string } }>(
    `mutation { createAccessToken(input: { name: "eyes", role: VIEWER }) { token } }`,
  )
  const { page, close } = await browser.newPage({
    extraHTTPHeaders: { authorization: `Bearer ${createAccessToken.token}` },
  })
  await page.goto(`${scenario.url}${PLACE}`)
  await page.getByText('This needs the role Administrator; you have Viewer.').first().waitFor()
  expect(await page.getByLabel('Inactivity timeout (minutes)').isDisabled()).toBe(true)
  const run = page.getByRole('button', { name: 'Synchronize modified records' })
  expect(await run.getAttribute('aria-disabled')).toBe('true')
  await page.getByRole('button', { name: 'More' }).click()
  for (const action of [/^Use default synchronization setup/, /^Delete mapping/]) {
    const item = page.getByRole('menuitem', { name: action })
    expect(await item.getAttribute('aria-disabled')).toBe('true')
  }
  await page.goto(`${scenario.url}/mappings`)
  const make = page.getByRole('button', { name: 'New table mapping' })
  expect(await make.getAttribute('aria-disabled')).toBe('true')
  await page.goto(`${scenario.url}/mappings/new`)
  await page.getByText('This needs the role Administrator; you have Viewer.').first().waitFor()
  await close()
})
