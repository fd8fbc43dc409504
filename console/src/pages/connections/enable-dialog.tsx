import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Spinner,
  Text,
  Textarea,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { failureOf } from '../../api/failure.js'
import { useNotify } from '../../shared/toasts.js'
import { Findings } from './findings.js'
import { EnableConnectionDocument, type FindingFragment, type SetupFragment } from './generated/graphql.js'
import { findingsOf } from './problems.js'

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
})

export interface EnableDialogProps {
  readonly connection: SetupFragment
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Enables a connection after a check; where that finds errors it shows them, and enables it all the same for a reason. */
export function EnableDialog({ connection, onClose, onDone }: EnableDialogProps): ReactNode {
  const { t } = useTranslation(['connections', 'console'])
  const styles = useStyles()
  const client = useClient()
  const notify = useNotify()
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<readonly FindingFragment[]>([])
  const [trouble, setTrouble] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const { name, version } = connection

  async function enable(force: string | null): Promise<void> {
    setBusy(true)
    setTrouble(null)
    const { data, error } = await client
      .mutation(EnableConnectionDocument, { name, version, force })
      .toPromise()
    setBusy(false)
    if (data !== undefined) {
      notify({ intent: 'success', title: t('told.enabled', { name }) })
      onClose()
    } else if (error !== undefined) {
      setRefused(findingsOf(error))
      // The findings are shown one by one; the first line tells what they mean.
      setTrouble(failureOf(error).message.split('\n')[0] ?? null)
    }
    onDone()
  }

  return (
    <Dialog
      open
      onOpenChange={(_event, { open }) => {
        if (!open && !busy) onClose()
      }}
    >
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('enable.title', { name })}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{t('enable.body')}</Text>
            {trouble !== null && (
              <MessageBar intent="error" layout="multiline">
                <MessageBarBody>{trouble}</MessageBarBody>
              </MessageBar>
            )}
            {refused.length > 0 && (
              <>
                <Findings findings={refused} />
                <Field label={t('enable.reason')} hint={t('enable.reasonHint')}>
                  <Textarea value={reason} onChange={(_event, { value }) => setReason(value)} />
                </Field>
              </>
            )}
          </DialogContent>
          <DialogActions fluid>
            <Button disabled={busy} onClick={onClose}>
              {t('console:dialog.cancel')}
            </Button>
            {refused.length > 0 && (
              <Button disabled={busy || reason.trim() === ''} onClick={() => void enable(reason.trim())}>
                {t('enable.force')}
              </Button>
            )}
            <Button
              appearance="primary"
              disabled={busy}
              icon={busy ? <Spinner size="tiny" /> : undefined}
              onClick={() => void enable(null)}
            >
              {t(refused.length > 0 ? 'enable.again' : 'enable.confirm')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}
