import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../api/support/api.js'
import { nameConflict, Rows } from '../api/support/rows.js'
import { openBrowser, type TestBrowser, type WatchedPage } from './support/browser.js'
import { signIn } from './support/sign-in.js'

let api: TestApi
let browser: TestBrowser
let rows: Rows

beforeAll(async () => {
  ;[api, browser] = await Promise.all([startTestApi('console_lists'), openBrowser()])
})
beforeEach(async () => {
  await api.reset()
  rows = new Rows(api.database)
})
afterAll(async () => {
  await browser?.close()
  await api?.close()
})

async function visit(path: string, locale = 'en-US'): Promise<WatchedPage> {
  const watched = await browser.newPage({ locale })
  const ask = async <Data>(query: string): Promise<Data> => (await api.ask<Data>(query)).data
  await signIn(watched.page, { url: api.url, ask })
  await watched.page.goto(`${api.url}${path}`)
  return watched
}

/** As it is for who may not use it now. */
async function isOff(page: Page, name: string): Promise<boolean> {
  const button = page.getByRole('button', { name, exact: true })
  await button.waitFor()
  return (await button.getAttribute('aria-disabled')) === 'true'
}

test('who settles all records of a connection is told how many, and settles none of another', async () => {
  const here = await rows.mapping()
  const there = await rows.mapping({ connectionId: await rows.connection({ name: 'North' }) })
  await rows.skipped(there)
  await rows.skipped(there)
  await api.database.em.fork().execute(`
    insert into record_state (id, mapping_id, side, record_id, state, reason, attempts, due_at_run, changed_at)
      select gen_random_uuid(), '${here}', 'LOCAL', 'many-' || n, 'SKIPPED', 'CONFLICT', 1, 0, now()
      from generate_series(1, 10001) n`)
  const { page, problems, close } = await visit('/skipped?connection=Contoso')
  await page
    .getByRole('button', { name: 'Select all that the filter lets in: more than 10,000', exact: true })
    .click()
  await page.getByRole('button', { name: 'As recommended' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('As recommended: more than 10,000 records').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  await page.getByLabel('Mapping', { exact: true }).selectOption({ label: 'CUSTOMER (North)' })
  await page.getByText('2 rows').waitFor()
  expect(await isOff(page, 'As recommended')).toBe(true)
  await page.getByRole('button', { name: 'Select all 2 that the filter lets in' }).click()
  await page.getByRole('button', { name: 'As recommended' }).click()
  await dialog.getByText('As recommended: 2 records').waitFor()
  await dialog.getByRole('button', { name: 'As recommended' }).click()
  await page.getByText('0 of 2').waitFor()
  expect(problems()).toEqual([])
  await close()
})

test('what is chosen on the desk for very many that are alike is carried out by an action that can be followed', async () => {
  const mapping = await rows.mapping()
  const clashing = '["displayName:name"]'
  const couplingId = await rows.coupling(mapping)
  const id = await rows.skipped(mapping, { couplingId, clashing, detail: nameConflict() })
  await api.database.em.fork().execute(`
    insert into record_state (id, mapping_id, side, record_id, state, reason, clashing, attempts, due_at_run, changed_at)
      select gen_random_uuid(), '${mapping}', 'LOCAL', 'many-' || n, 'SKIPPED', 'CONFLICT', '${clashing}', 1, 0, now()
      from generate_series(1, 600) n`)
  const { page, close } = await visit(`/skipped/${id}`)
  await page.getByRole('checkbox', { name: 'The same for 600 records that are alike' }).check()
  await page.getByRole('radio', { name: 'keep Adatum Corporation of Business Central' }).check()
  await page.getByRole('button', { name: 'Apply and synchronize' }).click()
  await page.getByText('0 of 601').waitFor()
  expect(new URL(page.url()).searchParams.get('mapping')).toBe('CUSTOMER')
  const [action] = await api.database.em
    .fork()
    .execute<{ kind: string; total: number }[]>('select kind, total from bulk_action')
  expect(action).toEqual({ kind: 'KEEP_FIELDS', total: 601 })
  await close()
})

test('what was ticked is not acted on any more once the list is another', async () => {
  const mapping = await rows.mapping()
  await rows.error(mapping, { message: 'Too long.' })
  await rows.error(mapping, { message: 'Twice there.', errorClass: 'DUPLICATE' })
  const { page, problems, close } = await visit('/errors?view=entries')
  await page.getByRole('row').filter({ hasText: 'Too long.' }).getByRole('checkbox').check()
  expect(await isOff(page, 'Retry now')).toBe(false)
  await page.getByRole('combobox', { name: 'Class' }).click()
  await page.getByRole('option', { name: 'Duplicate' }).click()
  await page.getByText('Too long.').waitFor({ state: 'detached' })
  expect(await isOff(page, 'Retry now')).toBe(true)

  await rows.coupling(mapping)
  await page.goto(`${api.url}/couplings`)
  await page.getByRole('checkbox', { name: /^Select Customer/ }).check()
  expect(await isOff(page, 'Delete couplings')).toBe(false)
  await page.getByLabel('Status', { exact: true }).selectOption('SKIPPED')
  await page.getByRole('checkbox', { name: /^Select Customer/ }).waitFor({ state: 'detached' })
  expect(await isOff(page, 'Delete couplings')).toBe(true)
  expect(problems()).toEqual([])
  await close()
})

test('a list that could not be read again is read again when somebody asks for it', async () => {
  const mapping = await rows.mapping()
  await rows.error(mapping, { message: 'First.' })
  const { page, close } = await visit('/errors?view=entries')
  await page.getByRole('link', { name: 'First.' }).waitFor()
  await page.route('**/graphql', async (route) => {
    const { query } = route.request().postDataJSON() as { readonly query: string }
    await (query.startsWith('query ErrorEntries') ? route.abort() : route.continue())
  })
  await rows.error(mapping, { message: 'Second.' })
  const again = page.getByRole('button', { name: 'Try again' })
  await again.waitFor()
  await page.unroute('**/graphql')
  await again.click()
  await page.getByRole('link', { name: 'Second.' }).waitFor()
  await close()
})

test('who has scrolled far keeps his place when something changes while more is read', async () => {
  const mapping = await rows.mapping()
  await api.database.em.fork().execute(`
    insert into integration_synch_error (id, mapping_id, record_key, direction, error_class, resolvable_by, message, cause, remedy, fingerprint,
        source_side, source_id, source_name, last_seen)
      select gen_random_uuid(), '${mapping}', 'LOCAL:' || n, 'TO_INTEGRATION_TABLE', 'VALIDATION', 'USER', 'Refused ' || n, 'c', 'r', 'x',
        'LOCAL', 'record-' || n, 'Customer ' || n, timestamptz '2026-01-01' - make_interval(secs => n)
      from generate_series(1, 2000) n`)
  const { page, close } = await visit('/errors?view=entries')
  await page.clock.install()
  await page.reload()
  const list = page.getByRole('region', { name: 'Every entry' })
  const scroll = (): Promise<void> =>
    list.evaluate((element: unknown) => {
      const box = element as { scrollTop: number; readonly scrollHeight: number }
      box.scrollTop = box.scrollHeight
    })
  const read = Promise.withResolvers<void>()
  let [isHeld, isReading] = [false, false]
  await page.route('**/graphql', async (route) => {
    const { query, variables } = route.request().postDataJSON() as {
      readonly query: string
      readonly variables?: { readonly after?: string | null }
    }
    if (isHeld && query.startsWith('query ErrorEntries') && variables?.after != null) {
      isReading = true
      await read.promise
    }
    await route.continue()
  })
  const far = page.getByRole('link', { name: /^Refused [6-9]\d\d$/ }).first()
  await expect.poll(() => scroll().then(() => far.count())).toBe(1)
  isHeld = true
  await expect.poll(() => scroll().then(() => isReading)).toBe(true)
  await rows.error(mapping, { message: 'New.' })
  await page.getByRole('link', { name: /^Integration Synch\. Errors.*2,001/ }).waitFor()
  // Changes are gathered for a moment.
  await page.clock.runFor(1_000)
  read.resolve()
  await page.getByText('There are changes.').waitFor()
  expect(await page.getByRole('link', { name: /^Refused [1-5]?\d?\d$/ }).count()).toBe(0)
  await close()
})

test('filters are cleared, what was typed among them, and a link narrows down as it says', async () => {
  const mapping = await rows.mapping()
  await rows.job(mapping, await rows.run(mapping))
  const { page, problems, close } = await visit('/jobs?connection=Contoso')
  const shown = () => page.getByLabel('Mapping', { exact: true }).locator('option:checked').textContent()
  await expect.poll(shown).toBe('All of Contoso')
  const search = page.getByRole('searchbox')
  await search.fill('nothing')
  await expect.poll(() => page.url()).toContain('text=nothing')
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect.poll(() => search.inputValue()).toBe('')
  await expect.poll(shown).toBe('All')
  expect(page.url()).not.toContain('?')
  expect(problems()).toEqual([])
  await close()
})

test('who chooses German gets it, even where the phrases of the API do not load', async () => {
  const { page, close } = await visit('/errors')
  await page.route('**/phrases*', (route) => route.abort())
  await page.getByRole('button', { name: 'Appearance and language' }).click()
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click()
  await page.getByRole('heading', { name: 'Synchronisierungsfehler', exact: true }).waitFor()
  await close()
})

test('what comes by itself is told in the language of the reader as well', async () => {
  const mapping = await rows.mapping()
  const run = await rows.run(mapping, { message: 'It had been settled meanwhile.' })
  const { page, problems, close } = await visit(`/mappings/Contoso/CUSTOMER?run=${run}`, 'de-DE')
  await page.getByText('Er war inzwischen geklärt worden.').waitFor()
  expect(problems()).toEqual([])
  await close()
})
