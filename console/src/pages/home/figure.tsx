import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { InnerLink } from '../../shared/inner-link.js'
import { Panel } from '../../shared/panel.js'

const useStyles = makeStyles({
  number: {
    fontSize: tokens.fontSizeHero700,
    lineHeight: tokens.lineHeightHero700,
    fontWeight: tokens.fontWeightSemibold,
  },
  good: { color: tokens.colorStatusSuccessForeground1 },
})

export interface FigureProps {
  readonly title: string
  /** Nothing is left to do. */
  readonly good: boolean
  readonly to?: string
  readonly children: ReactNode
}

/** One number in large, with the page that tells more. */
export function Figure({ title, good, to, children }: FigureProps): ReactNode {
  const styles = useStyles()
  return (
    <Panel title={title}>
      <span className={mergeClasses(styles.number, good && styles.good)}>
        {to === undefined ? (
          children
        ) : (
          <InnerLink to={to} className={styles.number} title={title}>
            {children}
          </InnerLink>
        )}
      </span>
    </Panel>
  )
}
