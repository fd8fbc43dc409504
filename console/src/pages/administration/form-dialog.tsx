import { makeStyles, MessageBar, MessageBarBody, Switch, tokens } from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, type AnyVariables, type DocumentInput } from 'urql'
import { failureOf } from '../../api/failure.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { useNotify } from '../../shared/toasts.js'

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
})

export interface Saving {
  /** Why it was not saved; null: nothing is known against it. */
  readonly trouble: string | null
  /** Saves, and tells so. Null: it was refused, which stands in the form. */
  save<Data, Variables extends AnyVariables>(
    document: DocumentInput<Data, Variables>,
    variables: Variables,
  ): Promise<Data | null>
}

/** Saves what a form of the alerts holds; what is refused stays to be mended. */
export function useSaving(): Saving {
  const { t } = useTranslation('administration')
  const client = useClient()
  const notify = useNotify()
  const [trouble, setTrouble] = useState<string | null>(null)
  return {
    trouble,
    async save(document, variables) {
      setTrouble(null)
      const { data, error } = await client.mutation(document, variables).toPromise()
      if (error !== undefined || data === undefined) {
        setTrouble(error === undefined ? null : failureOf(error).message)
        return null
      }
      notify({ intent: 'success', title: t('alerts.toldSaved') })
      return data
    },
  }
}

export interface FormDialogProps {
  readonly title: string
  readonly name: string
  readonly trouble: string | null
  /** Whether everything else in it can be saved. */
  readonly valid?: boolean
  readonly enabled: boolean
  readonly onEnabled: (enabled: boolean) => void
  readonly onSave: () => Promise<void>
  readonly onClose: () => void
  readonly children: ReactNode
}

/** The form of something that has a name and can be switched off: a rule, a channel. */
export function FormDialog({
  title,
  name,
  trouble,
  valid = true,
  enabled,
  onEnabled,
  onSave,
  onClose,
  children,
}: FormDialogProps): ReactNode {
  const { t } = useTranslation('administration')
  const styles = useStyles()
  return (
    <ConfirmDialog
      open
      title={title}
      confirm={t('alerts.save')}
      disabled={name.trim() === '' || !valid}
      onConfirm={onSave}
      onClose={onClose}
    >
      <div className={styles.form}>
        {trouble !== null && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>{trouble}</MessageBarBody>
          </MessageBar>
        )}
        {children}
        <Switch
          label={t('alerts.enabled')}
          checked={enabled}
          onChange={(_event, { checked }) => onEnabled(checked)}
        />
      </div>
    </ConfirmDialog>
  )
}
