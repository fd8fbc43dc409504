import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../api/support/api.js'
import { Rows } from '../api/support/rows.js'
import { openBrowser, type TestBrowser } from './support/browser.js'

let api: TestApi
let browser: TestBrowser

beforeAll(async () => {
  browser = await openBrowser()
  api = await startTestApi('console')
})
beforeEach(() => api.reset())
afterAll(async () => {
  await browser?.close()
  await api?.close()
})

async function signIn(page: Page): Promise<void> {
  const { data } = await api.ask<{ createSignInLink: { path: string } }>(
    'mutation { createSignInLink { path } }',
  )
  await page.goto(`${api.url}${data.createSignInLink.path}`)
}

test('who signs in sees Home, whose page keeps to its policy', async () => {
  await new Rows(api.database).mapping()
  const { page, problems, close } = await browser.newPage()
  await signIn(page)
  await page.getByRole('heading', { name: 'Home' }).waitFor()
  await page.getByRole('cell', { name: 'CUSTOMER', exact: true }).waitFor()
  expect(problems()).toEqual([])
  await close()
})
