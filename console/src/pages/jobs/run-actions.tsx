import { Link as ExternalLink, makeStyles, tokens } from '@fluentui/react-components'
import {
  ArrowRepeatAllRegular,
  DismissRegular,
  OpenRegular,
  PauseRegular,
  PlayRegular,
} from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { useAction } from '../../shared/use-action.js'
import {
  CancelRunDocument,
  PauseRunDocument,
  ResumeRunDocument,
  RetryRunDocument,
  RunAgainDocument,
  type RunHeadFragment,
} from './generated/graphql.js'
import { isUnderWay } from './use-run-progress.js'

const useStyles = makeStyles({
  actions: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
})

export interface RunActionsProps {
  readonly run: RunHeadFragment
  readonly size?: 'small' | 'medium'
  /** It left something to try again. */
  readonly failed?: boolean
  /** Something was asked for; the run may be another than what is shown. */
  readonly onDone?: () => void
}

/** Pause or resume, cancel, and once it has ended retry what failed; and its workflow in Temporal. */
export function RunActions({ run, size = 'small', failed = false, onDone }: RunActionsProps): ReactNode {
  const { t } = useTranslation('jobs')
  const styles = useStyles()
  const navigate = useNavigate()
  const { act, busy } = useAction()
  const [asking, setAsking] = useState(false)
  const underWay = isUnderWay(run.status)
  const variables = { id: run.id }

  async function retry(): Promise<void> {
    const done = await act(RetryRunDocument, variables, { done: t('told.retried') })
    if (done !== null) void navigate(`/jobs/${done.retrySynchRun.id}`)
  }

  async function runAgain(): Promise<void> {
    const { mapping, mode, direction } = run
    const done = await act(
      RunAgainDocument,
      { name: mapping.name, connection: mapping.connection.name, mode, direction: direction ?? null },
      { done: t('told.again') },
    )
    if (done !== null) void navigate(`/jobs/${done.synchronizeMapping.id}`)
  }

  async function cancel(): Promise<void> {
    await act(CancelRunDocument, variables, { done: t('told.cancelled') })
    setAsking(false)
    onDone?.()
  }

  async function hold(pause: boolean): Promise<void> {
    if (pause) await act(PauseRunDocument, variables, { done: t('told.paused') })
    else await act(ResumeRunDocument, variables, { done: t('told.resumed') })
    onDone?.()
  }

  return (
    <div className={styles.actions}>
      {underWay && (
        <>
          {run.pausedAt == null ? (
            <AllowedButton
              needs="OPERATOR"
              size={size}
              icon={<PauseRegular />}
              disabled={busy}
              onClick={() => void hold(true)}
            >
              {t('actions.pause')}
            </AllowedButton>
          ) : (
            <AllowedButton
              needs="OPERATOR"
              size={size}
              icon={<PlayRegular />}
              disabled={busy}
              onClick={() => void hold(false)}
            >
              {t('actions.resume')}
            </AllowedButton>
          )}
          <AllowedButton
            needs="OPERATOR"
            size={size}
            icon={<DismissRegular />}
            onClick={() => setAsking(true)}
          >
            {t('actions.cancel')}
          </AllowedButton>
        </>
      )}
      {!underWay && (
        <>
          {failed && (
            <AllowedButton
              needs="OPERATOR"
              size={size}
              icon={<ArrowRepeatAllRegular />}
              disabled={busy}
              onClick={() => void retry()}
            >
              {t('actions.retry')}
            </AllowedButton>
          )}
          {run.status !== 'COMPLETED' && (run.kind === 'MANUAL' || run.kind === 'SCHEDULED') && (
            <AllowedButton
              needs="OPERATOR"
              size={size}
              icon={<PlayRegular />}
              disabled={busy}
              onClick={() => void runAgain()}
            >
              {t('actions.again')}
            </AllowedButton>
          )}
        </>
      )}
      {run.temporalUrl != null && (
        <ExternalLink href={run.temporalUrl} target="_blank" rel="noreferrer">
          {t('actions.workflow')} <OpenRegular fontSize={12} aria-hidden="true" />
        </ExternalLink>
      )}
      <ConfirmDialog
        open={asking}
        title={t('cancel.title', { mapping: run.mapping.name })}
        confirm={t('cancel.confirm')}
        onConfirm={cancel}
        onClose={() => setAsking(false)}
      >
        {t('cancel.body')}
      </ConfirmDialog>
    </div>
  )
}
