import {
  Button,
  Checkbox,
  mergeClasses,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
} from '@fluentui/react-components'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState, LoadingState } from './states.js'
import type { Column, Selection } from './table/column.js'
import { ROW_HEIGHT, useTableStyles } from './table/styles.js'
import { TableFoot } from './table/table-foot.js'
import { TableRow } from './table/table-row.js'
import type { Pages } from './use-pages.js'

export type { Column, Selection } from './table/column.js'

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

/** Rows before the end at which the next page is asked for. */
const AHEAD = 30

/** A list of any length: only the rows in sight are there, and the next page is read as somebody comes near the end. */
export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const { label, pages, empty, selection, onOpen, openId, narrow = false } = props
  const { t } = useTranslation()
  const styles = useTableStyles()
  const scroll = useRef<HTMLDivElement>(null)
  const { columns: allColumns } = props
  const columns = useMemo(
    () => allColumns.filter(({ wideOnly = false }) => !(narrow && wideOnly)),
    [allColumns, narrow],
  )
  const template = `${selection === undefined ? '' : '40px '}${columns.map(({ width }) => width).join(' ')}`
  const { rows, hasMore, loading, failure, total, loadMore } = pages
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

  // Minus one: it is not known, as the standard has it.
  const rowCount = !hasMore ? rows.length + 1 : total?.isExact === true ? total.count + 1 : -1

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
        <div role="table" aria-label={label} aria-rowcount={rowCount} className={styles.table}>
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
                <TableRow
                  key={id}
                  row={row}
                  columns={columns}
                  id={id}
                  name={selects ? props.name(row) : ''}
                  index={index}
                  start={start}
                  template={template}
                  isOpen={id === openId}
                  isFirst={index === items[0]?.index}
                  selection={selection}
                  onToggle={toggle}
                  onOpen={onOpen}
                  onKeyDown={onKeyDown}
                />
              )
            })}
          </div>
        </div>
      </div>
      <TableFoot pages={pages} />
    </div>
  )
}
