import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Steps as StepsShown } from '../../shared/steps.js'

/** The steps from nothing to the first plan. */
export const STEPS = ['systems', 'settings', 'check', 'mappings', 'plan'] as const
export type Step = (typeof STEPS)[number]

/** Where somebody is on the way to the first plan. */
export function Steps({ now }: { readonly now: Step }): ReactNode {
  const { t } = useTranslation('connections')
  return (
    <StepsShown
      label={t('assistant.steps')}
      steps={STEPS.map((step) => t(`assistant.step.${step}`))}
      now={STEPS.indexOf(now)}
    />
  )
}
