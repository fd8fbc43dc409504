import { TaskListSquareLtrRegular } from '@fluentui/react-icons'
import type { PageModule } from '../../page-module.js'

export const page: PageModule = {
  path: 'jobs',
  title: { en: 'Integration Synch. Jobs', de: 'Integrationssynch.-Jobs' },
  icon: TaskListSquareLtrRegular,
  group: 'look',
  order: 10,
  load: () => import('./jobs.js'),
}
