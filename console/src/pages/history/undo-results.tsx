import {
  Badge,
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../../shared/quantity.js'
import type { UndoneFragment } from './generated/graphql.js'

const COLORS = {
  UNDONE: 'success',
  CHANGED_SINCE: 'warning',
  GONE: 'danger',
  NOT_POSSIBLE: 'danger',
} as const

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL, overflowWrap: 'anywhere' },
})

export interface UndoResultsProps {
  readonly results: readonly UndoneFragment[]
  readonly onClose: () => void
  /** Sets back what was refused since it was changed. */
  readonly onOverwrite: (ids: readonly string[]) => Promise<void>
}

/** What became of undoing, with every refusal and why. */
export function UndoResults({ results, onClose, onOverwrite }: UndoResultsProps): ReactNode {
  const { t, i18n } = useTranslation('history')
  const styles = useStyles()
  const [busy, setBusy] = useState(false)
  const changed = results.filter(({ outcome }) => outcome === 'CHANGED_SINCE')
  const undone = results.filter(({ outcome }) => outcome === 'UNDONE').length
  const number = (value: number): string => formatNumber(value, i18n.language)
  return (
    <Dialog
      open
      onOpenChange={(_event, { open }) => {
        if (!open && !busy) onClose()
      }}
    >
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('results.title')}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text role="status">
              {undone === results.length
                ? t('results.all')
                : t('results.done', { undone: number(undone), refused: number(results.length - undone) })}
            </Text>
            {results.map(({ write, outcome, message, fields }, index) => (
              <div key={write?.id ?? index}>
                <Text weight="semibold">{write?.record?.name ?? t('write.unnamed')}</Text>{' '}
                <Badge appearance="tint" color={outcome == null ? 'informative' : COLORS[outcome]}>
                  {t(`outcomes.${outcome ?? 'UNKNOWN'}`)}
                </Badge>
                {message != null && <div>{message}</div>}
                <ul className={styles.list}>
                  {fields.map((field) => (
                    <li key={field.field}>
                      <strong>{field.caption}</strong> {t(`fieldOutcomes.${field.outcome}`)}
                      {field.outcome === 'CHANGED_SINCE' &&
                        `, ${t('results.current', { value: field.current ?? t('write.blank') })}`}
                    </li>
                  ))}
                </ul>
              </div>
            ))}
          </DialogContent>
          <DialogActions>
            {changed.length > 0 && (
              <Button
                disabled={busy}
                onClick={() => {
                  setBusy(true)
                  void onOverwrite(changed.flatMap(({ write }) => write?.id ?? [])).finally(() =>
                    setBusy(false),
                  )
                }}
              >
                {t('results.overwrite')}
              </Button>
            )}
            <Button appearance="primary" disabled={busy} onClick={onClose}>
              {t('results.close')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}
