import { QuestionCircleRegular } from '@fluentui/react-icons'
import type { PageModule } from '../../page-module.js'

export const page: PageModule = {
  path: 'why',
  title: { en: 'Why', de: 'Warum' },
  icon: QuestionCircleRegular,
  group: 'look',
  order: 0,
  load: () => import('./why.js'),
}
