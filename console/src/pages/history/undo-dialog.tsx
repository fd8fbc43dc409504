import {
  Checkbox,
  makeStyles,
  mergeClasses,
  shorthands,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { useAction } from '../../shared/use-action.js'
import { UndoWritesDocument, type UndoneFragment, type WriteFragment } from './generated/graphql.js'
import { useUndoPreview, type PreviewedWrite } from './undo-preview.js'
import { UndoResults } from './undo-results.js'

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL, overflowWrap: 'anywhere' },
  write: {
    padding: tokens.spacingHorizontalM,
    ...shorthands.border('1px', 'solid', tokens.colorNeutralStroke2),
    borderRadius: tokens.borderRadiusMedium,
  },
  refused: { color: tokens.colorStatusWarningForeground3 },
})

export interface UndoDialogProps {
  readonly writes: readonly WriteFragment[]
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Shows what undoing writes would set back and what it would refuse, and does it. */
export function UndoDialog({ writes, onClose, onDone }: UndoDialogProps): ReactNode {
  const { t } = useTranslation('history')
  const styles = useStyles()
  const { act } = useAction()
  const [both, setBoth] = useState(false)
  const [overwrite, setOverwrite] = useState(false)
  const [results, setResults] = useState<readonly UndoneFragment[] | null>(null)
  const preview = useUndoPreview(writes)

  async function undo(ids: readonly string[], evenIfChanged: boolean): Promise<void> {
    const done = await act(UndoWritesDocument, { ids: [...ids], both, overwrite: evenIfChanged })
    if (done === null) return
    setResults(done.undoWrites)
    onDone()
  }

  if (results !== null) {
    return <UndoResults results={results} onClose={onClose} onOverwrite={(ids) => undo(ids, true)} />
  }
  return (
    <ConfirmDialog
      open
      title={t('undo.title', { count: writes.length })}
      confirm={t('undo.confirm')}
      disabled={preview === null}
      onConfirm={() =>
        undo(
          writes.map(({ id }) => id),
          overwrite,
        )
      }
      onClose={onClose}
    >
      <div className={styles.content}>
        <Text>{t('undo.explain')}</Text>
        {(['CREATE', 'DELETE'] as const).map(
          (kind) =>
            writes.some((write) => write.kind === kind) && <Text key={kind}>{t(`undo.${kind}`)}</Text>,
        )}
        {preview === null ? (
          <Spinner size="small" label={t('undo.reading')} />
        ) : (
          preview.map((one) => <Preview key={one.write.id} preview={one} overwrite={overwrite} />)
        )}
        {preview !== null && preview.length < writes.length && (
          <Text>{t('undo.more', { count: writes.length - preview.length })}</Text>
        )}
        <div>
          <Checkbox
            label={t('undo.both')}
            checked={both}
            onChange={(_event, { checked }) => setBoth(checked === true)}
          />
          <Checkbox
            label={t('undo.overwrite')}
            checked={overwrite}
            onChange={(_event, { checked }) => setOverwrite(checked === true)}
          />
        </div>
      </div>
    </ConfirmDialog>
  )
}

interface PreviewProps {
  readonly preview: PreviewedWrite
  /** What was changed since is set back as well. */
  readonly overwrite: boolean
}

function Preview({ preview: { write, whole, fields }, overwrite }: PreviewProps): ReactNode {
  const { t } = useTranslation('history')
  const styles = useStyles()
  return (
    <div className={styles.write}>
      <Text weight="semibold">{write.record?.name ?? t('write.unnamed')}</Text>
      {whole === 'fields' ? (
        <ul className={styles.list} aria-label={t('undo.preview')}>
          {fields.map(({ caption, finding, value }) => (
            <li key={caption} className={mergeClasses(finding === 'changedSince' && styles.refused)}>
              <strong>{caption}</strong>{' '}
              {t(`undo.${finding === 'changedSince' && overwrite ? 'overwritten' : finding}`, {
                value: value ?? t('write.blank'),
              })}
            </li>
          ))}
        </ul>
      ) : (
        <p>{t(`undo.${whole}`)}</p>
      )}
    </div>
  )
}
