import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Whoever answers GraphQL operations, with the data alone. */
export interface Asked {
  readonly url: string
  ask<Data>(query: string): Promise<Data>
}

/** Opens the console, signed in as the administrator of this machine by one of its links. */
export async function signIn(page: Page, { url, ask }: Asked): Promise<void> {
  const { createSignInLink } = await ask<{ createSignInLink: { path: string } }>(
    'mutation { createSignInLink { path } }',
  )
  await page.goto(`${url}${createSignInLink.path}`)
  await page.getByRole('navigation').waitFor()
}

/** Fails with what axe finds on the page as it is, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page })
      // Guards at the ends of what keeps the focus: whoever reaches one is led on at once, and nothing is read out.
      .exclude('[data-tabster-dummy]')
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze()
    expect(
      violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
    ).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
