import {
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { failureOf } from '../../api/failure.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { formatNumber } from '../../shared/quantity.js'
import { useNotify } from '../../shared/toasts.js'
import type { ActedMapping } from './actions.js'
import { DeleteMappingDocument } from './generated/graphql.js'

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
})

const GOES = ['couplings', 'work', 'log', 'settings'] as const
const STAYS = ['records', 'audit'] as const

export interface DeleteDialogProps {
  readonly mapping: ActedMapping
  onDeleted(): void
  onClose(): void
}

/** Says what goes with a mapping and what stays. Whoever deletes one with couplings types its name. */
export function DeleteDialog({ mapping, onDeleted, onClose }: DeleteDialogProps): ReactNode {
  const { t, i18n } = useTranslation('mappings')
  const styles = useStyles()
  const client = useClient()
  const notify = useNotify()
  const [typed, setTyped] = useState('')
  const [failure, setFailure] = useState<string | null>(null)
  const { name, version, couplings } = mapping

  async function remove(): Promise<void> {
    const { error } = await client
      .mutation(DeleteMappingDocument, { connection: mapping.connection.name, name, version })
      .toPromise()
    if (error !== undefined) return setFailure(failureOf(error).message)
    notify({ intent: 'success', title: t('delete.done', { name }) })
    onClose()
    onDeleted()
  }

  return (
    <ConfirmDialog
      open
      title={t('delete.title', { name })}
      confirm={t('delete.confirm')}
      disabled={couplings > 0 && typed.trim() !== name}
      onConfirm={remove}
      onClose={onClose}
    >
      <div className={styles.content}>
        {failure !== null && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>{failure}</MessageBarBody>
          </MessageBar>
        )}
        <Text>{t('delete.goes')}</Text>
        <ul className={styles.list}>
          {GOES.map((part) => (
            <li key={part}>
              {t(`delete.part.${part}`, {
                count: couplings,
                number: formatNumber(couplings, i18n.language),
              })}
            </li>
          ))}
        </ul>
        <Text>{t('delete.stays')}</Text>
        <ul className={styles.list}>
          {STAYS.map((part) => (
            <li key={part}>{t(`delete.part.${part}`)}</li>
          ))}
        </ul>
        {couplings > 0 && (
          <Field label={t('delete.type', { name })}>
            <Input value={typed} onChange={(_event, { value }) => setTyped(value)} />
          </Field>
        )}
      </div>
    </ConfirmDialog>
  )
}
