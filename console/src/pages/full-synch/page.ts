import { ArrowSyncCheckmarkRegular } from '@fluentui/react-icons'
import type { PageModule } from '../../page-module.js'

export const page: PageModule = {
  path: 'full-synch',
  title: { en: 'Full Synch. Review', de: 'Prüfung der vollständigen Synch.' },
  icon: ArrowSyncCheckmarkRegular,
  group: 'setup',
  order: 20,
  load: () => import('./full-synch.js'),
}
