import { makeStyles, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'

const useStyles = makeStyles({
  fact: { display: 'flex', flexDirection: 'column' },
  term: { color: tokens.colorNeutralForeground2 },
})

/** One thing that is known of a record or a mapping, below its name; for a row of several. */
export function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }): ReactNode {
  const styles = useStyles()
  return (
    <div className={styles.fact}>
      <Text size={200} className={styles.term}>
        {term}
      </Text>
      <span>{children}</span>
    </div>
  )
}
