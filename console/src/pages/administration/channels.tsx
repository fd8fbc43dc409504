import { Badge, makeStyles, Text } from '@fluentui/react-components'
import { AddRegular, SendRegular } from '@fluentui/react-icons'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AllowedButton } from '../../shared/allowed-button.js'
import { Instant } from '../../shared/instant.js'
import { Panel } from '../../shared/panel.js'
import { useNotify } from '../../shared/toasts.js'
import { useAction } from '../../shared/use-action.js'
import { ChannelForm } from './channel-form.js'
import {
  DeleteChannelDocument,
  TestChannelDocument,
  type AlertSettingsQuery,
  type ChannelFragment,
} from './generated/graphql.js'
import { SettingRow } from './setting-rows.js'
import { ShownOnce } from './shown-once.js'

const COLORS = { DELIVERED: 'success', FAILED: 'danger', PENDING: 'informative' } as const
const INTENTS = { DELIVERED: 'success', FAILED: 'error', PENDING: 'info' } as const

const useStyles = makeStyles({ list: { margin: 0, padding: 0, listStyleType: 'none' } })

export interface ChannelsProps {
  readonly channels: AlertSettingsQuery['alertChannels']
  readonly onDone: () => void
}

/** Where alerts are sent, how the last message fared, and a test. */
export function Channels({ channels, onDone }: ChannelsProps): ReactNode {
  const { t } = useTranslation('administration')
  const styles = useStyles()
  const notify = useNotify()
  const { act, busy } = useAction()
  const [editing, setEditing] = useState<ChannelFragment | 'new' | null>(null)
  const [secret, setSecret] = useState<{ readonly name: string; readonly secret: string } | null>(null)

  async function remove({ id, version }: ChannelFragment): Promise<void> {
    await act(DeleteChannelDocument, { id, version }, { done: t('alerts.toldDeleted') })
    onDone()
  }

  async function test({ id }: ChannelFragment): Promise<void> {
    const done = await act(TestChannelDocument, { id })
    if (done !== null) {
      const { status, answer } = done.testAlertChannel
      notify({ intent: INTENTS[status], title: t(`alerts.tested.${status}`, { answer: answer ?? '' }) })
    }
    onDone()
  }

  return (
    <Panel
      title={t('alerts.channels')}
      actions={
        <AllowedButton needs="ADMINISTRATOR" icon={<AddRegular />} onClick={() => setEditing('new')}>
          {t('alerts.newChannel')}
        </AllowedButton>
      }
    >
      {channels.length === 0 ? (
        <Text>{t('alerts.noChannels')}</Text>
      ) : (
        <ul className={styles.list}>
          {channels.map((channel) => (
            <SettingRow
              key={channel.id}
              name={channel.name}
              details={<Details channel={channel} />}
              badge={channel.enabled ? null : <Badge appearance="outline">{t('alerts.off')}</Badge>}
              actions={
                <AllowedButton
                  needs="ADMINISTRATOR"
                  size="small"
                  icon={<SendRegular />}
                  disabled={busy}
                  aria-label={t('alerts.testNamed', { name: channel.name })}
                  onClick={() => void test(channel)}
                >
                  {t('alerts.test')}
                </AllowedButton>
              }
              deletion={t('alerts.deleteChannel')}
              onEdit={() => setEditing(channel)}
              onDelete={() => remove(channel)}
            />
          ))}
        </ul>
      )}
      {editing !== null && (
        <ChannelForm
          channel={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={(made) => {
            setEditing(null)
            setSecret(made)
            onDone()
          }}
        />
      )}
      {secret !== null && (
        <ShownOnce
          title={t('alerts.secretTitle', { name: secret.name })}
          hint={t('alerts.secretOnce')}
          label={t('alerts.secret')}
          secret={secret.secret}
          onClose={() => setSecret(null)}
        />
      )}
    </Panel>
  )
}

function Details({ channel }: { readonly channel: ChannelFragment }): ReactNode {
  const { t } = useTranslation('administration')
  const where = channel.mail == null ? channel.host : channel.mail.to.join(', ')
  const [last] = channel.deliveries
  return (
    <>
      {t(`alerts.channelKinds.${channel.kind}`)}
      {where == null ? '' : ` - ${where}`}
      {last !== undefined && (
        <>
          {' - '}
          {t('alerts.last')} <Instant at={last.createdAt} as="ago" />{' '}
          <Badge appearance="tint" color={COLORS[last.status]}>
            {t(`alerts.statuses.${last.status}`)}
          </Badge>{' '}
          {last.answer}
        </>
      )}
    </>
  )
}
