import type { BrowserContextOptions } from 'playwright-core'
import type { Scenario } from '../../support/scenario.js'
import type { TestBrowser, WatchedPage } from './browser.js'

/** A page of the console, opened by the administrator of the machine. */
export async function visit(
  browser: TestBrowser,
  scenario: Scenario,
  path: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const { createSignInLink } = await scenario.ask<{ createSignInLink: { path: string } }>(
    'mutation { createSignInLink { path } }',
  )
  const watched = await browser.newPage(options)
  await watched.page.goto(`${scenario.url}${createSignInLink.path}`)
  await watched.page.goto(`${scenario.url}${path}`)
  return watched
}
