import { BranchCompareRegular } from '@fluentui/react-icons'
import type { PageModule } from '../../page-module.js'

export const page: PageModule = {
  path: 'skipped',
  title: { en: 'Skipped Synch. Records', de: 'Übersprungene Datensätze' },
  icon: BranchCompareRegular,
  group: 'work',
  order: 20,
  counter: 'skipped',
  load: () => import('./skipped.js'),
}
