import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { quoted } from '../support/person.js'
import { Scenario, type Pair } from '../support/scenario.js'
import { barriers, expectAccessible } from './support/accessible.js'
import { openBrowser, type TestBrowser } from './support/browser.js'
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

interface Clash {
  readonly pair: Pair
  readonly name: string
  readonly skippedId: string
}

/** Pairs of which both sides have changed the city, which makes each a conflict. */
async function clashes(count: number, here: string, there: string): Promise<readonly Clash[]> {
  const pairs: Pair[] = []
  for (let made = 0; made < count; made += 1) {
    const pair = await demo.pair()
    await demo.person.editCustomer(pair.customerId, { city: here })
    await demo.person.editAccount(pair.accountId, { address1_city: there })
    pairs.push(pair)
  }
  await demo.synchronize()
  return Promise.all(
    pairs.map(async (pair) => ({
      pair,
      name: String((await demo.records(pair)).customer?.['displayName']),
      skippedId: (await demo.skipped(pair))?.id ?? '',
    })),
  )
}
/** What the two records hold now. */
async function cities({ pair }: Clash): Promise<readonly unknown[]> {
  const { customer, account } = await demo.records(pair)
  return [customer?.['city'], account?.['address1_city']]
}
const confirm = (page: Page, name: string): Promise<void> =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click()

test('many conflicts are settled at once; one that somebody edits meanwhile is left alone, and says why', async () => {
  const [one, two, edited] = await clashes(3, 'Essen', 'Bergen')
  if (one === undefined || two === undefined || edited === undefined) throw new Error('Three, please.')
  const { page, problems, close } = await visit(browser, demo, '/errors?class=CONFLICT&mapping=CUSTOMER')
  await page.getByRole('link', { name: /^Cannot update the Account record because it has a later/ }).click()
  await page.getByRole('link', { name: 'Settle on the desk' }).click()
  await page.getByRole('link', { name: one.name, exact: true }).waitFor()
  const fingerprint = new URL(page.url()).searchParams.get('cause')
  const all = (await demo.allSkipped({ mapping: 'CUSTOMER', fingerprint })).length
  expect(await page.getByRole('button', { name: 'As recommended' }).getAttribute('aria-disabled')).toBe(
    'true',
  )
  await demo.person.editAccount(edited.pair.accountId, { address1_city: 'Narvik' })

  await page.getByRole('checkbox', { name: `Select ${one.name}`, exact: true }).check()
  await page.getByText('1 record is selected.').waitFor()
  await page.getByRole('button', { name: `Select all ${all} that the filter lets in` }).click()
  await page.getByRole('button', { name: 'Keep Business Central' }).click()
  await page.getByRole('dialog').getByText('What Business Central holds is kept').waitFor()
  expect(await barriers(page)).toEqual([])
  await confirm(page, 'Keep Business Central')
  await page.getByText(`${all - 1} succeeded, 0 failed, 0 unchanged.`).waitFor()
  await page.getByText('1 was left alone: it has changed since the action was asked for.').waitFor()
  await expectAccessible(page)
  expect(await cities(one)).toEqual(['Essen', 'Essen'])
  expect(await cities(two)).toEqual(['Essen', 'Essen'])
  expect(await cities(edited)).toEqual(['Essen', 'Narvik'])

  // What became of it is still there for whoever loads the page anew.
  await page.reload()
  await page.getByRole('list', { name: 'What has changed since' }).getByRole('link').click()
  await page.getByRole('radio', { name: 'keep Narvik of Dynamics 365 Sales' }).check()
  await page.getByRole('button', { name: 'Apply and synchronize' }).click()
  await page.getByText('Both records are equal, as both systems say now.').first().waitFor()
  expect(await cities(edited)).toEqual(['Narvik', 'Narvik'])
  expect(problems()).toEqual([])
  await close()
})

test('who looked before somebody edited sees the new state, and settles again', async () => {
  const [clash] = await clashes(1, 'Ulm', 'Oslo')
  if (clash === undefined) throw new Error('One, please.')
  const { page, problems, close } = await visit(browser, demo, `/skipped/${clash.skippedId}`)
  await page.getByText('Both sides are shown as they are now.').waitFor()
  await page.getByRole('radio', { name: 'keep Oslo of Dynamics 365 Sales' }).check()
  await demo.person.editAccount(clash.pair.accountId, { address1_city: 'Bodø' })

  await page.getByRole('button', { name: 'Apply and synchronize' }).click()
  await page.getByText('Changed since you looked: nothing was written.').waitFor()
  await page.getByRole('radio', { name: 'keep Bodø of Dynamics 365 Sales' }).waitFor()
  expect(await cities(clash)).toEqual(['Ulm', 'Bodø'])
  await page.getByRole('radio', { name: 'keep Bodø of Dynamics 365 Sales' }).check()
  await page.getByRole('button', { name: 'Apply and synchronize' }).click()
  await page.getByText('Both records are equal, as both systems say now.').first().waitFor()
  expect(await cities(clash)).toEqual(['Bodø', 'Bodø'])

  await page.reload()
  await page.getByRole('heading', { name: clash.name, exact: true }).waitFor()
  await page.getByRole('link', { name: 'Show its coupling' }).waitFor()
  expect(problems()).toEqual([])
  await close()
})

