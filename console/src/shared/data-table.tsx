import {
  Button,
  Checkbox,
  makeStyles,
  mergeClasses,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  shorthands,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState, LoadingState } from './states.js'
import { formatNumber } from './quantity.js'
import type { Pages } from './use-pages.js'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  /** A track of CSS grid: `minmax(120px, 2fr)`, `96px`. */
  readonly width: string
  readonly align?: 'start' | 'end'
  /** Left out where there is little room. */
  readonly wideOnly?: boolean
  cell(row: Row): ReactNode
}

export interface Selection {
  readonly ids: ReadonlySet<string>
  change(ids: ReadonlySet<string>): void
}

export interface DataTableProps<Row> {
  /** What the rows are, for who cannot see them. */
  readonly label: string
  readonly pages: Pages<Row>
  readonly columns: readonly Column<Row>[]
  id(row: Row): string
  /** Names a row for its check box. */
  name(row: Row): string
  /** What stands there when there are no rows. */
  readonly empty: ReactNode
  readonly selection?: Selection
  /** Opens a row, by mouse or Enter. */
  readonly onOpen?: (row: Row) => void
  readonly openId?: string | null
  readonly narrow?: boolean
}

const ROW_HEIGHT = 44
/** Rows before the end at which the next page is asked for. */
const AHEAD = 30

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    minHeight: '240px',
    flexGrow: 1,
    overflow: 'hidden',
    backgroundColor: tokens.colorNeutralBackground1,
    ...shorthands.border('1px', 'solid', tokens.colorNeutralStroke2),
    borderRadius: tokens.borderRadiusLarge,
  },
  scroll: {
    overflow: 'auto',
    flexGrow: 1,
    flexBasis: 0,
    minHeight: 0,
    position: 'relative',
    outlineOffset: '-2px',
    // Where bars show only while one scrolls, nothing would tell that there are more columns.
    '::-webkit-scrollbar': { width: '10px', height: '10px' },
    '::-webkit-scrollbar-thumb': {
      backgroundColor: tokens.colorNeutralStroke1,
      borderRadius: tokens.borderRadiusCircular,
      ':hover': { backgroundColor: tokens.colorNeutralStrokeAccessible },
    },
  },
  table: { minWidth: 'fit-content' },
  row: {
    display: 'grid',
    alignItems: 'center',
    height: `${ROW_HEIGHT}px`,
    boxSizing: 'border-box',
    ...shorthands.borderBottom('1px', 'solid', tokens.colorNeutralStroke3),
  },
  head: { position: 'sticky', top: 0, zIndex: 1, backgroundColor: tokens.colorNeutralBackground1 },
  body: { position: 'relative' },
  placed: { position: 'absolute', insetInline: 0, top: 0 },
  opens: { cursor: 'pointer', ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover } },
  open: { backgroundColor: tokens.colorNeutralBackground1Selected },
  focusable: {
    ':focus-visible': {
      ...shorthands.outline('2px', 'solid', tokens.colorStrokeFocus2),
      outlineOffset: '-2px',
    },
  },
  cell: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    paddingInline: tokens.spacingHorizontalS,
  },
  end: { textAlign: 'end' },
  columnTitle: {
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
  },
  foot: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    ...shorthands.borderTop('1px', 'solid', tokens.colorNeutralStroke2),
    color: tokens.colorNeutralForeground2,
    minHeight: '20px',
  },
})

