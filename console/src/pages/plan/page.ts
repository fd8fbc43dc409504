import { ClipboardTaskListLtrRegular } from '@fluentui/react-icons'
import type { PageModule } from '../../page-module.js'

export const page: PageModule = {
  path: 'plan',
  title: { en: 'Plan', de: 'Plan' },
  icon: ClipboardTaskListLtrRegular,
  group: 'work',
  order: 40,
  load: () => import('./plan.js'),
}
