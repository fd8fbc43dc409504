import { makeStyles, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AllowedButton } from '../../shared/allowed-button.js'
import { InnerLink } from '../../shared/inner-link.js'
import { useAction } from '../../shared/use-action.js'
import type { Compared } from './choices.js'
import { SettleDocument, type SettleResultFragment, type SkippedAction } from './generated/graphql.js'
import type { SkippedRecord } from './settled-records.js'

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
})

export interface OtherActionsProps {
  readonly record: SkippedRecord
  readonly compared: Compared
  take(results: readonly SettleResultFragment[]): void
  readonly bothThere: boolean
}

/** What can be done besides choosing values. */
export function OtherActions({ record, compared, bothThere, take }: OtherActionsProps): ReactNode {
  const { t } = useTranslation('skipped')
  const styles = useStyles()
  const { act, busy: settling } = useAction()
  const actions: readonly SkippedAction[] = bothThere
    ? ['RETRY', 'DELETE_COUPLINGS']
    : ['RESTORE_RECORDS', 'DELETE_RECORDS', 'DELETE_COUPLINGS', 'RETRY']
  async function carryOut(action: SkippedAction): Promise<void> {
    const data = await act(SettleDocument, { action, ids: [record.id] })
    if (data !== null) take(data.settleSkippedSynchRecords)
  }
  const { advice, action: step } = compared.recommendation
  return (
    <div className={styles.row}>
      {actions.map((action) => (
        <AllowedButton
          key={action}
          needs="OPERATOR"
          disabled={settling}
          appearance={!bothThere && advice === action ? 'primary' : 'secondary'}
          onClick={() => void carryOut(action)}
        >
          {t(`actions.${action}`)}
        </AllowedButton>
      ))}
      {!bothThere && step != null && <Text>{step.text}</Text>}
      {record.error != null && (
        <InnerLink to={`/errors/entry/${record.error.id}`}>{t('desk.error')}</InnerLink>
      )}
    </div>
  )
}
