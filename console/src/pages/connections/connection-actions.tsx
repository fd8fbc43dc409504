import {
  DeleteRegular,
  PauseRegular,
  PlayRegular,
  PlugConnectedRegular,
  PlugDisconnectedRegular,
} from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { AllowedButton } from '../../shared/allowed-button.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { useAction } from '../../shared/use-action.js'
import { EnableDialog } from './enable-dialog.js'
import {
  DeleteConnectionDocument,
  DisableConnectionDocument,
  PauseConnectionDocument,
  ResumeConnectionDocument,
  type SetupFragment,
} from './generated/graphql.js'

export interface ConnectionActionsProps {
  readonly connection: SetupFragment
  readonly onDone: () => void
}

/** Enable or disable, pause or resume, delete. */
export function ConnectionActions({ connection, onDone }: ConnectionActionsProps): ReactNode {
  const { t } = useTranslation('connections')
  const navigate = useNavigate()
  const { act, busy } = useAction()
  const [asking, setAsking] = useState<'enable' | 'disable' | 'delete' | null>(null)
  const { name, version } = connection
  const enabled = connection.disabledAt == null

  async function hold(pause: boolean): Promise<void> {
    const done = pause
      ? await act(PauseConnectionDocument, { name }, { done: t('told.paused', { name }) })
      : await act(ResumeConnectionDocument, { name }, { done: t('told.resumed', { name }) })
    if (done !== null) onDone()
  }

  async function disable(): Promise<void> {
    await act(DisableConnectionDocument, { name, version }, { done: t('told.disabled', { name }) })
    setAsking(null)
    onDone()
  }

  async function remove(): Promise<void> {
    const done = await act(DeleteConnectionDocument, { name, version }, { done: t('told.deleted', { name }) })
    setAsking(null)
    if (done !== null) void navigate('/connections')
  }

  return (
    <>
      {enabled && connection.pausedAt == null && (
        <AllowedButton
          needs="OPERATOR"
          icon={<PauseRegular />}
          disabled={busy}
          onClick={() => void hold(true)}
        >
          {t('actions.pause')}
        </AllowedButton>
      )}
      {connection.pausedAt != null && (
        <AllowedButton
          needs="OPERATOR"
          icon={<PlayRegular />}
          disabled={busy}
          onClick={() => void hold(false)}
        >
          {t('actions.resume')}
        </AllowedButton>
      )}
      {enabled ? (
        <AllowedButton
          needs="ADMINISTRATOR"
          icon={<PlugDisconnectedRegular />}
          onClick={() => setAsking('disable')}
        >
          {t('actions.disable')}
        </AllowedButton>
      ) : (
        <>
          <AllowedButton needs="ADMINISTRATOR" icon={<DeleteRegular />} onClick={() => setAsking('delete')}>
            {t('actions.delete')}
          </AllowedButton>
          <AllowedButton
            needs="ADMINISTRATOR"
            appearance="primary"
            icon={<PlugConnectedRegular />}
            onClick={() => setAsking('enable')}
          >
            {t('actions.enable')}
          </AllowedButton>
        </>
      )}
      {asking === 'enable' && (
        <EnableDialog connection={connection} onClose={() => setAsking(null)} onDone={onDone} />
      )}
      <ConfirmDialog
        open={asking === 'disable'}
        title={t('disable.title', { name })}
        confirm={t('actions.disable')}
        onConfirm={disable}
        onClose={() => setAsking(null)}
      >
        {t('disable.body')}
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'delete'}
        title={t('delete.title', { name })}
        confirm={t('actions.delete')}
        onConfirm={remove}
        onClose={() => setAsking(null)}
      >
        {t('delete.body')}
      </ConfirmDialog>
    </>
  )
}
