import {
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Select,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, useQuery } from 'urql'
import { failureOf } from '../../api/failure.js'
import type { Role } from '../../api/session.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import {
  CreateTokenDocument,
  TokenConnectionsDocument,
  type CreateTokenMutation,
} from './generated/graphql.js'
import { ROLES } from './users.js'

const DAYS = '90'

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
})

export interface TokenFormProps {
  readonly onCreated: (created: CreateTokenMutation['createAccessToken']) => void
  readonly onClose: () => void
}

/** Asks for what a new token is for, what it may do and for how long. */
export function TokenForm({ onCreated, onClose }: TokenFormProps): ReactNode {
  const { t } = useTranslation(['administration', 'console'])
  const styles = useStyles()
  const client = useClient()
  const [{ data: known }] = useQuery({ query: TokenConnectionsDocument })
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('VIEWER')
  const [connection, setConnection] = useState('')
  const [days, setDays] = useState(DAYS)
  const [trouble, setTrouble] = useState<string | null>(null)

  async function create(): Promise<void> {
    setTrouble(null)
    const { data, error } = await client
      .mutation(CreateTokenDocument, {
        input: {
          name: name.trim(),
          role,
          expiresInDays: days.trim() === '' ? null : Number(days),
          ...(connection === '' ? {} : { connection }),
        },
      })
      .toPromise()
    if (data !== undefined) onCreated(data.createAccessToken)
    else if (error !== undefined) setTrouble(failureOf(error).message)
  }

  return (
    <ConfirmDialog
      open
      title={t('tokens.newTitle')}
      confirm={t('tokens.create')}
      disabled={name.trim() === ''}
      onConfirm={create}
      onClose={onClose}
    >
      <div className={styles.form}>
        {trouble !== null && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>{trouble}</MessageBarBody>
          </MessageBar>
        )}
        <Field label={t('tokens.name')} hint={t('tokens.nameHint')} required>
          <Input value={name} maxLength={100} onChange={(_event, { value }) => setName(value)} />
        </Field>
        <Field label={t('tokens.role')}>
          <Select
            value={role}
            onChange={(_event, { value }) => setRole(ROLES.find((one) => one === value) ?? 'VIEWER')}
          >
            {ROLES.map((one) => (
              <option key={one} value={one}>
                {t(`console:session.roles.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('tokens.connection')}>
          <Select value={connection} onChange={(_event, { value }) => setConnection(value)}>
            <option value="">{t('tokens.all')}</option>
            {known?.connections.map((one) => (
              <option key={one.id} value={one.name}>
                {one.name}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('tokens.days')} hint={t('tokens.daysHint')}>
          <Input
            type="number"
            min={1}
            max={3650}
            value={days}
            onChange={(_event, { value }) => setDays(value)}
          />
        </Field>
      </div>
    </ConfirmDialog>
  )
}
