import { afterAll, beforeAll, expect, test } from 'vitest'
import { Gate, pageDecided } from '../engine/support/gate.js'
import { Scenario } from '../support/scenario.js'
import { expectAccessible } from './support/accessible.js'
import { openBrowser, type TestBrowser } from './support/browser.js'
import { visit } from './support/visit.js'

let demo: Scenario
let browser: TestBrowser

beforeAll(async () => {
  browser = await openBrowser()
  demo = await Scenario.start({ engine: { pageSize: 10 } })
})
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

const open = (path: string) => visit(browser, demo, path)

test('a long job is followed live, paused, cancelled, and run again to its end', async () => {
  await using second = await Gate.shut(demo.engine, pageDecided('TO_INTEGRATION_TABLE', 2))
  const { page, problems, close } = await open('/jobs')
  await page.getByRole('table', { name: 'Integration Synch. Jobs' }).waitFor()
  const { id } = await demo.request('CUSTOMER', 'FULL', 'TO_INTEGRATION_TABLE')
  await second.reached()

  // Nothing was loaded anew: the page has heard of the run.
  const run = page.getByRole('article', { name: 'Run of CUSTOMER' })
  await run.getByText(/^\d+ (of \d+ )?records$/).waitFor()
  await expectAccessible(page)
  await run.getByRole('button', { name: 'Pause' }).click()
  await run.getByText('Paused').waitFor()
  await run.getByRole('button', { name: 'Resume' }).click()
  await run.getByRole('button', { name: 'Pause' }).waitFor()
  await run.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await second.open()
  expect((await demo.ended(id)).status).toBe('CANCELLED')

  await run.waitFor({ state: 'hidden' })
  const row = page.getByRole('row', { name: /CUSTOMER.*Cancelled/ })
  await row.getByRole('link', { name: 'CUSTOMER' }).click()
  await page.getByRole('heading', { name: 'Run of CUSTOMER' }).waitFor()
  await page.getByRole('button', { name: 'Run again' }).click()
  await page.waitForURL((url) => !url.pathname.endsWith(id))
  await page.getByRole('region', { name: 'About this run' }).getByText('Completed').waitFor()
  await page.getByText('It met no errors').first().waitFor()
  expect(problems()).toEqual([])
  await close()
})

test('the errors of a job tell what to do, and what failed is retried until it is done', async () => {
  const pair = await demo.pair()
  await demo.person.editCustomer(pair.customerId, { phoneNumber: '0123 456' })
  await demo.fault('dataverse', {
    method: 'PATCH',
    path: 'accounts',
    times: null,
    action: { kind: 'reject', field: 'telephone1', value: '0123 456', message: 'Not on a Monday.' },
  })
  const failed = await demo.synchronize()
  await demo.clearFaults()

  const { page, problems, close } = await open(`/jobs/${failed.id}`)
  await page
    .getByRole('region', { name: 'Errors' })
    .getByText(/Not on a Monday/)
    .first()
    .waitFor()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Retry what failed' }).click()
  await page.waitForURL((url) => !url.pathname.endsWith(failed.id))
  await page.getByRole('region', { name: 'About this run' }).getByText('Completed').waitFor()
  await page.getByRole('table', { name: 'What it did with each record' }).getByText('Applied').waitFor()
  expect((await demo.records(pair)).account?.['telephone1']).toBe('0123 456')
  expect(await demo.openErrors(pair)).toEqual([])
  expect(problems()).toEqual([])
  await close()
})

test('throughput and lag stand in charts, and in a table for who cannot see them', async () => {
  const { page, problems, close } = await open('/jobs/charts')
  await page.getByRole('heading', { name: 'Records written' }).waitFor()
  await page
    .getByRole('table', { name: 'As a table' })
    .getByRole('row', { name: /CUSTOMER/ })
    .first()
    .waitFor()
  await expectAccessible(page)
  expect(problems()).toEqual([])
  await close()
})
