import { Button, MessageBar, MessageBarActions, MessageBarBody, Text } from '@fluentui/react-components'
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useQuery } from 'urql'
import { BulkProgress } from '../../shared/bulk/bulk-progress.js'
import { MappingFilter } from '../../shared/common-filters.js'
import { DataTable, type Column } from '../../shared/data-table.js'
import { FilterBar } from '../../shared/filter-bar.js'
import { FilterChoice, FilterSearch, useFilter } from '../../shared/filters.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { ErrorClassBadge } from '../../shared/outcome-badge.js'
import { Page } from '../../shared/page.js'
import { RecordLink } from '../../shared/record-link.js'
import { EmptyState } from '../../shared/states.js'
import { RunProgress } from '../../shared/runs/run-progress.js'
import { usePages } from '../../shared/use-pages.js'
import { useIsNarrow } from '../../shell/preferences.js'
import { FindDeleted, type FoundRun } from './find-deleted.js'
import { SkippedMappingsDocument, SkippedSynchRecordsDocument, type ErrorClass } from './generated/graphql.js'
import { SelectionBar } from './selection-bar.js'
import { SettleButtons } from './settle-buttons.js'
import { partnerOf, systemOfSide, type SkippedRow } from './sides.js'

const CLASSES: readonly ErrorClass[] = [
  'CONFLICT',
  'DELETED_RECORD',
  'VALIDATION',
  'DEPENDENCY_MISSING',
  'PERMISSION',
  'DUPLICATE',
  'AMBIGUOUS_MATCH',
  'UNEXPECTED',
]

/** Coupled Data Synchronization Errors, as Business Central calls them: what runs leave alone until somebody has decided. */
export function SkippedList(): ReactNode {
  const { t } = useTranslation('skipped')
  const { t: common } = useTranslation()
  const navigate = useNavigate()
  const narrow = useIsNarrow()
  const [mapping] = useFilter('mapping')
  const [connection] = useFilter('connection')
  const [errorClass] = useFilter('class')
  const [text] = useFilter('text')
  const [cause, setCause] = useFilter('cause')
  /** An action over many stands in the address, so that its end is seen by whoever comes back. */
  const [action, setAction] = useFilter('action')
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [everything, setEverything] = useState(false)
  const [search, setSearch] = useState<FoundRun | null>(null)
  const [{ data: mappings }] = useQuery({ query: SkippedMappingsDocument })
  const filter = {
    ...(mapping === null ? {} : { mapping }),
    ...(connection === null ? {} : { connection }),
    ...(errorClass === null ? {} : { errorClass: [errorClass as ErrorClass] }),
    ...(text === null ? {} : { text }),
    ...(cause === null ? {} : { fingerprint: cause }),
  }
  const pages = usePages({
    query: SkippedSynchRecordsDocument,
    variables: { filter },
    connection: (data) => data.skippedSynchRecords,
    topics: ['counters', 'errors'],
  })
  const open = useCallback((row: SkippedRow) => void navigate(`/skipped/${row.id}`), [navigate])
  const columns = useMemo((): readonly Column<SkippedRow>[] => {
    return [
      {
        id: 'record',
        title: t('columns.record'),
        width: 'minmax(150px, 2fr)',
        twoLines: true,
        cell: (row) => <InnerLink to={`/skipped/${row.id}`}>{row.record.name ?? row.record.id}</InnerLink>,
      },
      {
        id: 'coupledTo',
        title: t('columns.coupledTo'),
        width: 'minmax(150px, 2fr)',
        twoLines: true,
        wideOnly: true,
        cell: (row) => <RecordLink record={partnerOf(row)} />,
      },
      {
        id: 'table',
        title: t('columns.table'),
        width: '90px',
        wideOnly: true,
        cell: (row) => row.record.tableCaption,
      },
      {
        id: 'class',
        title: t('columns.class'),
        width: '130px',
        cell: (row) => <ErrorClassBadge errorClass={row.errorClass} />,
      },
      {
        id: 'message',
        title: t('columns.message'),
        width: 'minmax(160px, 4fr)',
        twoLines: true,
        wideOnly: true,
        cell: (row) => <span title={row.message}>{row.message}</span>,
      },
      {
        id: 'failedOn',
        title: t('columns.failedOn'),
        width: '130px',
        wideOnly: true,
        cell: (row) => <Instant at={row.skippedAt} as="ago" />,
      },
    ]
  }, [t])
  const isFiltered = Object.keys(filter).length > 0
  const clear = (): void => {
    setSelected(new Set())
    setEverything(false)
  }
  // What was selected among other rows is not meant any more.
  const filtered = JSON.stringify(filter)
  useEffect(clear, [filtered])
  // Nor is what is not there any more, as when somebody else has settled it.
  const meant = everything ? pages.rows : pages.rows.filter(({ id }) => selected.has(id))
  const nameOfSide = (side: 'LOCAL' | 'INTEGRATION', unknown: string): string => {
    const system = systemOfSide(meant.length === 0 ? pages.rows : meant, side)
    return system === null ? unknown : common(`record.systems.${system}`)
  }
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      fill
      actions={
        <FindDeleted
          mappings={mappings?.integrationTableMappings ?? []}
          suggested={{ mapping, connection }}
          onStarted={setSearch}
        />
      }
    >
      <FilterBar label={common('filter.label')}>
        <MappingFilter label={common('filter.mapping')} mappings={mappings?.integrationTableMappings ?? []} />
        <FilterChoice
          name="class"
          label={t('columns.class')}
          options={CLASSES.map((value) => ({ value, text: common(`errorClass.${value}`) }))}
        />
        <FilterSearch name="text" label={common('filter.search')} />
      </FilterBar>
      {cause !== null && (
        <MessageBar intent="info">
          <MessageBarBody>{t('oneCause.text')}</MessageBarBody>
          <MessageBarActions>
            <Button size="small" onClick={() => setCause(null)}>
              {t('oneCause.all')}
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
      <SettleButtons
        of={everything ? { filter } : { ids: meant.map(({ id }) => id) }}
        count={everything ? (pages.total?.count ?? 0) : meant.length}
        isExact={!everything || pages.total?.isExact !== false}
        sides={{
          local: nameOfSide('LOCAL', t('bulk.localSide')),
          integration: nameOfSide('INTEGRATION', t('bulk.integrationSide')),
        }}
        onStarted={(id) => {
          setAction(id)
          clear()
        }}
      />
      <SelectionBar
        selected={meant.length}
        everything={everything}
        total={pages.total}
        selectEverything={setEverything}
        clear={clear}
      />
      {action !== null && <BulkProgress key={action} id={action} onEnd={pages.reload} />}
      {search !== null && (
        <RunProgress
          key={search.id}
          runId={search.id}
          title={t('findDeleted.run', { mapping: search.mapping })}
          onEnded={pages.reload}
        />
      )}
      <DataTable
        label={t('title')}
        pages={pages}
        columns={columns}
        id={(row) => row.id}
        name={(row) => row.record.name ?? row.record.id ?? row.id}
        empty={
          <EmptyState title={t(isFiltered ? 'emptyFiltered' : 'empty')}>
            <Text>{t(isFiltered ? 'emptyFilteredHint' : 'emptyHint')}</Text>
          </EmptyState>
        }
        selection={{
          ids: everything ? new Set(pages.rows.map(({ id }) => id)) : selected,
          change: (ids) => {
            setEverything(false)
            setSelected(ids)
          },
        }}
        onOpen={open}
        narrow={narrow}
      />
    </Page>
  )
}
