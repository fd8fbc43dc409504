import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { barriers } from './visit.js'

/** Fails with what axe finds on the page as it is, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect({ colorScheme, barriers: await barriers(page) }).toEqual({ colorScheme, barriers: [] })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
