import { Button, makeStyles, tokens } from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ChooseMappings } from './choose-mappings.js'
import { ConnectionFrame } from './connection-frame.js'
import { LastCheck } from './connection-page.js'
import { FirstPlan } from './first-plan.js'
import type { SetupFragment } from './generated/graphql.js'
import { Steps } from './steps.js'
import { useConnection } from './use-connection.js'

const useStyles = makeStyles({
  foot: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
})

/** The last three steps, of a connection that was made: check it, choose mappings, see the first plan. */
export function FirstPlanPage(): ReactNode {
  const { t } = useTranslation('connections')
  const read = useConnection()
  return (
    <ConnectionFrame read={read} title={t('assistant.title')} lead={t('assistant.lead')}>
      {(connection) => <Assistant connection={connection} again={read.again} />}
    </ConnectionFrame>
  )
}

interface AssistantProps {
  readonly connection: SetupFragment
  readonly again: () => void
}

function Assistant({ connection, again }: AssistantProps): ReactNode {
  const { t } = useTranslation('connections')
  const styles = useStyles()
  const [step, setStep] = useState<'check' | 'mappings' | 'plan'>('check')
  const { lastCheck, mappings } = connection
  const chosen = mappings.filter(({ pausedAt }) => pausedAt == null)
  switch (step) {
    case 'check':
      return (
        <>
          <Steps now={step} />
          <LastCheck connection={connection} again={again} />
          <div className={styles.foot}>
            <AllowedButton
              needs="OPERATOR"
              appearance="primary"
              refusal={lastCheck == null ? t('refusals.check') : null}
              onClick={() => setStep('mappings')}
            >
              {t('actions.next')}
            </AllowedButton>
          </div>
        </>
      )
    case 'mappings':
      return (
        <>
          <Steps now={step} />
          <ChooseMappings
            connection={connection}
            onChange={again}
            onBack={() => setStep('check')}
            next={
              <div className={styles.foot}>
                <Button onClick={() => setStep('check')}>{t('actions.previous')}</Button>
                <AllowedButton
                  needs="OPERATOR"
                  appearance="primary"
                  refusal={chosen.length === 0 ? t('refusals.mappings') : null}
                  onClick={() => setStep('plan')}
                >
                  {t('actions.next')}
                </AllowedButton>
              </div>
            }
          />
        </>
      )
    case 'plan':
      return (
        <>
          <Steps now={step} />
          <FirstPlan connection={connection} mappings={chosen} again={again} />
          <div className={styles.foot}>
            <Button onClick={() => setStep('mappings')}>{t('actions.previous')}</Button>
          </div>
        </>
      )
  }
}
