import { Badge, Text } from '@fluentui/react-components'
import { useCallback, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { DataTable, type Column } from '../../shared/data-table.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { ErrorClassBadge } from '../../shared/outcome-badge.js'
import { Quantity } from '../../shared/quantity.js'
import { EmptyState } from '../../shared/states.js'
import { usePages } from '../../shared/use-pages.js'
import { useIsNarrow } from '../../shell/preferences.js'
import {
  ErrorGroupsDocument,
  type ErrorGroupFilter,
  type ErrorGroupsQuery,
  type ErrorGroupState,
} from './generated/graphql.js'
import { headlineOf } from './headline.js'

type Row = ErrorGroupsQuery['errorGroups']['nodes'][number]

const STATES: Readonly<Record<string, readonly ErrorGroupState[]>> = {
  open: ['OPEN', 'ASSIGNED'],
  resolved: ['RESOLVED'],
  snoozed: ['SNOOZED'],
}

export interface GroupListProps {
  readonly filter: ErrorGroupFilter
  readonly state: string
}

export function GroupList({ filter, state }: GroupListProps): ReactNode {
  const { t } = useTranslation('errors')
  const navigate = useNavigate()
  const narrow = useIsNarrow()
  const states = STATES[state]
  const pages = usePages({
    query: ErrorGroupsDocument,
    variables: { filter: { ...filter, ...(states === undefined ? {} : { state: states }) } },
    connection: (data) => data.errorGroups,
    topics: ['errors'],
  })
  const open = useCallback((row: Row) => void navigate(`/errors/group/${row.id}`), [navigate])
  const columns = useMemo((): readonly Column<Row>[] => {
    return [
      {
        id: 'message',
        title: t('columns.rootCause'),
        width: 'minmax(180px, 5fr)',
        twoLines: true,
        cell: (row) => (
          <InnerLink to={`/errors/group/${row.id}`} title={row.message}>
            {headlineOf(row)}
          </InnerLink>
        ),
      },
      {
        id: 'open',
        title: t('columns.open'),
        width: '64px',
        align: 'end',
        cell: (row) => <Quantity value={row.openCount} />,
      },
      {
        id: 'class',
        title: t('columns.class'),
        width: '140px',
        wideOnly: true,
        cell: (row) => <ErrorClassBadge errorClass={row.errorClass} />,
      },
      {
        id: 'mapping',
        title: t('columns.mapping'),
        width: 'minmax(132px, 1fr)',
        wideOnly: true,
        cell: (row) => row.mapping.name,
      },
      {
        id: 'state',
        title: t('columns.state'),
        width: 'minmax(100px, 1fr)',
        wideOnly: true,
        cell: (row) => <GroupStateBadge state={row.state} assignee={row.assignee ?? null} />,
      },
      {
        id: 'lastSeen',
        title: t('columns.lastSeen'),
        width: '130px',
        wideOnly: true,
        cell: (row) => <Instant at={row.lastSeen} as="ago" />,
      },
    ]
  }, [t])
  return (
    <DataTable
      label={t('groups')}
      pages={pages}
      columns={columns}
      id={(row) => row.id}
      name={headlineOf}
      empty={
        <EmptyState title={t('emptyGroups')}>
          <Text>{t('emptyHint')}</Text>
        </EmptyState>
      }
      onOpen={open}
      narrow={narrow}
    />
  )
}

export interface GroupStateBadgeProps {
  readonly state: ErrorGroupState
  readonly assignee: string | null
}

export function GroupStateBadge({ state, assignee }: GroupStateBadgeProps): ReactNode {
  const { t } = useTranslation('errors')
  return (
    <Badge
      appearance="tint"
      color={state === 'RESOLVED' ? 'success' : state === 'OPEN' ? 'danger' : 'informative'}
    >
      {assignee !== null && state === 'ASSIGNED' ? assignee : t(`groupState.${state}`)}
    </Badge>
  )
}
