import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'
import { openBrowser, type TestBrowser } from './support/browser.js'
import { expectAccessible } from './support/accessible.js'
import { signIn } from './support/sign-in.js'

let demo: Scenario
let browser: TestBrowser
const asked = { url: '', ask: <Data>(query: string) => demo.ask<Data>(query) }

beforeAll(async () => {
  browser = await openBrowser()
  demo = await Scenario.start()
  asked.url = demo.url
})
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

test('the documented conflict is settled on the desk, field by field, and seen to become equal', async () => {
  const pair = await demo.pair()
  await demo.person.editCustomer(pair.customerId, { phoneNumber: '030-111', city: 'Oslo' })
  await demo.person.editAccount(pair.accountId, { telephone1: '030-222', address1_city: 'Bergen' })
  await demo.synchronize()
  const { displayName } = (await demo.records(pair)).customer ?? {}
  const { page, problems, close } = await browser.newPage()
  await signIn(page, asked)

  await page.getByRole('link', { name: 'Skipped Synch. Records' }).click()
  await page.getByRole('link', { name: String(displayName), exact: true }).waitFor()
  await expectAccessible(page)
  await page.getByRole('link', { name: String(displayName), exact: true }).click()
  await page.getByRole('table', { name: 'What differs' }).waitFor()
  await expectAccessible(page)
  await page.setViewportSize({ width: 360, height: 740 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  // The content scrolls within the page: nothing makes the page itself longer than the screen.
  expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(740)
  await page.setViewportSize({ width: 1280, height: 800 })

  await page.getByRole('radio', { name: 'keep 030-111 of Business Central' }).focus()
  await page.keyboard.press('ArrowRight')
  expect(await page.getByRole('radio', { name: 'keep 030-222 of Dynamics 365 Sales' }).isChecked()).toBe(true)
  const ownCity = page.getByRole('textbox', { name: /City.*text of your own value/ })
  await ownCity.fill('Trondheim')
  await page.getByRole('button', { name: 'Apply and synchronize' }).click()
  await page.getByText('Both records are equal, as both systems say now.').first().waitFor()
  await page.getByRole('link', { name: /^Next: / }).waitFor()
  // The button is gone: the keyboard goes on from what it brought about.
  expect(await page.evaluate('document.activeElement.textContent')).toContain('Settled.')
  await expectAccessible(page)

  const { customer, account } = await demo.records(pair)
  expect(customer).toMatchObject({ phoneNumber: '030-222', city: 'Trondheim' })
  expect(account).toMatchObject({ telephone1: '030-222', address1_city: 'Trondheim' })
  expect(problems()).toEqual([])
  await close()
})

/** A plug-in of Sales lets no account of that city in; or any again. */
const faults = (): string => `${demo.engine.sandbox.dataverse.origin}/sandbox/faults`
async function closeCity(city: string, message: string): Promise<void> {
  const action = { kind: 'reject', field: 'address1_city', value: city, code: '0x80040265', message }
  const body = JSON.stringify({ method: 'PATCH', path: 'accounts', times: null, action })
  expect((await fetch(faults(), { method: 'POST', body })).ok).toBe(true)
}
async function openCities(): Promise<void> {
  expect((await fetch(faults(), { method: 'DELETE' })).ok).toBe(true)
}

test('a root cause is found, put right and retried at once; its group closes before the eyes, and its entries are purged', async () => {
  const guard = 'The plug-in AccountGuard does not let accounts of this city in.'
  const pairs = [await demo.pair(), await demo.pair(), await demo.pair()]
  for (const { customerId } of pairs) await demo.person.editCustomer(customerId, { city: 'Badlands' })
  await closeCity('Badlands', guard)
  await demo.synchronize()
  const { page, problems, close } = await browser.newPage()
  await signIn(page, asked)
  await page.getByRole('region', { name: 'Limits of the systems' }).getByText('Requests:').first().waitFor()
  await expectAccessible(page)

  await page.getByRole('link', { name: 'Integration Synch. Errors' }).click()
  const group = page.getByRole('table', { name: 'By root cause' }).getByRole('link', { name: guard })
  await group.waitFor()
  await expectAccessible(page)
  await group.click()
  await page.getByRole('heading', { name: guard }).waitFor()
  await page
    .getByRole('link', { name: /opens in Business Central/ })
    .first()
    .waitFor()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Assign to me' }).click()
  await page.getByRole('button', { name: 'Take from local' }).waitFor()

  await openCities()
  await page.getByRole('button', { name: 'Retry now' }).click()
  await page.getByText('3 succeeded, 0 failed, 0 unchanged.').first().waitFor()
  await page.getByText('Resolved', { exact: true }).first().waitFor()
  await page.getByText('Nothing of it is open any more.').waitFor()
  for (const pair of pairs) {
    expect((await demo.records(pair)).account).toMatchObject({ address1_city: 'Badlands' })
  }

  await page.getByRole('link', { name: 'All root causes' }).click()
  await page.getByRole('button', { name: 'Delete all entries' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete all entries' })
  await dialog.getByText(guard).waitFor()
  await dialog.getByText('still relevant: their records are not in agreement now.').waitFor()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: /^Delete \d+ entries$/ }).click()
  await page
    .getByText(/\d+ entries were deleted/)
    .first()
    .waitFor()
  expect(await demo.errors({ status: 'RESOLVED' })).toEqual([])
  expect(await demo.errors({ status: 'OPEN' })).not.toEqual([])
  expect(problems()).toEqual([])
  await close()
})
