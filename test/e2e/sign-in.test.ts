import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  AUDIENCE,
  CLIENT_ID,
  CLIENT_SECRET,
  startProvider,
  type TestProvider,
} from '../api/support/provider.js'
import { startTestApi, type TestApi } from '../api/support/api.js'
import { Rows } from '../api/support/rows.js'
import { openBrowser, type TestBrowser } from './support/browser.js'
import { signInAsViewer } from './support/sign-in.js'

let api: TestApi
let provider: TestProvider
let browser: TestBrowser

beforeAll(async () => {
  browser = await openBrowser()
  provider = await startProvider(() => `${api.url}/sign-in/callback`)
  api = await startTestApi('console_sign_in', undefined, {
    provider: {
      issuer: provider.issuer,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      scope: 'openid profile email',
      audience: AUDIENCE,
      roleClaim: 'roles',
      values: { ADMINISTRATOR: [], OPERATOR: [], VIEWER: ['Accord.Viewer'] },
    },
    sessionHours: 8,
    publicUrl: null,
  })
})
beforeEach(() => api.reset())
afterAll(async () => {
  await browser?.close()
  await api?.close()
  await provider?.close()
})

test('a viewer who signs in at the provider is back at the page he wanted, sees it all, and is refused what he may not do', async () => {
  const rows = new Rows(api.database)
  const mapping = await rows.mapping()
  const run = await rows.run(mapping, { status: 'FAILED' })
  await rows.job(mapping, run, { failed: 1 })
  await rows.error(mapping, { runId: run })
  provider.people['vera'] = { name: 'Vera', email: 'vera@contoso.com', roles: ['Accord.Viewer'] }
  provider.before = 'vera'
  const { page, close } = await browser.newPage()
  await page.goto(`${api.url}/jobs/${run}?from=mail`)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Run of CUSTOMER' }).waitFor()
  expect(page.url()).toBe(`${api.url}/jobs/${run}?from=mail`)
  await page.getByRole('button', { name: 'Signed in as Vera' }).waitFor()

  const refused = async (path: string, ...names: readonly string[]): Promise<void> => {
    await page.goto(`${api.url}/${path}`)
    for (const name of names) {
      const button = page.getByRole('button', { name, exact: true })
      await button.waitFor()
      expect([name, await button.getAttribute('aria-disabled')]).toEqual([name, 'true'])
      await button.focus()
      await button.press('Enter')
      expect([name, await page.getByRole('dialog').count()]).toEqual([name, 0])
    }
  }
  await refused(`jobs/${run}`, 'Retry what failed')
  await refused('history', 'Undo')
  await refused(`history?run=${run}`, 'Undo the whole run')
  await refused('connections', 'New connection')
  await refused('connections/Contoso', 'Check connection', 'Edit settings', 'Pause', 'Disable')
  await refused('administration/alerts', 'New rule', 'New channel')
  for (const tab of ['users', 'tokens', 'audit', 'settings']) {
    await page.goto(`${api.url}/administration/${tab}`)
    await page.getByText('This needs the role Administrator; you have Viewer.').first().waitFor()
  }
  const { data } = await api.ask('{ auditEntries { nodes { action } } }')
  expect(data['auditEntries']).toEqual({ nodes: [{ action: 'signIn' }] })
  await close()
})

test('who follows a sign-in link is led to the page he wanted, and the tab he came from goes on as well', async () => {
  const { page, close } = await browser.newPage()
  await page.goto(`${api.url}/administration/audit`)
  await page.getByRole('heading', { name: 'Sign in to Accord' }).waitFor()
  const other = await page.context().newPage()
  const { data } = await api.ask<{ createSignInLink: { path: string } }>(
    'mutation { createSignInLink { path } }',
  )
  await other.goto(`${api.url}${data.createSignInLink.path}`)
  await other.getByRole('table', { name: 'Audit log' }).waitFor()
  expect(other.url()).toBe(`${api.url}/administration/audit`)

  // A page without a window is visible all the time: it is told that it is seen again.
  await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`)
  await page.getByRole('table', { name: 'Audit log' }).waitFor()
  await close()
})

test('who signs in where somebody else was before sees nothing that was told to him', async () => {
  await new Rows(api.database).mapping()
  const { page, close } = await browser.newPage()
  await signInAsViewer(page, api)
  await page.goto(`${api.url}/mappings`)
  await page.getByRole('link', { name: 'CUSTOMER' }).waitFor()
  await page.context().clearCookies()
  await page.getByRole('link', { name: 'Skipped Synch. Records' }).click()
  await page.getByRole('heading', { name: 'Sign in to Accord' }).waitFor()
  await page.goBack()

  const { data } = await api.ask<{ createSignInLink: { path: string } }>(
    'mutation { createSignInLink { path } }',
  )
  const other = await page.context().newPage()
  await other.goto(`${api.url}${data.createSignInLink.path}`)
  const answered = Promise.withResolvers<void>()
  await page.route('**/graphql', async (route) => {
    const { query } = route.request().postDataJSON() as { readonly query: string }
    if (!query.startsWith('query Me')) await answered.promise
    await route.continue()
  })
  await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`)
  await page.getByRole('main').getByText('Loading').waitFor()
  expect(await page.getByRole('link', { name: 'CUSTOMER' }).count()).toBe(0)
  answered.resolve()
  await page.getByRole('link', { name: 'CUSTOMER' }).waitFor()
  await close()
})
