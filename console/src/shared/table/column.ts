import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  /** A track of CSS grid: `minmax(120px, 2fr)`, `96px`. */
  readonly width: string
  readonly align?: 'start' | 'end'
  /** What is told in sentences or by long names has two lines. */
  readonly twoLines?: boolean
  /** Left out where there is little room. */
  readonly wideOnly?: boolean
  cell(row: Row): ReactNode
}

export interface Selection {
  readonly ids: ReadonlySet<string>
  change(ids: ReadonlySet<string>): void
}
