import { makeStyles, tokens } from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AllowedButton } from '../../shared/allowed-button.js'
import { BulkProgress } from '../../shared/bulk/bulk-progress.js'
import { useNotify } from '../../shared/toasts.js'
import { useAction } from '../../shared/use-action.js'
import {
  StartBulkActionDocument,
  type BulkErrorAction,
  type StartBulkActionInput,
} from './generated/graphql.js'

const ACTIONS = [
  'RETRY_NOW',
  'RETRY_WITH_BACK_OFF',
  'SKIP',
  'RESOLVE',
] as const satisfies readonly BulkErrorAction[]

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
})

export interface BulkButtonsProps {
  /** Which errors: a selection, or those of groups. */
  readonly of: Pick<StartBulkActionInput, 'errors' | 'groups'>
  /** Why there is nothing to do; null: there is. */
  readonly refusal: string | null
  /** What helps better than any of them, and stands before them. */
  readonly better?: ReactNode
  readonly onEnd: () => void
}

/** Does one thing with many errors, and shows how far it is; it goes on whether anybody looks or not. */
export function BulkButtons({ of, refusal, better = null, onEnd }: BulkButtonsProps): ReactNode {
  const { t } = useTranslation('errors')
  const styles = useStyles()
  const notify = useNotify()
  const { act, busy } = useAction()
  const [started, setStarted] = useState<string | null>(null)
  const [running, setRunning] = useState(false)
  async function start(action: BulkErrorAction): Promise<void> {
    const data = await act(StartBulkActionDocument, { input: { action, ...of } })
    if (data === null) return
    const result = data.startBulkAction
    if (result.__typename === 'BulkActionRefused') notify({ intent: 'warning', title: result.message })
    else {
      setStarted(result.bulkAction.id)
      setRunning(true)
    }
  }
  return (
    <>
      <div className={styles.row}>
        {better}
        {ACTIONS.map((action) => (
          <AllowedButton
            key={action}
            needs="OPERATOR"
            appearance={action === 'RETRY_NOW' && better === null ? 'primary' : 'secondary'}
            refusal={refusal}
            disabled={busy || running}
            onClick={() => void start(action)}
          >
            {t(`bulk.${action}`)}
          </AllowedButton>
        ))}
      </div>
      {started !== null && (
        <BulkProgress
          key={started}
          id={started}
          onEnd={() => {
            setRunning(false)
            onEnd()
          }}
        />
      )}
    </>
  )
}
