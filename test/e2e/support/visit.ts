import { AxeBuilder } from '@axe-core/playwright'
import type { BrowserContextOptions, Page } from 'playwright-core'
import type { Scenario } from '../../support/scenario.js'
import type { TestBrowser, WatchedPage } from './browser.js'

const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

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

/** What axe finds against WCAG 2.2 AA. What Fluent UI puts there to move the focus is hidden from everybody but the keyboard. */
export async function barriers(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .exclude('[data-tabster-dummy]')
    .withTags(STANDARD)
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}
