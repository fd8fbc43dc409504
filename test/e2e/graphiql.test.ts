import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../api/support/api.js'
import { Rows } from '../api/support/rows.js'
import { openBrowser, type TestBrowser } from './support/browser.js'

let api: TestApi
let browser: TestBrowser

beforeAll(async () => {
  browser = await openBrowser()
  api = await startTestApi('graphiql')
})
beforeEach(() => api.reset())
afterAll(async () => {
  await browser?.close()
  await api?.close()
})

/** The examples become a menu once GraphiQL has read them; until then its button would run the first of them. */
async function runExample(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Execute query' }).and(page.locator('[aria-haspopup=menu]')).click()
  await page.getByRole('menuitem', { name }).click()
}

test('who opens a sign-in link runs an example in GraphiQL, whose page keeps to its policy', async () => {
  await new Rows(api.database).mapping()
  const { data } = await api.ask<{ createSignInLink: { path: string } }>(
    'mutation { createSignInLink { path } }',
  )
  const { page, problems, close } = await browser.newPage()
  await page.goto(`${api.url}${data.createSignInLink.path}`)
  await page.goto(`${api.url}/graphiql`)
  await runExample(page, 'Mappings')

  const answer = page.getByRole('region', { name: 'Result Window' })
  await answer.getByText('"CUSTOMER"').waitFor()
  expect(await answer.innerText()).toContain('integrationTableMappings')
  expect(problems()).toEqual([])
  await close()
})

test('who is not signed in is told so by GraphiQL', async () => {
  const { page, close } = await browser.newPage()
  await page.goto(`${api.url}/graphiql`)
  await runExample(page, 'Mappings')
  await page.getByRole('region', { name: 'Result Window' }).getByText('UNAUTHENTICATED').waitFor()
  await close()
})

test('a script that the policy does not allow is a problem of the page', async () => {
  const { page, problems, close } = await browser.newPage()
  await page.goto(`${api.url}/graphiql`)
  await page.evaluate('document.body.append(Object.assign(document.createElement("script"), { text: "0" }))')
  await expect.poll(() => problems().join()).toContain('Content security policy: script-src-elem refused')
  await close()
})
