import { Text } from '@fluentui/react-components'
import { useCallback, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { DataTable, type Column } from '../../shared/data-table.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { RecordLink } from '../../shared/record-link.js'
import { EmptyState } from '../../shared/states.js'
import { usePages } from '../../shared/use-pages.js'
import { useSelected } from '../../shared/use-selected.js'
import { useIsNarrow } from '../../shell/preferences.js'
import { BulkButtons } from './bulk-buttons.js'
import {
  ErrorEntriesDocument,
  type EntryFragment,
  type IntegrationSynchErrorFilter,
} from './generated/graphql.js'

export interface EntryListProps {
  readonly filter: IntegrationSynchErrorFilter
  /** `open`, `resolved` or `all`. */
  readonly state: string
  /** Whether what is selected can be acted on. Left out: it can. */
  readonly actions?: boolean
}

/** Integration Synch. Errors with Business Central's columns; what is selected can be tried again. */
export function EntryList({ filter, state, actions = true }: EntryListProps): ReactNode {
  const { t } = useTranslation('errors')
  const navigate = useNavigate()
  const narrow = useIsNarrow()
  const status = state === 'open' ? 'OPEN' : state === 'resolved' ? 'RESOLVED' : null
  const pages = usePages({
    query: ErrorEntriesDocument,
    variables: { filter: { ...filter, ...(status === null ? {} : { status }) } },
    connection: (data) => data.integrationSynchErrors,
    topics: ['errors'],
  })
  const { ids, meant, change } = useSelected(pages.rows, { filter, status })
  const open = useCallback((row: EntryFragment) => void navigate(`/errors/entry/${row.id}`), [navigate])
  const columns = useMemo((): readonly Column<EntryFragment>[] => {
    const resolved: Column<EntryFragment> = {
      id: 'resolved',
      title: t('columns.resolved'),
      width: '140px',
      cell: (row) => <Instant at={row.resolvedAt} as="ago" none={t('states.open')} />,
    }
    return [
      {
        id: 'time',
        title: t('columns.time'),
        width: '130px',
        cell: (row) => <Instant at={row.time} as="ago" />,
      },
      {
        id: 'message',
        title: t('columns.message'),
        width: 'minmax(160px, 5fr)',
        twoLines: true,
        cell: (row) => (
          <InnerLink to={`/errors/entry/${row.id}`} title={row.message}>
            {row.message}
          </InnerLink>
        ),
      },
      {
        id: 'source',
        title: t('columns.source'),
        width: 'minmax(130px, 2fr)',
        twoLines: true,
        wideOnly: true,
        cell: (row) => <RecordLink record={row.source} />,
      },
      {
        id: 'destination',
        title: t('columns.destination'),
        width: 'minmax(130px, 2fr)',
        twoLines: true,
        wideOnly: true,
        cell: (row) => <RecordLink record={row.destination} />,
      },
      {
        id: 'mapping',
        title: t('columns.mapping'),
        width: 'minmax(132px, 1fr)',
        wideOnly: true,
        cell: (row) => row.mapping.name,
      },
      ...(state === 'open' ? [] : [resolved]),
    ]
  }, [t, state])
  return (
    <>
      {actions && (
        <BulkButtons
          of={{ errors: meant }}
          refusal={meant.length === 0 ? t('selectFirst') : null}
          onEnd={pages.reload}
        />
      )}
      <DataTable
        label={t('entries')}
        pages={pages}
        columns={columns}
        id={(row) => row.id}
        name={(row) => row.source?.name ?? row.message}
        empty={
          <EmptyState title={t('emptyEntries')}>
            <Text>{t('emptyHint')}</Text>
          </EmptyState>
        }
        {...(actions ? { selection: { ids, change } } : {})}
        onOpen={open}
        narrow={narrow}
      />
    </>
  )
}
