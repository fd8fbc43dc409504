import { lazy, type ComponentType } from 'react'
import { preloadTexts } from '../i18n/index.js'
import { GROUPS, type PageModule } from '../page-module.js'

const MODULES = import.meta.glob<{ readonly page: PageModule }>('./*/page.ts', { eager: true })

export interface RegisteredPage extends PageModule {
  readonly Content: ComponentType
}

/** Every page that lies in a folder here, in the order of the navigation. */
export const PAGES: readonly RegisteredPage[] = Object.values(MODULES)
  .map(({ page }) => ({ ...page, Content: lazy(page.load) }))
  .sort((one, other) => GROUPS.indexOf(one.group) - GROUPS.indexOf(other.group) || one.order - other.order)

/** Begins to load the page at an address below Accord's, and its texts; whoever shows it waits for them, and tells what fails. */
export function preloadPage(address: string): void {
  const [first = ''] = address.split('/')
  const page = PAGES.find(({ path }) => path === first)
  if (page === undefined) return
  void page.load().catch(() => undefined)
  preloadTexts(first === '' ? 'home' : first)
}
