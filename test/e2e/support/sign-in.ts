import type { Page } from 'playwright-core'
import { hashOf, newSecret } from '../../../src/api/sign-in/secrets.js'
import { Role } from '../../../src/domain/role.js'
import type { Database } from '../../../src/persistence/database.js'
import { openSession } from '../../../src/persistence/sessions.js'
import { admitUser } from '../../../src/persistence/users.js'

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

/** Somebody whom a provider of sign-in has named a viewer, with the session that his browser would have. */
export async function signInAsViewer(
  page: Page,
  { url, database }: { readonly url: string; readonly database: Database },
): Promise<void> {
  const em = database.em.fork()
  const { id } = await admitUser(
    em,
    {
      issuer: 'https://login.example.com',
      subject: 'vera',
      name: 'Vera',
      email: null,
      isEmailVerified: false,
      role: Role.viewer,
      isRoleTold: true,
    },
    12,
  )
  const secret = newSecret()
  await openSession(em, { hash: hashOf(secret), userId: id, hours: 1 })
  await page.context().addCookies([{ name: 'accord_session', value: secret, url }])
}
