import { ErrorCircleRegular } from '@fluentui/react-icons'
import type { PageModule } from '../../page-module.js'

export const page: PageModule = {
  path: 'errors',
  title: { en: 'Integration Synch. Errors', de: 'Synchronisierungsfehler' },
  icon: ErrorCircleRegular,
  group: 'work',
  order: 10,
  counter: 'openErrors',
  load: () => import('./errors.js'),
}
