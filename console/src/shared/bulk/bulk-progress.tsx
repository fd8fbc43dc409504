import {
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  ProgressBar,
  Text,
  tokens,
} from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AllowedButton } from '../allowed-button.js'
import { formatNumber } from '../quantity.js'
import { useAction } from '../use-action.js'
import { BulkObstacles } from './bulk-obstacles.js'
import { CancelBulkActionDocument } from './generated/graphql.js'
import { useBulkProgress, type BulkStanding } from './use-bulk-progress.js'

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  /** Told whole, however little room a long list leaves. */
  whole: { flexShrink: 0 },
  progress: { flexGrow: 1, maxWidth: '480px' },
})

export interface BulkProgressProps {
  readonly id: string
  readonly onEnd: (ended: BulkStanding) => void
}

/** How far an action over many is, a way to stop it, and what became of it; it goes on whether anybody looks or not. */
export function BulkProgress({ id, onEnd }: BulkProgressProps): ReactNode {
  const { t, i18n } = useTranslation()
  const styles = useStyles()
  const { act, busy } = useAction()
  const { now, failure } = useBulkProgress(id, onEnd)
  if (now === null)
    return failure === null ? null : (
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>{failure.message}</MessageBarBody>
      </MessageBar>
    )
  const told = (count: number): string => formatNumber(count, i18n.language)
  const numbers = {
    done: told(now.done),
    total: told(now.total),
    succeeded: told(now.succeeded),
    failed: told(now.failed),
    unchanged: told(now.unchanged),
  }
  if (now.status === 'RUNNING') {
    return (
      <div className={styles.row} role="status">
        <Field className={styles.progress} label={t('bulk.progress', numbers)} validationState="none">
          <ProgressBar value={now.total === 0 ? undefined : now.done / now.total} thickness="large" />
        </Field>
        <AllowedButton
          needs="OPERATOR"
          size="small"
          disabled={busy}
          onClick={() => void act(CancelBulkActionDocument, { id })}
        >
          {t('bulk.cancel')}
        </AllowedButton>
        {failure !== null && <Text>{failure.message}</Text>}
      </div>
    )
  }
  const allWell = now.status === 'COMPLETED' && now.failed === 0 && now.changedSince === 0
  return (
    <MessageBar intent={allWell ? 'success' : 'warning'} layout="multiline" className={styles.whole}>
      <MessageBarBody>
        <MessageBarTitle>{t(`bulk.ended.${now.status}`)}</MessageBarTitle>
        {t('bulk.result', numbers)}{' '}
        {now.changedSince > 0 && `${t('bulk.changedSince', { count: now.changedSince })} `}
        {now.message}
        {now.failed > 0 && <BulkObstacles id={id} outcome="FAILED" total={now.failed} />}
        {now.changedSince > 0 && <BulkObstacles id={id} outcome="CHANGED_SINCE" total={now.changedSince} />}
      </MessageBarBody>
    </MessageBar>
  )
}
