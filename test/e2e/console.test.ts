import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { NO_PROVIDER } from '../../src/api/sign-in/options.js'
import { startTestApi, type TestApi } from '../api/support/api.js'
import { Rows } from '../api/support/rows.js'
import { openBrowser, type TestBrowser } from './support/browser.js'
import { expectAccessible } from './support/accessible.js'
import { signIn, signInAsViewer, type Asked } from './support/sign-in.js'

let api: TestApi
let browser: TestBrowser
let asked: Asked

beforeAll(async () => {
  browser = await openBrowser()
  api = await startTestApi('console')
  asked = { url: api.url, ask: async <Data>(query: string) => (await api.ask<Data>(query)).data }
})
beforeEach(() => api.reset())
afterAll(async () => {
  await browser?.close()
  await api?.close()
})

async function oneErrorAndOneSkippedRecord(): Promise<void> {
  const rows = new Rows(api.database)
  const mapping = await rows.mapping()
  const coupling = await rows.coupling(mapping)
  await rows.error(mapping, { couplingId: coupling, message: 'The account was refused.' })
  await rows.skipped(mapping, { couplingId: coupling })
}

test('who is not signed in is told how to, and sees Home once he is; signing out ends it', async () => {
  await new Rows(api.database).mapping()
  const { page, problems, close } = await browser.newPage()
  await page.goto(api.url)
  await page.getByRole('heading', { name: 'Sign in to Accord' }).waitFor()
  await page.getByText('npx accord sign-in', { exact: true }).first().waitFor()
  await expectAccessible(page)
  // The refusal that showed the page is what the browser reports.
  expect(problems().filter((problem) => !problem.includes('401'))).toEqual([])

  await signIn(page, asked)
  await page.getByRole('heading', { name: 'Home' }).waitFor()
  await page.getByRole('cell', { name: 'CUSTOMER', exact: true }).waitFor()
  await page.getByText('Live', { exact: true }).first().waitFor()
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Signed in as local' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in to Accord' }).waitFor()
  await close()
})

test('a viewer sees everything, and is told why he may not act', async () => {
  await oneErrorAndOneSkippedRecord()
  const { page, problems, close } = await browser.newPage()
  await signInAsViewer(page, api)
  await page.goto(`${api.url}/errors`)
  const remove = page.getByRole('button', { name: 'Delete all entries' })
  await remove.waitFor()
  expect(await remove.getAttribute('aria-disabled')).toBe('true')
  await remove.focus()
  await page
    .getByRole('tooltip', {
      name: 'This needs the role Administrator; you have Viewer. An administrator gives roles.',
    })
    .filter({ visible: true })
    .waitFor()
  await remove.press('Enter')
  expect(await page.getByRole('dialog').count()).toBe(0)
  await page.goto(`${api.url}/skipped`)
  expect(await page.getByRole('button', { name: 'Retry' }).getAttribute('aria-disabled')).toBe('true')
  expect(problems()).toEqual([])
  await close()
})

test('a long list shows its first rows before it is counted, and the rest as somebody scrolls', async () => {
  const mapping = await new Rows(api.database).mapping()
  await api.database.em.fork().execute(`
    insert into integration_synch_error (id, mapping_id, record_key, direction, error_class, resolvable_by, message, cause, remedy, fingerprint,
        source_side, source_id, source_name, last_seen)
      select gen_random_uuid(), '${mapping}', 'LOCAL:' || n, 'TO_INTEGRATION_TABLE', 'VALIDATION', 'USER', 'Refused ' || n, 'c', 'r', 'x',
        'LOCAL', 'record-' || n, 'Customer ' || n, timestamptz '2026-01-01' - make_interval(secs => n)
      from generate_series(1, 300) n`)
  const { page, problems, close } = await browser.newPage()
  await signInAsViewer(page, api)
  const counted = Promise.withResolvers<void>()
  await page.route('**/graphql', async (route) => {
    const { variables } = route.request().postDataJSON() as { variables?: { counted?: boolean } }
    if (variables?.counted === true) await counted.promise
    await route.continue()
  })
  await page.goto(`${api.url}/errors?view=entries`)
  await page.getByRole('link', { name: 'Refused 9', exact: true }).waitFor()
  expect(await page.getByText('300 rows').count()).toBe(0)
  counted.resolve()
  await page.getByText('300 rows').waitFor()
  const last = page.getByRole('link', { name: 'Refused 300', exact: true })
  await page.getByRole('row', { name: /Refused 1\b/ }).focus()
  while ((await last.count()) === 0) await page.keyboard.press('PageDown')
  await last.waitFor()
  expect(problems()).toEqual([])
  await close()
})

