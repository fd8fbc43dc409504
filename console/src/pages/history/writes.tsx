import { Badge, makeStyles, MessageBar, MessageBarActions, MessageBarBody } from '@fluentui/react-components'
import { ArrowUndoRegular, HistoryRegular } from '@fluentui/react-icons'
import type { TFunction } from 'i18next'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { AllowedButton } from '../../shared/allowed-button.js'
import { DataTable, type Column } from '../../shared/data-table.js'
import { InnerLink } from '../../shared/inner-link.js'
import { Instant } from '../../shared/instant.js'
import { Page } from '../../shared/page.js'
import { RecordLink } from '../../shared/record-link.js'
import { EmptyState } from '../../shared/states.js'
import { usePages } from '../../shared/use-pages.js'
import { useIsNarrow } from '../../shell/preferences.js'
import { WritesDocument, type WriteFragment } from './generated/graphql.js'
import { RunUndo } from './run-undo.js'
import { systemOf } from './system-of.js'
import { UndoDialog } from './undo-dialog.js'
import { useWriteFilter, WriteFilters } from './write-filters.js'
import { KIND_COLORS, WriteDrawer } from './write-drawer.js'

const NOBODY: ReadonlySet<string> = new Set()

const useStyles = makeStyles({ bar: { flexShrink: 0 } })

/** What Accord wrote, the latest first: filtered, opened, undone. */
export function Writes(): ReactNode {
  const { t } = useTranslation('history')
  const styles = useStyles()
  const narrow = useIsNarrow()
  const [search] = useSearchParams()
  const { filter, isFiltered } = useWriteFilter()
  const [selected, setSelected] = useState<ReadonlySet<string>>(NOBODY)
  const [open, setOpen] = useState<WriteFragment | null>(null)
  const [undoing, setUndoing] = useState<readonly WriteFragment[] | null>(null)
  const pages = usePages({
    query: WritesDocument,
    variables: { filter },
    connection: ({ recordWrites }) => recordWrites,
    topics: ['counters'],
  })
  const columns = useMemo(() => columnsOf(t, narrow), [t, narrow])
  const chosen = pages.rows.filter(({ id, undoneBy }) => selected.has(id) && undoneBy == null)
  const runId = search.get('run')
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      fill
      actions={
        <AllowedButton
          needs="OPERATOR"
          icon={<ArrowUndoRegular />}
          refusal={chosen.length === 0 ? t('refusals.nothing') : null}
          onClick={() => setUndoing(chosen)}
        >
          {chosen.length === 0 ? t('actions.undo') : t('actions.undoSelected', { count: chosen.length })}
        </AllowedButton>
      }
    >
      <WriteFilters />
      {runId !== null && (
        <MessageBar className={styles.bar} layout="multiline">
          <MessageBarBody>
            {t('filters.ofRun')}. <InnerLink to="/history">{t('filters.allRuns')}</InnerLink>
          </MessageBarBody>
          <MessageBarActions>
            <RunUndo runId={runId} onDone={pages.reload} />
          </MessageBarActions>
        </MessageBar>
      )}
      <DataTable
        label={t('title')}
        pages={pages}
        columns={columns}
        id={({ id }) => id}
        name={({ record, at }) => record?.name ?? at}
        selection={{ ids: selected, change: setSelected }}
        onOpen={setOpen}
        narrow={narrow}
        empty={<EmptyState title={t(isFiltered ? 'noneFound' : 'empty')} icon={<HistoryRegular />} />}
      />
      <WriteDrawer write={open} onClose={() => setOpen(null)} onUndo={(write) => setUndoing([write])} />
      {undoing !== null && (
        <UndoDialog
          writes={undoing}
          onClose={() => setUndoing(null)}
          onDone={() => {
            setSelected(NOBODY)
            setOpen(null)
            pages.reload()
          }}
        />
      )}
    </Page>
  )
}

function columnsOf(t: TFunction, narrow: boolean): readonly Column<WriteFragment>[] {
  const at: Column<WriteFragment> = {
    id: 'at',
    title: t('columns.at'),
    width: '148px',
    cell: (write) => <Instant at={write.at} as="short" />,
  }
  return [
    // Where there is little room, what was written comes before when.
    ...(narrow ? [] : [at]),
    {
      id: 'kind',
      title: t('columns.kind'),
      width: '96px',
      cell: ({ kind }) => (
        <Badge appearance="tint" color={KIND_COLORS[kind]}>
          {t(`kinds.${kind}`)}
        </Badge>
      ),
    },
    {
      id: 'record',
      title: t('columns.record'),
      width: 'minmax(130px, 1.5fr)',
      twoLines: true,
      cell: ({ record }) => <RecordLink record={record} />,
    },
    ...(narrow ? [at] : []),
    {
      id: 'system',
      title: t('columns.system'),
      width: '142px',
      wideOnly: true,
      cell: (write) => systemOf(write, write.side),
    },
    {
      id: 'fields',
      title: t('columns.fields'),
      width: 'minmax(120px, 1.5fr)',
      twoLines: true,
      cell: ({ fields }) => {
        const names = fields.map(({ caption }) => caption).join(', ')
        return <span title={names}>{names}</span>
      },
    },
    {
      id: 'mapping',
      title: t('columns.mapping'),
      width: 'minmax(116px, 1fr)',
      twoLines: true,
      wideOnly: true,
      cell: ({ mapping }) => mapping.name,
    },
    {
      id: 'reason',
      title: t('columns.reason'),
      width: 'minmax(140px, 2fr)',
      twoLines: true,
      wideOnly: true,
      cell: ({ reason }) => <span title={reason}>{reason}</span>,
    },
    {
      id: 'by',
      title: t('columns.by'),
      width: '84px',
      wideOnly: true,
      cell: ({ requestedBy }) => requestedBy,
    },
    {
      id: 'state',
      title: t('columns.state'),
      width: '88px',
      cell: ({ undoneBy }) =>
        undoneBy == null ? t('stands') : <Badge color="informative">{t('undone')}</Badge>,
    },
  ]
}
