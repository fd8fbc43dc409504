import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'

const useStyles = makeStyles({
  scroll: { overflowX: 'auto' },
  table: {
    width: '100%',
    borderCollapse: 'collapse',
    '& th': { textAlign: 'start', fontWeight: tokens.fontWeightSemibold },
    '& th, & td': {
      padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS}`,
      borderBlockEndWidth: '1px',
      borderBlockEndStyle: 'solid',
      borderBlockEndColor: tokens.colorNeutralStroke3,
      verticalAlign: 'top',
      overflowWrap: 'anywhere',
    },
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  before: { color: tokens.colorNeutralForeground2, textDecorationLine: 'line-through' },
  after: { fontWeight: tokens.fontWeightSemibold },
})

export interface ChangedRow {
  readonly key: string
  /** What changes: a field, or a record. */
  readonly what: ReactNode
  /** Null and empty: blank. */
  readonly before: string | null
  readonly after: string | null
}

export interface ChangeTableProps {
  readonly label?: string
  /** What stands above what changes, the values that are there, and those that would be. */
  readonly columns: readonly [string, string, string]
  /** What a blank is called. */
  readonly blank: string
  readonly rows: readonly ChangedRow[]
}

/** Values as they are and as they would be. */
export function ChangeTable({ label, columns, blank, rows }: ChangeTableProps): ReactNode {
  const styles = useStyles()
  const shown = (value: string | null, className: string): ReactNode => {
    const isBlank = value === null || value === ''
    return <span className={mergeClasses(isBlank ? styles.quiet : className)}>{isBlank ? blank : value}</span>
  }
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <td>{row.what}</td>
              <td>{shown(row.before, styles.before)}</td>
              <td>{shown(row.after, styles.after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
