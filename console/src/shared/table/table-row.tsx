import { Checkbox, mergeClasses, useRestoreFocusTarget } from '@fluentui/react-components'
import { memo, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column, Selection } from './column.js'
import { useTableStyles } from './styles.js'

export interface TableRowProps<Row> {
  readonly row: Row
  readonly columns: readonly Column<Row>[]
  readonly id: string
  /** Names the row for its check box. */
  readonly name: string
  readonly index: number
  /** Pixels from the top of the list. */
  readonly start: number
  /** The tracks of its columns. */
  readonly template: string
  readonly isOpen: boolean
  /** The first of those that are there: rows far from where somebody has scrolled to are not. */
  readonly isFirst: boolean
  readonly selection: Selection | undefined
  readonly onToggle: (id: string, checked: boolean) => void
  readonly onOpen: ((row: Row) => void) | undefined
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>, index: number) => void
}

/** A row at its place in a list; the keyboard reaches the first one, the open one, and from there all others by arrows. */
export function TableRow<Row>({
  row,
  columns,
  id,
  name,
  index,
  start,
  template,
  isOpen,
  isFirst,
  selection,
  onToggle,
  onOpen,
  onKeyDown,
}: TableRowProps<Row>): ReactNode {
  const { t } = useTranslation()
  const styles = useTableStyles()
  const focusReturnsHere = useRestoreFocusTarget()
  return (
    <div
      {...focusReturnsHere}
      role="row"
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={selection?.ids.has(id)}
      tabIndex={isFirst || isOpen ? 0 : -1}
      className={mergeClasses(
        styles.row,
        styles.placed,
        styles.focusable,
        onOpen !== undefined && styles.opens,
        isOpen && styles.open,
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
            aria-label={t('table.select', { name })}
            checked={selection.ids.has(id)}
            onChange={(_event, { checked }) => onToggle(id, checked === true)}
          />
        </div>
      )}
      <Cells row={row} columns={columns} />
    </div>
  )
}

interface CellsProps<Row> {
  readonly row: Row
  readonly columns: readonly Column<Row>[]
}

function CellsOf<Row>({ row, columns }: CellsProps<Row>): ReactNode {
  const styles = useTableStyles()
  return columns.map(({ id, align, twoLines = false, cell }) => (
    <div
      key={id}
      role="cell"
      className={mergeClasses(styles.cell, align === 'end' && styles.end, twoLines && styles.twoLines)}
    >
      {cell(row)}
    </div>
  ))
}

/** Rows move as somebody scrolls; what they hold is only drawn anew when it is another. */
const Cells = memo(CellsOf) as typeof CellsOf
