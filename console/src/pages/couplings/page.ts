import { LinkMultipleRegular } from '@fluentui/react-icons'
import type { PageModule } from '../../page-module.js'

export const page: PageModule = {
  path: 'couplings',
  title: { en: 'Couplings', de: 'Kopplungen' },
  icon: LinkMultipleRegular,
  group: 'work',
  order: 30,
  load: () => import('./couplings.js'),
}