test.each([
  'nope',
  'history/nope',
  'errors/nope',
  'skipped/one/nope',
  'jobs/charts/nope',
  'connections/one/nope',
])('who opens /%s is told that there is no such page, and led home', async (path) => {
  const { page, problems, close } = await browser.newPage()
  await signInAsViewer(page, api)
  await page.goto(`${api.url}/${path}`)
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
  await page.getByRole('link', { name: 'Go to Home' }).click()
  await page.getByRole('heading', { name: 'Home', exact: true }).waitFor()
  expect(problems()).toEqual([])
  await close()
})

test.each(['errors/entry/nope', 'errors/group/nope', 'skipped/nope', 'couplings/nope', 'jobs/nope'])(
  'who opens /%s is told that there is no such record, and nothing of how ids are written',
  async (path) => {
    const { page, close } = await browser.newPage()
    await signInAsViewer(page, api)
    await page.goto(`${api.url}/${path}`)
    await page.getByRole('heading', { name: 'There is no such record' }).waitFor()
    expect(await page.getByText('BAD_USER_INPUT').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
    await close()
  },
)

test('on a phone the pages are behind a button; language and appearance are kept', async () => {
  const { page, problems, close } = await browser.newPage({ viewport: { width: 360, height: 740 } })
  await signInAsViewer(page, api)
  await page.goto(api.url)
  await page.getByRole('button', { name: 'Open navigation' }).click()
  await page.getByRole('link', { name: 'Skipped Synch. Records' }).waitFor()
  await page.getByRole('link', { name: 'Skipped Synch. Records' }).click()
  await page.getByRole('heading', { name: 'No record is skipped' }).waitFor()
  expect(await page.title()).toBe('Skipped Synch. Records - Accord')
  await expectAccessible(page)
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)

  await page.getByRole('button', { name: 'Appearance and language' }).click()
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click()
  await page.getByRole('heading', { name: 'Kein Datensatz ist übersprungen' }).waitFor()
  await page.getByRole('button', { name: 'Darstellung und Sprache' }).click()
  await page.getByRole('menuitemradio', { name: 'Dunkel' }).click()
  await page.reload()
  await page.getByRole('heading', { name: 'Kein Datensatz ist übersprungen' }).waitFor()
  expect(await page.evaluate('document.documentElement.style.colorScheme')).toBe('dark')
  expect(problems()).toEqual([])
  await close()
})

test('below a path it is whole: files, sign-in, pages by their address, live changes', async () => {
  const below = await startTestApi('console_below', undefined, {
    ...NO_PROVIDER,
    publicUrl: 'http://127.0.0.1/accord',
  })
  const { page, problems, close } = await browser.newPage()
  try {
    await signIn(page, {
      url: below.url,
      ask: async <Data>(query: string) => (await below.ask<Data>(query)).data,
    })
    await page.goto(`${below.url}/accord/skipped`)
    await page.getByRole('heading', { name: 'No record is skipped' }).waitFor()
    await page.getByText('Live', { exact: true }).first().waitFor()
    await page.getByRole('link', { name: 'Home' }).click()
    await page.getByRole('heading', { name: 'Home' }).waitFor()
    expect(page.url()).toBe(`${below.url}/accord/`)
    expect(problems()).toEqual([])
  } finally {
    await close()
    await below.close()
  }
})
