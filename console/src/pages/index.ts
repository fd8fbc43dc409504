import { lazy, type ComponentType } from 'react'
import { GROUPS, type PageModule } from '../page-module.js'

const MODULES = import.meta.glob<{ readonly page: PageModule }>('./*/page.ts', { eager: true })

export interface RegisteredPage extends PageModule {
  readonly Content: ComponentType
}

/** Every page that lies in a folder here, in the order of the navigation. */
export const PAGES: readonly RegisteredPage[] = Object.values(MODULES)
  .map(({ page }) => ({ ...page, Content: lazy(page.load) }))
  .sort((one, other) => GROUPS.indexOf(one.group) - GROUPS.indexOf(other.group) || one.order - other.order)
