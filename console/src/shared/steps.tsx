import { makeStyles, mergeClasses, shorthands, Text, tokens } from '@fluentui/react-components'
import { CheckmarkRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'

const useStyles = makeStyles({
  steps: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  step: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  number: {
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    width: '28px',
    height: '28px',
    boxSizing: 'border-box',
    borderRadius: '50%',
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForeground2,
    backgroundColor: tokens.colorNeutralBackground1,
    ...shorthands.border('1px', 'solid', tokens.colorNeutralStroke1),
  },
  now: {
    color: tokens.colorNeutralForegroundOnBrand,
    backgroundColor: tokens.colorBrandBackground,
    ...shorthands.borderColor(tokens.colorBrandBackground),
  },
  done: {
    color: tokens.colorStatusSuccessForeground1,
    ...shorthands.borderColor(tokens.colorStatusSuccessBorder2),
  },
})

export interface StepsProps {
  /** What the whole is called. */
  readonly label: string
  /** What each step is called, in order. */
  readonly steps: readonly string[]
  /** Place of the one that somebody is at. */
  readonly now: number
}

/** Where somebody is on a way of several steps. */
export function Steps({ label, steps, now }: StepsProps): ReactNode {
  const styles = useStyles()
  return (
    <ol className={styles.steps} aria-label={label}>
      {steps.map((step, index) => (
        <li key={step} className={styles.step} aria-current={index === now ? 'step' : undefined}>
          <span
            aria-hidden="true"
            className={mergeClasses(styles.number, index === now && styles.now, index < now && styles.done)}
          >
            {index < now ? <CheckmarkRegular /> : index + 1}
          </span>
          <Text weight={index === now ? 'semibold' : 'regular'}>{step}</Text>
        </li>
      ))}
    </ol>
  )
}
