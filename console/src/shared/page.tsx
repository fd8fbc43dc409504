import { makeStyles, Text, Title2, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalL,
    minHeight: '100%',
    boxSizing: 'border-box',
  },
  fill: { height: '100%' },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalM },
  titles: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXXS,
    flexGrow: 1,
    // As long as so much is left for them, what can be done stands beside them.
    flexBasis: '300px',
    minWidth: 0,
  },
  lead: { color: tokens.colorNeutralForeground2, maxWidth: '100ch' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
})

export interface PageProps {
  readonly title: string
  /** One sentence on what the page is for. */
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  /** The content takes the height that is left, as a long list does, which then scrolls within itself. */
  readonly fill?: boolean
  readonly children: ReactNode
}

/** The frame of every page: its heading, what can be done with all of it, and its content. */
export function Page({ title, lead, actions, fill = false, children }: PageProps): ReactNode {
  const styles = useStyles()
  return (
    <div className={fill ? `${styles.root} ${styles.fill}` : styles.root}>
      <div className={styles.head}>
        <div className={styles.titles}>
          <Title2 as="h1">{title}</Title2>
          {lead !== undefined && <Text className={styles.lead}>{lead}</Text>}
        </div>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  )
}
