import { Text } from '@fluentui/react-components'
import { TaskListSquareLtrRegular } from '@fluentui/react-icons'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { DataTable } from '../../shared/data-table.js'
import { EmptyState } from '../../shared/states.js'
import { usePages } from '../../shared/use-pages.js'
import { useIsNarrow } from '../../shell/preferences.js'
import { JobsDocument } from './generated/graphql.js'
import { jobColumns } from './job-columns.js'
import { JobFilters, useJobFilter } from './job-filters.js'
import { useRunsChange } from './use-runs-change.js'

/** The log: a row per pass of a run, the latest first. */
export function JobList(): ReactNode {
  const { t } = useTranslation('jobs')
  const narrow = useIsNarrow()
  const navigate = useNavigate()
  const { filter, isFiltered } = useJobFilter()
  const pages = usePages({
    query: JobsDocument,
    variables: { filter },
    connection: ({ integrationSynchJobs }) => integrationSynchJobs,
    topics: ['counters'],
  })
  useRunsChange(pages.reload)
  const columns = useMemo(() => jobColumns(t), [t])
  return (
    <>
      <JobFilters />
      <DataTable
        label={t('title')}
        pages={pages}
        columns={columns}
        id={({ id }) => id}
        name={({ mapping }) => mapping.name}
        onOpen={({ run }) => void navigate(`/jobs/${run.id}`)}
        narrow={narrow}
        empty={
          <EmptyState
            title={t(isFiltered ? 'noneFound' : 'empty')}
            {...(isFiltered ? {} : { icon: <TaskListSquareLtrRegular /> })}
          >
            {!isFiltered && <Text>{t('emptyHint')}</Text>}
          </EmptyState>
        }
      />
    </>
  )
}
