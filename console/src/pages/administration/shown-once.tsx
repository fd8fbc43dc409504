import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  tokens,
} from '@fluentui/react-components'
import { CopyRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNotify } from '../../shared/toasts.js'

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  secret: { fontFamily: tokens.fontFamilyMonospace },
})

export interface ShownOnceProps {
  readonly title: string
  readonly hint: string
  readonly label: string
  readonly secret: string
  readonly onClose: () => void
}

/** Something that the server tells once and never again. It closes by its own button alone. */
export function ShownOnce({ title, hint, label, secret, onClose }: ShownOnceProps): ReactNode {
  const { t } = useTranslation('administration')
  const styles = useStyles()
  const notify = useNotify()

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(secret)
      notify({ intent: 'success', title: t('tokens.copied') })
    } catch {
      // Browsers refuse it where the page is not served over TLS.
      notify({ intent: 'warning', title: t('tokens.notCopied') })
    }
  }

  return (
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content}>
            <MessageBar intent="warning" layout="multiline">
              <MessageBarBody>{hint}</MessageBarBody>
            </MessageBar>
            <Field label={label}>
              <Input
                readOnly
                value={secret}
                input={{ className: styles.secret }}
                onFocus={(event) => event.target.select()}
              />
            </Field>
          </DialogContent>
          <DialogActions>
            <Button icon={<CopyRegular />} onClick={() => void copy()}>
              {t('tokens.copy')}
            </Button>
            <Button appearance="primary" onClick={onClose}>
              {t('tokens.done')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}