/** A list of any length: only the rows in sight are there, and the next page is read as somebody comes near the end. */
export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const { label, pages, empty, selection, onOpen, openId, narrow = false } = props
  const { t } = useTranslation()
  const styles = useStyles()
  const scroll = useRef<HTMLDivElement>(null)
  const { columns: allColumns } = props
  const columns = useMemo(
    () => allColumns.filter(({ wideOnly = false }) => !(narrow && wideOnly)),
    [allColumns, narrow],
  )
  const template = `${selection === undefined ? '' : '40px '}${columns.map(({ width }) => width).join(' ')}`
  const { rows, hasMore, loading, failure, loadMore } = pages
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  })
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && last >= rows.length - AHEAD) loadMore()
  }, [hasMore, last, rows.length, loadMore])

  const selects = selection !== undefined
  const { id: idOf } = props
  const ids = useMemo(() => (selects ? rows.map(idOf) : []), [selects, rows])

  if (failure !== null && rows.length === 0) return <ErrorState failure={failure} retry={pages.reload} />
  if (rows.length === 0) return loading ? <LoadingState /> : empty

  const allSelected = selection !== undefined && ids.every((id) => selection.ids.has(id))
  const someSelected = selection !== undefined && ids.some((id) => selection.ids.has(id))

  function toggle(id: string, checked: boolean): void {
    if (selection === undefined) return
    const after = new Set(selection.ids)
    if (checked) after.add(id)
    else after.delete(id)
    selection.change(after)
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>, index: number): void {
    if (event.target !== event.currentTarget) return
    const row = rows[index]
    if (event.key === 'Enter' && row !== undefined && onOpen !== undefined) {
      event.preventDefault()
      onOpen(row)
    }
    if (event.key === ' ' && row !== undefined && selection !== undefined) {
      event.preventDefault()
      toggle(props.id(row), !selection.ids.has(props.id(row)))
    }
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = Math.min(rows.length - 1, Math.max(0, index + step))
    virtualizer.scrollToIndex(next)
    // The row may only be there once the list has moved.
    requestAnimationFrame(() =>
      scroll.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus({ preventScroll: true }),
    )
  }

  return (
    <div className={styles.root}>
      {pages.outdated && (
        <MessageBar intent="info">
          <MessageBarBody>{t('state.changed')}</MessageBarBody>
          <MessageBarActions>
            <Button size="small" onClick={pages.reload}>
              {t('state.showChanges')}
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
      <div ref={scroll} className={styles.scroll} tabIndex={0} role="region" aria-label={label}>
        <div role="table" aria-label={label} aria-rowcount={rows.length + 1} className={styles.table}>
          <div role="rowgroup" className={styles.head}>
            <div
              role="row"
              aria-rowindex={1}
              className={styles.row}
              style={{ gridTemplateColumns: template }}
            >
              {selection !== undefined && (
                <div role="columnheader">
                  <Checkbox
                    aria-label={t('table.selectAll')}
                    checked={allSelected ? true : someSelected ? 'mixed' : false}
                    onChange={(_event, { checked }) => selection.change(new Set(checked === true ? ids : []))}
                  />
                </div>
              )}
              {columns.map(({ id, title, align }) => (
                <div
                  key={id}
                  role="columnheader"
                  title={title}
                  className={mergeClasses(styles.cell, styles.columnTitle, align === 'end' && styles.end)}
                >
                  {title}
                </div>
              ))}
            </div>
          </div>
          <div role="rowgroup" className={styles.body} style={{ height: virtualizer.getTotalSize() }}>
            {items.map(({ index, start }) => {
              const row = rows[index]
              if (row === undefined) return null
              const id = props.id(row)
              return (
                <div
                  key={id}
                  role="row"
                  data-index={index}
                  aria-rowindex={index + 2}
                  aria-selected={selection?.ids.has(id)}
                  tabIndex={index === 0 || id === openId ? 0 : -1}
                  className={mergeClasses(
                    styles.row,
                    styles.placed,
                    styles.focusable,
                    onOpen !== undefined && styles.opens,
                    id === openId && styles.open,
                  )}
                  style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
                  onKeyDown={(event) => onKeyDown(event, index)}
                  onClick={(event) => {
                    if (!(event.target as HTMLElement).closest('a,button,input,label')) onOpen?.(row)
                  }}
                >
                  {selection !== undefined && (
                    <div role="cell">
                      <Checkbox
                        aria-label={t('table.select', { name: props.name(row) })}
                        checked={selection.ids.has(id)}
                        onChange={(_event, { checked }) => toggle(id, checked === true)}
                      />
                    </div>
                  )}
                  <Cells row={row} columns={columns} />
                </div>
              )
            })}
          </div>
        </div>
      </div>
      <TableFoot pages={pages} />
    </div>
  )
}

interface CellsProps<Row> {
  readonly row: Row
  readonly columns: readonly Column<Row>[]
}

function CellsOf<Row>({ row, columns }: CellsProps<Row>): ReactNode {
  const styles = useStyles()
  return columns.map(({ id, align, cell }) => (
    <div key={id} role="cell" className={mergeClasses(styles.cell, align === 'end' && styles.end)}>
      {cell(row)}
    </div>
  ))
}

/** Rows move as somebody scrolls; what they hold is only drawn anew when it is another. */
const Cells = memo(CellsOf) as typeof CellsOf

function TableFoot({ pages }: { readonly pages: Pages<unknown> }): ReactNode {
  const { t, i18n } = useTranslation()
  const styles = useStyles()
  const { total, rows, loading, failure, hasMore } = pages
  const count = total?.count ?? (hasMore ? null : rows.length)
  return (
    <div className={styles.foot} role="status">
      {count !== null && (
        <Text size={200}>
          {total === null || total.isExact
            ? t('table.rows', { count })
            : t('table.rowsAtLeast', { number: formatNumber(count, i18n.language) })}
        </Text>
      )}
      {loading && <Spinner size="extra-tiny" label={<Text size={200}>{t('table.loadingMore')}</Text>} />}
      {failure !== null && (
        <>
          <Text size={200}>{failure.message}</Text>
          <Button size="small" onClick={pages.loadMore}>
            {t('state.retry')}
          </Button>
        </>
      )}
    </div>
  )
}
