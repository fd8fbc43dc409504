import { Tab, TabList } from '@fluentui/react-components'
import { lazy, Suspense, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Route, Routes, useLocation, useNavigate } from 'react-router'
import { Page } from '../../shared/page.js'
import { LoadingState, NotFoundState } from '../../shared/states.js'
import { ActiveRuns } from './active-runs.js'
import { JobList } from './job-list.js'
import { RunPage } from './run-page.js'

const Charts = lazy(() => import('./charts.js'))

const LOG = '/jobs'
const CHARTS = '/jobs/charts'

export default function Jobs(): ReactNode {
  return (
    <Routes>
      <Route index element={<Overview />} />
      <Route path="charts" element={<Overview />} />
      <Route path=":runId" element={<RunPage />} />
      <Route path="*" element={<NotFoundState />} />
    </Routes>
  )
}

function Overview(): ReactNode {
  const { t } = useTranslation('jobs')
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const shown = pathname.endsWith('/charts') ? CHARTS : LOG
  return (
    <Page title={t('title')} lead={t('lead')} fill={shown === LOG}>
      <TabList
        aria-label={t('tabs.label')}
        selectedValue={shown}
        onTabSelect={(_event, { value }) => void navigate(value as string)}
      >
        <Tab value={LOG}>{t('tabs.log')}</Tab>
        <Tab value={CHARTS}>{t('tabs.charts')}</Tab>
      </TabList>
      {shown === LOG ? (
        <>
          <ActiveRuns />
          <JobList />
        </>
      ) : (
        <Suspense fallback={<LoadingState />}>
          <Charts />
        </Suspense>
      )}
    </Page>
  )
}
