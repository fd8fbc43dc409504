import { Checkbox, Field, makeStyles, Radio, RadioGroup, Text, tokens } from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMutation } from 'urql'
import { failureOf } from '../../api/failure.js'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { useNotify } from '../../shared/toasts.js'
import {
  SynchronizeCouplingsDocument,
  type Direction,
  type SeenCoupling,
  type SynchronizeDirection,
} from './generated/graphql.js'

const DIRECTIONS = ['TO_INTEGRATION_TABLE', 'FROM_INTEGRATION_TABLE', 'MERGE'] as const

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  quiet: { color: tokens.colorNeutralForeground2 },
})

export interface SynchronizeDialogProps {
  readonly ids: readonly string[]
  /** Of the mapping, where all are of one. */
  readonly direction?: Direction
  readonly recommended?: SynchronizeDirection
  /** What was looked at: nothing else is written over. */
  readonly seen?: SeenCoupling
  /** What each direction would write, where it is known. */
  readonly preview?: (direction: SynchronizeDirection) => ReactNode
  /** Why nothing can be done in a direction; null: it can be. */
  readonly refusal?: (direction: SynchronizeDirection) => string | null
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Synchronize: asks which way, as Business Central does. */
export function SynchronizeDialog(props: SynchronizeDialogProps): ReactNode {
  const { ids, direction = 'BIDIRECTIONAL', recommended, seen, preview, refusal, onClose, onDone } = props
  const { t } = useTranslation('couplings')
  const styles = useStyles()
  const notify = useNotify()
  const [, synchronize] = useMutation(SynchronizeCouplingsDocument)
  const allowed = DIRECTIONS.filter((one) => direction === 'BIDIRECTIONAL' || one === direction)
  const [chosen, setChosen] = useState<SynchronizeDirection>(recommended ?? allowed[0] ?? 'MERGE')
  const [overwrite, setOverwrite] = useState(false)
  return (
    <ConfirmDialog
      open
      title={t('synchronize.title', { count: ids.length })}
      confirm={t('synchronize.button')}
      disabled={refusal != null && refusal(chosen) !== null}
      onClose={onClose}
      onConfirm={async () => {
        const { data, error } = await synchronize({
          ids: [...ids],
          direction: chosen,
          // What was looked at may be written over: the choice was made in sight of it.
          overwrite: chosen !== 'MERGE' && (overwrite || seen !== undefined),
          seenVersions: seen === undefined ? null : [seen],
        })
        onClose()
        if (error !== undefined) {
          const { message, remedy } = failureOf(error)
          notify({ intent: 'error', title: message, ...(remedy === null ? {} : { body: remedy }) })
          return
        }
        const done = data?.synchronizeRecords
        if (done !== undefined)
          notify({
            intent: done.failed > 0 ? 'error' : done.skipped > 0 ? 'warning' : 'success',
            title: done.message,
            ...(done.records[0]?.message == null ? {} : { body: done.records[0].message }),
          })
        onDone()
      }}
    >
      <div className={styles.content}>
        <Field label={t('synchronize.direction')}>
          <RadioGroup
            value={chosen}
            onChange={(_event, { value }) => setChosen(value as SynchronizeDirection)}
          >
            {allowed.map((one) => (
              <Radio
                key={one}
                value={one}
                label={`${t(`synchronize.directions.${one}`)}${one === recommended ? ` (${t('recommended')})` : ''}`}
              />
            ))}
          </RadioGroup>
        </Field>
        {preview?.(chosen)}
        {seen === undefined && chosen !== 'MERGE' && (
          <>
            <Checkbox
              label={t('synchronize.overwrite')}
              checked={overwrite}
              onChange={(_event, { checked }) => setOverwrite(checked === true)}
            />
            <Text size={200} className={styles.quiet}>
              {t('synchronize.overwriteHint')}
            </Text>
          </>
        )}
      </div>
    </ConfirmDialog>
  )
}
