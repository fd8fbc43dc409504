import { PlugConnectedRegular } from '@fluentui/react-icons'
import type { PageModule } from '../../page-module.js'

export const page: PageModule = {
  path: 'connections',
  title: { en: 'Connection Setup', de: 'Verbindungen' },
  icon: PlugConnectedRegular,
  group: 'setup',
  order: 0,
  load: () => import('./connections.js'),
}
