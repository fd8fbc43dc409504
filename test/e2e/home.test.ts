import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'
import { expectAccessible } from './support/accessible.js'
import { openBrowser, type TestBrowser } from './support/browser.js'
import { visit } from './support/visit.js'

/** More than a mapping lets pass: five in a hundred, and ten. */
const MANY = 12

let demo: Scenario
let browser: TestBrowser

beforeAll(async () => {
  ;[demo, browser] = await Promise.all([Scenario.start(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

test('home tells how far the systems agree, live; many deletions wait there for somebody, who looks at them and leaves the records alone', async () => {
  const { page, problems, close } = await visit(browser, demo, '/')
  const agreement = page.getByRole('region', { name: 'Pairs in agreement' })
  await agreement.getByText(/^9\d\.\d+%$/).waitFor()
  for (const { id } of await demo.allSkipped()) await demo.resolve(id, 'LOCAL')
  await agreement.getByText('100%', { exact: true }).waitFor()
  const limits = page.getByRole('region', { name: 'Limits of the systems' })
  await limits.getByRole('heading', { name: 'Business Central' }).waitFor()
  await limits.getByRole('heading', { name: 'Sales' }).waitFor()

  const gone = []
  while (gone.length < MANY) gone.push(await demo.pair())
  for (const { accountId } of gone) await demo.person.deleteAccount(accountId)
  await demo.synchronize()
  const waiting = page.getByRole('region', { name: 'Deletions that wait for you' })
  await waiting.getByText(new RegExp(`^CUSTOMER: ${MANY} of \\d+ coupled records were deleted`)).waitFor()
  await page.getByRole('region', { name: 'Deletions to review' }).getByText('1', { exact: true }).waitFor()
  await expectAccessible(page)
  await waiting.getByRole('button', { name: 'Reject' }).click()
  const dialog = page.getByRole('dialog', { name: `Leave ${MANY} records of CUSTOMER alone?` })
  expect(await dialog.getByText('deleted in the integration system').count()).toBe(10)
  await dialog.getByText('and 2 more').waitFor()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Reject' }).click()
  await waiting.waitFor({ state: 'detached' })
  await page
    .getByRole('region', { name: 'Skipped records' })
    .getByText(String(MANY), { exact: true })
    .waitFor()
  expect(problems()).toEqual([])
  await close()
})

test('the keyboard leads past the navigation, to every page, and back to where a row was opened', async () => {
  const { page, problems, close } = await visit(browser, demo, '/')
  await page.getByRole('heading', { name: 'Home', exact: true }).waitFor()
  const focused = () =>
    page.evaluate<string>(`document.activeElement.id || document.activeElement.textContent`)
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Skip to the content')
  await page.keyboard.press('Enter')
  expect(await focused()).toBe('content')

  await page.getByRole('link', { name: 'History' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'History', exact: true }).waitFor()
  expect(await focused()).toBe('content')
  await page.getByRole('status').getByText('History', { exact: true }).waitFor({ state: 'attached' })

  const focusedRow = () => page.evaluate<string>(`document.activeElement.dataset.index`)
  await page.locator('[role=row][data-index="0"]').focus()
  await page.keyboard.press('ArrowDown')
  await expect.poll(focusedRow).toBe('1')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(focusedRow).toBe('1')
  // What is told of a time exactly is there without a mouse.
  expect(await page.locator('[role=row][data-index="1"] time').first().getAttribute('datetime')).toMatch(/Z$/)
  expect(problems()).toEqual([])
  await close()
})
