import type { FluentIcon } from '@fluentui/react-icons'
import type { ComponentType } from 'react'
import type { Texts } from './i18n/index.js'

/** The groups of the navigation, in their order. */
export const GROUPS = ['overview', 'work', 'setup', 'look', 'administration'] as const
export type Group = (typeof GROUPS)[number]

/** What a folder of pages says of itself in `page.ts`. Everything else of it is loaded when it is first shown. */
export interface PageModule {
  /** Below Accord's address, without slashes at its ends: `errors`; empty for Home. */
  readonly path: string
  readonly title: Texts
  readonly icon: FluentIcon
  readonly group: Group
  /** Place within its group. */
  readonly order: number
  /** The counter shown beside it in the navigation: open errors, skipped records. */
  readonly counter?: 'openErrors' | 'skipped' | 'pending'
  /** Shown at `path`, and at every address below it, which it may divide by routes of its own. */
  readonly load: () => Promise<{ readonly default: ComponentType }>
}
