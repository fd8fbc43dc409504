import { Text } from '@fluentui/react-components'
import { useCallback, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useQuery } from 'urql'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { DataTable, type Column } from '../../shared/data-table.js'
import { FilterBar } from '../../shared/filter-bar.js'
import { FilterChoice, FilterSearch, useFilter } from '../../shared/filters.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { ErrorClassBadge } from '../../shared/outcome-badge.js'
import { Page } from '../../shared/page.js'
import { RecordLink } from '../../shared/record-link.js'
import { EmptyState } from '../../shared/states.js'
import { useNotify } from '../../shared/toasts.js'
import { useAction } from '../../shared/use-action.js'
import { usePages } from '../../shared/use-pages.js'
import { useIsNarrow } from '../../shell/preferences.js'
import {
  SettleDocument,
  SkippedMappingsDocument,
  SkippedSynchRecordsDocument,
  type ErrorClass,
  type SkippedAction,
  type SkippedSynchRecordsQuery,
} from './generated/graphql.js'

type Row = SkippedSynchRecordsQuery['skippedSynchRecords']['nodes'][number]

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
const ACTIONS = ['RETRY', 'RESTORE_RECORDS', 'DELETE_RECORDS', 'DELETE_COUPLINGS'] as const

/** Coupled Data Synchronization Errors, as Business Central calls them: what runs leave alone until somebody has decided. */
export function SkippedList(): ReactNode {
  const { t } = useTranslation('skipped')
  const { t: common } = useTranslation()
  const navigate = useNavigate()
  const narrow = useIsNarrow()
  const [mapping] = useFilter('mapping')
  const [errorClass] = useFilter('class')
  const [text] = useFilter('text')
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [{ data: mappings }] = useQuery({ query: SkippedMappingsDocument })
  const filter = {
    ...(mapping === null ? {} : { mapping }),
    ...(errorClass === null ? {} : { errorClass: [errorClass as ErrorClass] }),
    ...(text === null ? {} : { text }),
  }
  const pages = usePages({
    query: SkippedSynchRecordsDocument,
    variables: { filter },
    connection: (data) => data.skippedSynchRecords,
    topics: ['counters', 'errors'],
  })
  const open = useCallback((row: Row) => void navigate(`/skipped/${row.id}`), [navigate])
  const columns = useMemo((): readonly Column<Row>[] => {
    return [
      {
        id: 'record',
        title: t('columns.record'),
        width: 'minmax(150px, 2fr)',
        cell: (row) => <InnerLink to={`/skipped/${row.id}`}>{row.record.name ?? row.record.id}</InnerLink>,
      },
      {
        id: 'coupledTo',
        title: t('columns.coupledTo'),
        width: 'minmax(120px, 2fr)',
        wideOnly: true,
        cell: (row) => <RecordLink record={partnerOf(row)} />,
      },
      {
        id: 'table',
        title: t('columns.table'),
        width: 'minmax(90px, 1fr)',
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
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      fill
      actions={<SettleButtons selected={[...selected]} onDone={() => setSelected(new Set())} />}
    >
      <FilterBar label={common('filter.label')}>
        <FilterChoice
          name="mapping"
          label={common('filter.mapping')}
          options={(mappings?.integrationTableMappings ?? []).map(({ name }) => ({
            value: name,
            text: name,
          }))}
        />
        <FilterChoice
          name="class"
          label={t('columns.class')}
          options={CLASSES.map((value) => ({ value, text: common(`errorClass.${value}`) }))}
        />
        <FilterSearch name="text" label={common('filter.search')} />
      </FilterBar>
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
        selection={{ ids: selected, change: setSelected }}
        onOpen={open}
        narrow={narrow}
      />
    </Page>
  )
}

/** The record at the other side of the one that failed. */
function partnerOf({ record, coupling }: Row): Row['record'] | null {
  if (coupling == null) return null
  return record.side === 'LOCAL' ? coupling.integrationRecord : coupling.localRecord
}

/** Retry, Restore Records, Delete Records, Delete Couplings, for the rows that are selected. */
function SettleButtons({
  selected,
  onDone,
}: {
  readonly selected: readonly string[]
  readonly onDone: () => void
}): ReactNode {
  const { t } = useTranslation('skipped')
  const notify = useNotify()
  const [asked, setAsked] = useState<SkippedAction | null>(null)
  const { act } = useAction()
  const nothing = selected.length === 0 ? t('selectFirst') : null
  async function carryOut(action: SkippedAction): Promise<void> {
    const data = await act(SettleDocument, { action, ids: selected })
    setAsked(null)
    if (data === null) return
    const results = data.settleSkippedSynchRecords
    const done = results.filter((result) => result.__typename === 'Applied').length
    const [first] = results.filter((result) => result.__typename !== 'Applied')
    notify({
      intent: done === results.length ? 'success' : 'warning',
      title: t('settled', { done, total: results.length }),
      ...(first === undefined ? {} : { body: first.message }),
    })
    onDone()
  }
  return (
    <>
      {ACTIONS.map((action) => (
        <AllowedButton
          key={action}
          needs="OPERATOR"
          refusal={nothing}
          appearance={action === 'RETRY' ? 'primary' : 'secondary'}
          onClick={() => setAsked(action)}
        >
          {t(`actions.${action}`)}
        </AllowedButton>
      ))}
      {asked !== null && (
        <ConfirmDialog
          open
          title={t('confirm.title', { action: t(`actions.${asked}`), count: selected.length })}
          confirm={t(`actions.${asked}`)}
          onConfirm={() => carryOut(asked)}
          onClose={() => setAsked(null)}
        >
          {t(`confirm.${asked}`)}
        </ConfirmDialog>
      )}
    </>
  )
}
