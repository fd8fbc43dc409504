import { HistoryRegular } from '@fluentui/react-icons'
import type { PageModule } from '../../page-module.js'

export const page: PageModule = {
  path: 'history',
  title: { en: 'History', de: 'Verlauf' },
  icon: HistoryRegular,
  group: 'look',
  order: 20,
  load: () => import('./history.js'),
}
