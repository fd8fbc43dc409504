import { HomeRegular } from '@fluentui/react-icons'
import type { PageModule } from '../../page-module.js'

export const page: PageModule = {
  path: '',
  title: { en: 'Home', de: 'Start' },
  icon: HomeRegular,
  group: 'overview',
  order: 0,
  load: () => import('./home.js'),
}
