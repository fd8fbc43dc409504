import {
  Button,
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  ProgressBar,
  tokens,
} from '@fluentui/react-components'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { AllowedButton } from '../../shared/allowed-button.js'
import { formatNumber } from '../../shared/quantity.js'
import { useNotify } from '../../shared/toasts.js'
import { useAction } from '../../shared/use-action.js'
import {
  BulkProgressDocument,
  CancelBulkActionDocument,
  StartBulkActionDocument,
  type BulkErrorAction,
  type BulkProgressQuery,
  type StartBulkActionInput,
} from './generated/graphql.js'

/** Milliseconds between two looks at an action under way. */
const LOOKS = 700
const ACTIONS = [
  'RETRY_NOW',
  'RETRY_WITH_BACK_OFF',
  'SKIP',
  'RESOLVE',
] as const satisfies readonly BulkErrorAction[]

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  progress: { maxWidth: '480px' },
})

type Progress = Pick<
  NonNullable<BulkProgressQuery['bulkAction']>,
  'id' | 'status' | 'total' | 'done' | 'succeeded' | 'failed' | 'unchanged' | 'message'
> & { readonly failures?: NonNullable<BulkProgressQuery['bulkAction']>['failures'] }

export interface BulkButtonsProps {
  /** Which errors: a selection, or those of groups. */
  readonly of: Pick<StartBulkActionInput, 'errors' | 'groups'>
  /** Why there is nothing to do; null: there is. */
  readonly refusal: string | null
  readonly onEnd: () => void
}

/** Does one thing with many errors, and shows how far it is; it goes on whether anybody looks or not. */
export function BulkButtons({ of, refusal, onEnd }: BulkButtonsProps): ReactNode {
  const { t } = useTranslation('errors')
  const styles = useStyles()
  const notify = useNotify()
  const { act, busy } = useAction()
  const [progress, setProgress] = useState<Progress | null>(null)
  async function start(action: BulkErrorAction): Promise<void> {
    const data = await act(StartBulkActionDocument, { input: { action, ...of } })
    if (data === null) return
    const result = data.startBulkAction
    if (result.__typename === 'BulkActionRefused') notify({ intent: 'warning', title: result.message })
    else setProgress(result.bulkAction)
  }
  return (
    <>
      <div className={styles.row}>
        {ACTIONS.map((action) => (
          <AllowedButton
            key={action}
            needs="OPERATOR"
            appearance={action === 'RETRY_NOW' ? 'primary' : 'secondary'}
            refusal={refusal}
            disabled={busy || progress?.status === 'RUNNING'}
            onClick={() => void start(action)}
          >
            {t(`bulk.${action}`)}
          </AllowedButton>
        ))}
      </div>
      {progress !== null && (
        <BulkProgress
          key={progress.id}
          first={progress}
          onEnd={(ended) => {
            setProgress(ended)
            onEnd()
          }}
        />
      )}
    </>
  )
}

function BulkProgress({
  first,
  onEnd,
}: {
  readonly first: Progress
  readonly onEnd: (ended: Progress) => void
}): ReactNode {
  const { t, i18n } = useTranslation('errors')
  const styles = useStyles()
  const client = useClient()
  const { act } = useAction()
  const [now, setNow] = useState(first)
  const told = useRef(onEnd)
  told.current = onEnd
  const running = now.status === 'RUNNING'
  useEffect(() => {
    if (!running) return undefined
    let isCurrent = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async (): Promise<void> => {
      const { data } = await client
        .query(BulkProgressDocument, { id: first.id }, { requestPolicy: 'network-only' })
        .toPromise()
      if (!isCurrent) return
      const seen = data?.bulkAction ?? null
      if (seen !== null) setNow(seen)
      if (seen !== null && seen.status !== 'RUNNING') told.current(seen)
      else timer = setTimeout(() => void look(), LOOKS)
    }
    void look()
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [client, first.id, running])
  const numbers = {
    done: formatNumber(now.done, i18n.language),
    total: formatNumber(now.total, i18n.language),
    succeeded: formatNumber(now.succeeded, i18n.language),
    failed: formatNumber(now.failed, i18n.language),
    unchanged: formatNumber(now.unchanged, i18n.language),
  }
  if (running) {
    return (
      <div className={styles.row}>
        <Field className={styles.progress} label={t('bulk.progress', numbers)} validationState="none">
          <ProgressBar value={now.total === 0 ? undefined : now.done / now.total} thickness="large" />
        </Field>
        <Button size="small" onClick={() => void act(CancelBulkActionDocument, { id: now.id })}>
          {t('bulk.cancel')}
        </Button>
      </div>
    )
  }
  return (
    <MessageBar
      intent={now.status === 'COMPLETED' && now.failed === 0 ? 'success' : 'warning'}
      layout="multiline"
    >
      <MessageBarBody>
        <MessageBarTitle>{t(`bulk.ended.${now.status}`)}</MessageBarTitle>
        {t('bulk.result', numbers)} {now.message}
        {now.failures !== undefined && now.failures.length > 0 && (
          <ul>
            {now.failures.map(({ number, message }) => (
              <li key={number}>{message}</li>
            ))}
          </ul>
        )}
      </MessageBarBody>
    </MessageBar>
  )
}
