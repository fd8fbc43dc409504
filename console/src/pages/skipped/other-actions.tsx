import { makeStyles, Text, tokens } from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { InnerLink } from '../../shared/inner-link.js'
import { useAction } from '../../shared/use-action.js'
import type { Compared } from './choices.js'
import { SettleDocument, type SettleResultFragment, type SkippedAction } from './generated/graphql.js'
import type { SkippedRecord } from './settled-records.js'

/** What is not done by a single press: the one deletes in a system, the other cannot simply be taken back. */
const ASKED: ReadonlySet<SkippedAction> = new Set<SkippedAction>(['DELETE_RECORDS', 'DELETE_COUPLINGS'])

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
})

export interface OtherActionsProps {
  readonly record: SkippedRecord
  readonly compared: Compared
  take(results: readonly SettleResultFragment[]): void
  readonly bothThere: boolean
  /** Something else is being done with the record. */
  readonly busy?: boolean
}

/** What can be done besides choosing values. */
export function OtherActions({
  record,
  compared,
  bothThere,
  busy = false,
  take,
}: OtherActionsProps): ReactNode {
  const { t } = useTranslation('skipped')
  const styles = useStyles()
  const { act, busy: settling } = useAction()
  const [asked, setAsked] = useState<SkippedAction | null>(null)
  const actions: readonly SkippedAction[] = bothThere
    ? ['RETRY', 'DELETE_COUPLINGS']
    : ['RESTORE_RECORDS', 'DELETE_RECORDS', 'DELETE_COUPLINGS', 'RETRY']
  async function carryOut(action: SkippedAction): Promise<void> {
    const data = await act(SettleDocument, { action, ids: [record.id] })
    setAsked(null)
    if (data !== null) take(data.settleSkippedSynchRecords)
  }
  const { advice, action: step } = compared.recommendation
  return (
    <div className={styles.row}>
      {actions.map((action) => (
        <AllowedButton
          key={action}
          needs="OPERATOR"
          disabled={settling || busy}
          appearance={!bothThere && advice === action ? 'primary' : 'secondary'}
          onClick={() => {
            if (ASKED.has(action)) setAsked(action)
            else void carryOut(action)
          }}
        >
          {t(`actions.${action}`)}
        </AllowedButton>
      ))}
      {!bothThere && step != null && <Text>{step.text}</Text>}
      {record.error != null && (
        <InnerLink to={`/errors/entry/${record.error.id}`}>{t('desk.error')}</InnerLink>
      )}
      {asked !== null && (
        <ConfirmDialog
          open
          title={t('confirm.title', { action: t(`actions.${asked}`), count: 1 })}
          confirm={t(`actions.${asked}`)}
          onConfirm={() => carryOut(asked)}
          onClose={() => setAsked(null)}
        >
          {t(`confirm.${asked}`)}
        </ConfirmDialog>
      )}
    </div>
  )
}
