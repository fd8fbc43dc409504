import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'

const useStyles = makeStyles({
  facts: {
    display: 'grid',
    gridTemplateColumns: 'fit-content(40%) minmax(0, 1fr)',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL}`,
    margin: 0,
  },
  // Of what is told at length, the value stands at the end.
  longTerms: { gridTemplateColumns: 'minmax(0, 1fr) auto', rowGap: tokens.spacingVerticalS },
  term: { color: tokens.colorNeutralForeground2 },
  definition: { margin: 0, overflowWrap: 'anywhere' },
})

export interface FactsProps {
  /** What is null, undefined or empty is left out. */
  readonly facts: readonly (readonly [term: string, value: ReactNode])[]
  /** The terms are sentences, and the values short. */
  readonly longTerms?: boolean
}

/** A short list of what is known of a thing: a term, and what holds. */
export function Facts({ facts, longTerms = false }: FactsProps): ReactNode {
  const styles = useStyles()
  return (
    <dl className={mergeClasses(styles.facts, longTerms && styles.longTerms)}>
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([term, value]) => (
          <Fact key={term} term={term} value={value} />
        ))}
    </dl>
  )
}

function Fact({ term, value }: { readonly term: string; readonly value: ReactNode }): ReactNode {
  const styles = useStyles()
  return (
    <>
      <dt className={styles.term}>{term}</dt>
      <dd className={styles.definition}>{value}</dd>
    </>
  )
}
