import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Spinner,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

export interface ConfirmDialogProps {
  readonly open: boolean
  readonly title: string
  /** What will happen, and what will not. */
  readonly children: ReactNode
  /** The verb of the action: Delete 12 entries. */
  readonly confirm: string
  /** Nothing can be confirmed yet, as while a preview is read. */
  readonly disabled?: boolean
  readonly onConfirm: () => Promise<void> | void
  readonly onClose: () => void
}

/** Asks before something that cannot be taken back, or that does much at once. It stays open until the action has ended. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  const { open, title, children, confirm, disabled = false, onConfirm, onClose } = props
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  async function act(): Promise<void> {
    setBusy(true)
    try {
      await onConfirm()
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(_event, data) => {
        if (!data.open && !busy) onClose()
      }}
    >
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>{children}</DialogContent>
          <DialogActions>
            <Button disabled={busy} onClick={onClose}>
              {t('dialog.cancel')}
            </Button>
            <Button
              appearance="primary"
              disabled={busy || disabled}
              icon={busy ? <Spinner size="tiny" /> : undefined}
              onClick={() => void act()}
            >
              {confirm}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}
