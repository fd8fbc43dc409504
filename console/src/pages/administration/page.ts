import { SettingsRegular } from '@fluentui/react-icons'
import type { PageModule } from '../../page-module.js'

export const page: PageModule = {
  path: 'administration',
  title: { en: 'Administration', de: 'Verwaltung' },
  icon: SettingsRegular,
  group: 'administration',
  order: 0,
  load: () => import('./administration.js'),
}