test('the same is done for all that are alike, and made a rule after a rehearsal', async () => {
  const other = await demo.pair()
  await demo.person.editCustomer(other.customerId, { phoneNumber: '030-1' })
  await demo.person.editAccount(other.accountId, { telephone1: '030-2' })
  const next = String((await demo.records(other)).customer?.['displayName'])
  const [seen, alike] = await clashes(2, 'Jena', 'Moss')
  if (seen === undefined || alike === undefined) throw new Error('Two, please.')
  const { page, problems, close } = await visit(browser, demo, `/skipped/${seen.skippedId}`)
  await page.getByRole('radio', { name: 'keep Moss of Dynamics 365 Sales' }).check()
  await page.getByRole('button', { name: 'Make it a rule' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('City: Dynamics 365 Sales').waitFor()
  await dialog.getByRole('button', { name: 'Rehearse' }).click()
  await dialog.getByText(/^Of the last \d+ changes, \d+ would have ended otherwise\.$/).waitFor()
  expect(await barriers(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Apply the rule' }).click()
  await page
    .getByText(/^The mapping has the rule, as version \d+$/)
    .first()
    .waitFor()
  const { integrationTableMapping } = await demo.ask<{
    integrationTableMapping: { fields: readonly { name: string; owner: string | null }[] }
  }>('{ integrationTableMapping(name: "CUSTOMER") { fields { name owner } } }')
  expect(integrationTableMapping.fields).toContainEqual({ name: 'city:address1_city', owner: 'INTEGRATION' })

  await page.getByRole('checkbox', { name: /^The same for 1 record that is alike/ }).check()
  await page.getByRole('button', { name: 'Apply and synchronize' }).click()
  await page.getByText('Of those alike, 1 of 1 were settled.').waitFor()
  expect(await cities(seen)).toEqual(['Moss', 'Moss'])
  expect(await cities(alike)).toEqual(['Moss', 'Moss'])

  await page.getByRole('link', { name: `Next: ${next}` }).click()
  await page.getByRole('heading', { name: next, exact: true }).waitFor()
  await page.getByRole('button', { name: 'Apply and synchronize' }).click()
  await page.getByText('Both records are equal, as both systems say now.').first().waitFor()
  expect(problems()).toEqual([])
  await close()
})

test('a record whose partner was deleted is found, restored, and another one deleted', async () => {
  const [kept, gone] = [await demo.pair(), await demo.pair()]
  const nameOf = async (pair: Pair): Promise<string> =>
    String((await demo.records(pair)).customer?.['displayName'])
  const [keptName, goneName] = [await nameOf(kept), await nameOf(gone)]
  for (const { accountId } of [kept, gone]) await demo.person.deleteAccount(accountId)
  const { page, problems, close } = await visit(browser, demo, '/skipped')
  await page.getByRole('button', { name: 'Find for Deleted' }).click()
  await page.getByRole('dialog').getByLabel('Mapping').selectOption({ label: 'CUSTOMER' })
  expect(await barriers(page)).toEqual([])
  await confirm(page, 'Search')
  await page
    .getByRole('region', { name: 'Find for Deleted in CUSTOMER' })
    .getByText('Completed', { exact: true })
    .waitFor()

  await page.getByRole('checkbox', { name: `Select ${keptName}`, exact: true }).check()
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Restore records' }).click()
  await confirm(page, 'Restore records')
  await page.getByText('1 succeeded, 0 failed, 0 unchanged.').waitFor()
  expect(await demo.person.account(`name eq ${quoted(keptName)}`)).not.toBeNull()

  await page.getByRole('link', { name: goneName, exact: true }).click()
  await page.getByText('One of the two records is not there any more.').waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Delete records' }).click()
  await page.getByRole('dialog').getByText('the other one is deleted as well, in its own system').waitFor()
  expect((await demo.records(gone)).customer).not.toBeNull()
  await confirm(page, 'Delete records')
  await page.getByText('Settled.').first().waitFor()
  expect((await demo.records(gone)).customer).toBeNull()
  expect(problems()).toEqual([])
  await close()
})
