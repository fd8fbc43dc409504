import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scenario, type Pair } from '../support/scenario.js'
import { barriers } from './support/accessible.js'
import { openBrowser, type TestBrowser } from './support/browser.js'
import { signInAsViewer } from './support/sign-in.js'
import { visit } from './support/visit.js'

let demo: Scenario
let browser: TestBrowser

beforeAll(async () => {
  ;[demo, browser] = await Promise.all([Scenario.start(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

/** A pair of which both sides have changed the city. */
async function conflict(): Promise<Pair> {
  const pair = await demo.pair()
  await demo.person.editCustomer(pair.customerId, { city: 'Gera' })
  await demo.person.editAccount(pair.accountId, { address1_city: 'Voss' })
  await demo.synchronize()
  return pair
}

/** The buttons of a page that can be used, out of these, once all of them are there. */
async function usable(page: Page, names: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const name of names) {
    const button = page.getByRole('main').getByRole('button', { name, exact: true })
    await button.waitFor()
    const isOff = (await button.isDisabled()) || (await button.getAttribute('aria-disabled')) === 'true'
    if (!isOff) found.push(name)
  }
  return found
}

test('a viewer sees conflicts, errors and couplings whole, and can do nothing to them', async () => {
  const pair = await conflict()
  const skipped = await demo.skipped(pair)
  const [error] = await demo.openErrors(pair)
  const { page, problems, close } = await browser.newPage()
  await signInAsViewer(page, { url: demo.url, database: demo.engine.database })
  const open = (path: string): Promise<unknown> => page.goto(`${demo.url}${path}`)

  await open('/skipped')
  await page
    .getByRole('checkbox', { name: /^Select / })
    .nth(1)
    .check()
  expect(
    await usable(page, [
      'Find for Deleted',
      'Keep Business Central',
      'Keep Dynamics 365 Sales',
      'As recommended',
      'Retry',
      'More',
    ]),
  ).toEqual([])
  await open(`/skipped/${skipped?.id ?? ''}`)
  const choice = page.getByRole('radio', { name: 'keep Gera of Business Central' })
  await choice.waitFor()
  expect(await choice.isDisabled()).toBe(true)
  expect(
    await usable(page, [
      'Apply and synchronize',
      'Make it a rule',
      'Retry',
      'Delete couplings',
      'As recommended',
    ]),
  ).toEqual([])
  expect(await barriers(page)).toEqual([])

  await open(`/errors/entry/${error?.id ?? ''}`)
  expect(await usable(page, ['Retry now', 'Retry with the next runs', 'Skip', 'Close by hand'])).toEqual([])
  await page.getByRole('link', { name: /root cause/ }).click()
  expect(await usable(page, ['Retry now', 'Skip', 'Close by hand', 'Assign to me'])).toEqual([])
  await open('/errors')
  expect(await usable(page, ['Delete entries older than 7 days', 'Delete all entries'])).toEqual([])

  await open(`/couplings/${pair.couplingId}`)
  expect(await usable(page, ['Synchronize', 'Delete couplings'])).toEqual([])
  await open('/full-synch')
  expect(await usable(page, ['Count and recommend'])).toEqual([])
  expect((await demo.records(pair)).customer).toMatchObject({ city: 'Gera' })
  expect(problems()).toEqual([])
  await close()
})

test('a purge takes what is still relevant only where that is asked for, and leaves the record skipped', async () => {
  const pair = await conflict()
  const { page, problems, close } = await visit(browser, demo, '/errors')
  const relevant = (await demo.errors({ status: 'OPEN' })).length
  const all = (await demo.errors({})).length
  await page.getByRole('button', { name: 'Delete all entries' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(`${relevant} entries are still relevant`).waitFor()
  await dialog.getByRole('checkbox', { name: `Delete the ${relevant} still relevant entries too` }).check()
  expect(await barriers(page)).toEqual([])
  await dialog.getByRole('button', { name: `Delete ${all} entries` }).click()
  await page.getByText(`${all} entries were deleted`).first().waitFor()
  expect(await demo.errors({})).toEqual([])
  expect(await demo.skipped(pair)).not.toBeNull()
  expect(problems()).toEqual([])
  await close()
})

test('a full synchronization is counted and recommended, narrowed to one mapping, and carried out', async () => {
  const pair = await demo.pair()
  const name = String((await demo.records(pair)).customer?.['displayName'])
  await demo.person.editCustomer(pair.customerId, { city: 'Suhl' })
  const { page, problems, close } = await visit(browser, demo, '/full-synch')
  await page.getByRole('button', { name: 'Count and recommend' }).click()
  const line = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('combobox', { name: 'CUSTOMER: what is done' }) })
  await line.waitFor()
  await line.getByText(/^\d+ local, \d+ in the integration table, \d+ coupled$/).waitFor()
  for (const choice of await page.getByRole('combobox', { name: /: what is done$/ }).all())
    await choice.selectOption('Nothing')
  expect(await page.getByRole('button', { name: 'Start' }).getAttribute('aria-disabled')).toBe('true')
  await line.getByRole('combobox').selectOption('Full synchronization')
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click()
  await line.getByText('Finished').waitFor()
  await page.getByText('All lines are through.').waitFor()
  const others = (await page.getByRole('listitem').count()) - 1
  expect(await page.getByRole('main').getByText('Left out', { exact: true }).count()).toBe(others)
  expect(await demo.person.accountById(pair.accountId)).toMatchObject({ name, address1_city: 'Suhl' })
  expect(problems()).toEqual([])
  await close()
})
