import type { Page } from 'playwright-core'

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
