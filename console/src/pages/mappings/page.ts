import { TableLinkRegular } from '@fluentui/react-icons'
import type { PageModule } from '../../page-module.js'

export const page: PageModule = {
  path: 'mappings',
  title: { en: 'Integration Table Mappings', de: 'Tabellenzuordnungen' },
  icon: TableLinkRegular,
  group: 'setup',
  order: 10,
  load: () => import('./mappings.js'),
}
