import { makeStyles, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'

const useStyles = makeStyles({
  filters: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 150px), 1fr))',
    gap: tokens.spacingHorizontalM,
    alignItems: 'end',
    '& > *': { minWidth: 0 },
    '& .fui-Select, & .fui-Select__select, & .fui-Input, & .fui-Input__input': { width: '100%', minWidth: 0 },
  },
})

/** The filters of a list beside one another, as many in a row as there is room for. */
export function FilterBar({
  label,
  children,
}: {
  readonly label: string
  readonly children: ReactNode
}): ReactNode {
  const styles = useStyles()
  return (
    <div className={styles.filters} role="search" aria-label={label}>
      {children}
    </div>
  )
}
