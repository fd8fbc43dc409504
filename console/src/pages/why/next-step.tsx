import { makeStyles, Text, tokens } from '@fluentui/react-components'
import { PlayRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '../../api/session.js'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { useAction } from '../../shared/use-action.js'
import type { WhyStatusFragment } from './generated/graphql.js'

type Step = NonNullable<WhyStatusFragment['nextStep']>

/** Steps that do no more than start a run or look: nobody is asked twice. */
const PLAIN: ReadonlySet<string> = new Set([
  'resumeConnection',
  'resumeIntegrationTableMapping',
  'checkConnection',
  'synchronizeMapping',
  'rehearseMapping',
  'retrySkippedSynchRecords',
])
const TITLED = [
  'enableConnection',
  'resumeConnection',
  'resumeIntegrationTableMapping',
  'checkConnection',
  'synchronizeMapping',
  'synchronizeRecord',
  'createRecords',
  'coupleByMatching',
  'allowDeletions',
  'rehearseMapping',
  'retrySkippedSynchRecords',
  'resolveSkippedSynchRecords',
  'restoreRecords',
  'deleteRecords',
  'deleteCouplings',
] as const
const NEEDS: Readonly<Record<string, Role>> = { enableConnection: 'ADMINISTRATOR' }

const useStyles = makeStyles({
  step: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  text: { color: tokens.colorNeutralForeground2 },
})

/** The button that does what the server says is to be done next, with the very call that it names. */
export function NextStep({ step, onDone }: { readonly step: Step; readonly onDone: () => void }): ReactNode {
  const { t } = useTranslation('why')
  const styles = useStyles()
  const { act, busy } = useAction()
  const [asking, setAsking] = useState(false)
  const titled = TITLED.find((one) => one === step.mutation)
  const title = t(`steps.${titled ?? 'other'}`)

  async function take(): Promise<void> {
    const done = await act(step.document, step.variables, { done: t('done', { step: title }) })
    setAsking(false)
    if (done !== null) onDone()
  }

  return (
    <div className={styles.step}>
      <AllowedButton
        needs={NEEDS[step.mutation] ?? 'OPERATOR'}
        appearance="primary"
        icon={<PlayRegular />}
        disabled={busy}
        onClick={() => {
          if (PLAIN.has(step.mutation)) void take()
          else setAsking(true)
        }}
      >
        {title}
      </AllowedButton>
      <Text size={200} className={styles.text}>
        {step.text}
      </Text>
      <ConfirmDialog
        open={asking}
        title={title}
        confirm={title}
        onConfirm={take}
        onClose={() => setAsking(false)}
      >
        {t('confirm', { text: step.text })}
      </ConfirmDialog>
    </div>
  )
}
