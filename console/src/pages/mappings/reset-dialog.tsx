import { makeStyles, MessageBar, MessageBarBody, Text, tokens } from '@fluentui/react-components'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { useNotify } from '../../shared/toasts.js'
import type { ActedMapping } from './actions.js'
import { ResetMappingDocument } from './generated/graphql.js'
import { Problems, problemsOf } from './problems.js'
import { useChangeWords } from './use-change-words.js'

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  scroll: { maxHeight: '40vh', overflowY: 'auto', overflowWrap: 'anywhere' },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
})

/** What would be lost, as the API tells it before it is confirmed. */
interface Preview {
  readonly changes: readonly { readonly path: string; readonly text: string }[]
  readonly consequences: readonly string[]
}

export interface ResetDialogProps {
  readonly mapping: ActedMapping
  onChanged(): void
  onClose(): void
}

/** Use Default Synchronization Setup: what it would change is shown first. Where nothing would be lost, it is in force already. */
export function ResetDialog({ mapping, onChanged, onClose }: ResetDialogProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const words = useChangeWords()
  const client = useClient()
  const notify = useNotify()
  const [preview, setPreview] = useState<Preview | null>(null)
  const [problems, setProblems] = useState<readonly string[]>([])
  const [isDefault, setIsDefault] = useState(false)
  // As it was when this was opened: what is shown of it is what is confirmed, or it is refused.
  const [{ name, version, connection: place }] = useState(mapping)
  const connection = place.name

  useEffect(() => {
    let isCurrent = true
    void client
      .mutation(ResetMappingDocument, { connection, name, version, confirm: false })
      .toPromise()
      .then(({ error }) => {
        if (!isCurrent) return
        const told = error?.graphQLErrors[0]?.extensions
        if (error === undefined) setIsDefault(true)
        else if (told?.['code'] === 'CONFIRMATION_REQUIRED') setPreview(told as unknown as Preview)
        else setProblems(problemsOf(error))
      })
    return () => {
      isCurrent = false
    }
  }, [client, connection, name, version])

  async function reset(): Promise<void> {
    const { error } = await client
      .mutation(ResetMappingDocument, { connection, name, version, confirm: true })
      .toPromise()
    if (error !== undefined) return setProblems(problemsOf(error))
    notify({ intent: 'success', title: t('reset.done', { name }) })
    onChanged()
    onClose()
  }

  return (
    <ConfirmDialog
      open
      title={t('reset.title', { name })}
      confirm={t('reset.confirm')}
      disabled={preview === null || problems.length > 0}
      onConfirm={reset}
      onClose={onClose}
    >
      <div className={styles.content}>
        <Problems title={t('reset.refused')} problems={problems} />
        {isDefault && <Text role="status">{t('reset.isDefault', { name })}</Text>}
        {preview === null && problems.length === 0 && !isDefault && (
          <Text role="status">{t('save.looking')}</Text>
        )}
        {preview !== null && problems.length === 0 && (
          <>
            <Text>{t('reset.text')}</Text>
            <div className={styles.scroll} role="region" aria-label={t('save.changes')} tabIndex={0}>
              <ul className={styles.list}>
                {preview.changes.map((change) => (
                  <li key={change.path}>{words(change)}</li>
                ))}
              </ul>
            </div>
            {preview.consequences.map((consequence) => (
              <MessageBar key={consequence} intent="info" layout="multiline">
                <MessageBarBody>{consequence}</MessageBarBody>
              </MessageBar>
            ))}
            <Text>{t('reset.restorable')}</Text>
          </>
        )}
      </div>
    </ConfirmDialog>
  )
}
