import { Field, Input, Select } from '@fluentui/react-components'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { FormDialog, useSaving } from './form-dialog.js'
import {
  ChannelAddressesDocument,
  CreateChannelDocument,
  UpdateChannelDocument,
  type AlertChannelInput,
  type ChannelFragment,
} from './generated/graphql.js'

const KINDS = ['WEBHOOK', 'SLACK', 'EMAIL'] as const
type Kind = (typeof KINDS)[number]
const SECURITIES = ['STARTTLS', 'TLS', 'NONE'] as const

export interface ChannelFormProps {
  /** Null: a new one. */
  readonly channel: ChannelFragment | null
  /** With the secret that was made for a new webhook, which is told this once. */
  readonly onSaved: (made: { readonly name: string; readonly secret: string } | null) => void
  readonly onClose: () => void
}

/** A channel as it is to be. Its secrets are entered, and never shown. */
export function ChannelForm({ channel, onSaved, onClose }: ChannelFormProps): ReactNode {
  const { t } = useTranslation('administration')
  const { trouble, save: saveForm } = useSaving()
  const [{ data }] = useQuery({ query: ChannelAddressesDocument, pause: channel?.kind !== 'WEBHOOK' })
  const address = data?.alertChannels.find(({ id }) => id === channel?.id)?.url ?? ''
  const [kind, setKind] = useState<Kind>(channel?.kind ?? 'WEBHOOK')
  const [enabled, setEnabled] = useState(channel?.enabled ?? true)
  const [security, setSecurity] = useState<(typeof SECURITIES)[number]>(channel?.mail?.security ?? 'STARTTLS')
  const [texts, setTexts] = useState({
    name: channel?.name ?? '',
    url: '',
    webhookUrl: '',
    secret: '',
    from: channel?.mail?.from ?? '',
    to: channel?.mail?.to.join(', ') ?? '',
    host: channel?.mail?.host ?? '',
    port: String(channel?.mail?.port ?? 587),
    user: channel?.mail?.user ?? '',
    password: '',
  })
  useEffect(() => {
    if (address !== '') setTexts((now) => ({ ...now, url: address }))
  }, [address])

  function inputOf(): AlertChannelInput {
    const { name, url, webhookUrl, secret, password, from, to, host, port, user } = texts
    const common = { name: name.trim(), kind, enabled }
    const given = (member: string, value: string): Record<string, string> =>
      value.trim() === '' ? {} : { [member]: value.trim() }
    switch (kind) {
      case 'WEBHOOK':
        return { ...common, url: url.trim(), ...given('secret', secret) }
      case 'SLACK':
        return { ...common, ...given('webhookUrl', webhookUrl) }
      case 'EMAIL':
        return {
          ...common,
          mail: {
            from: from.trim(),
            to: to
              .split(',')
              .map((one) => one.trim())
              .filter((one) => one !== ''),
            host: host.trim(),
            port: Number(port),
            security,
            user: user.trim() === '' ? null : user.trim(),
          },
          ...given('password', password),
        }
    }
  }

  async function save(): Promise<void> {
    const input = inputOf()
    if (channel === null) {
      const made = await saveForm(CreateChannelDocument, { input })
      if (made === null) return
      const { secret } = made.createAlertChannel
      onSaved(secret == null ? null : { name: input.name, secret })
    } else {
      const { id, version } = channel
      if ((await saveForm(UpdateChannelDocument, { id, version, input })) !== null) onSaved(null)
    }
  }

  const text = (
    member: keyof typeof texts,
    {
      type = 'text',
      hint = '',
      required = false,
    }: { type?: 'text' | 'password' | 'number'; hint?: string; required?: boolean } = {},
  ): ReactNode => (
    <Field label={t(`alerts.${member}`)} required={required} {...(hint === '' ? {} : { hint })}>
      <Input
        type={type}
        autoComplete={type === 'password' ? 'new-password' : 'off'}
        value={texts[member]}
        onChange={(_event, { value }) => setTexts({ ...texts, [member]: value })}
      />
    </Field>
  )
  const stays = channel === null ? '' : t('alerts.stays')

  return (
    <FormDialog
      title={channel?.name ?? t('alerts.newChannel')}
      name={texts.name}
      trouble={trouble}
      enabled={enabled}
      onEnabled={setEnabled}
      onSave={save}
      onClose={onClose}
    >
      {text('name', { required: true })}
      {channel === null && (
        <Field label={t('alerts.channelKind')}>
          <Select
            value={kind}
            onChange={(_event, { value }) => setKind(KINDS.find((one) => one === value) ?? 'WEBHOOK')}
          >
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {t(`alerts.channelKinds.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {kind === 'WEBHOOK' && (
        <>
          {text('url', { required: true })}
          {text('secret', { type: 'password', hint: t('alerts.secretHint') })}
        </>
      )}
      {kind === 'SLACK' && text('webhookUrl', { type: 'password', hint: stays, required: channel === null })}
      {kind === 'EMAIL' && (
        <>
          {text('from', { required: true })}
          {text('to', { required: true })}
          {text('host', { required: true })}
          {text('port', { type: 'number', required: true })}
          <Field label={t('alerts.security')}>
            <Select
              value={security}
              onChange={(_event, { value }) =>
                setSecurity(SECURITIES.find((one) => one === value) ?? 'STARTTLS')
              }
            >
              {SECURITIES.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </Select>
          </Field>
          {text('user')}
          {text('password', { type: 'password', hint: stays })}
        </>
      )}
    </FormDialog>
  )
}
