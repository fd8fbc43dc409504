import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** In the page: ends with what fades or slides in now. What goes on for longer, such as a spinner, is not waited for. */
const AT_REST = `Promise.allSettled(document.getAnimations()
  .filter(({ effect }) => effect.getComputedTiming().endTime <= 1000)
  .map(({ finished }) => finished))`

/** What axe finds against WCAG 2.2 AA. What Fluent UI puts there to move the focus is hidden from everybody but the keyboard. */
export async function barriers(page: Page): Promise<readonly string[]> {
  // Text that is only half there has less contrast than it will have.
  await page.evaluate(AT_REST)
  const { violations } = await new AxeBuilder({ page })
    .exclude('[data-tabster-dummy]')
    .withTags(STANDARD)
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** Fails with what axe finds on the page as it is, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect({ colorScheme, barriers: await barriers(page) }).toEqual({ colorScheme, barriers: [] })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
