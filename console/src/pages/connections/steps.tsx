import { makeStyles, mergeClasses, shorthands, Text, tokens } from '@fluentui/react-components'
import { CheckmarkRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** The steps from nothing to the first plan. */
export const STEPS = ['systems', 'settings', 'check', 'mappings', 'plan'] as const
export type Step = (typeof STEPS)[number]

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

/** Where somebody is on the way to the first plan. */
export function Steps({ now }: { readonly now: Step }): ReactNode {
  const { t } = useTranslation('connections')
  const styles = useStyles()
  const current = STEPS.indexOf(now)
  return (
    <ol className={styles.steps} aria-label={t('assistant.steps')}>
      {STEPS.map((step, index) => (
        <li key={step} className={styles.step} aria-current={step === now ? 'step' : undefined}>
          <span
            aria-hidden="true"
            className={mergeClasses(
              styles.number,
              step === now && styles.now,
              index < current && styles.done,
            )}
          >
            {index < current ? <CheckmarkRegular /> : index + 1}
          </span>
          <Text weight={step === now ? 'semibold' : 'regular'}>{t(`assistant.step.${step}`)}</Text>
        </li>
      ))}
    </ol>
  )
}
