import {
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Radio,
  RadioGroup,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from 'urql'
import { ConfirmDialog } from '../../shared/confirm-dialog.js'
import { Instant } from '../../shared/instant.js'
import { useNotify } from '../../shared/toasts.js'
import type { ActedMapping } from './actions.js'
import { UpdateMappingDocument, type PassDirection } from './generated/graphql.js'
import { Problems, problemsOf } from './problems.js'
import { effectOf, fromLocalText, localText, type WatermarkEffect } from './watermark.js'

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
  pass: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
})

const PASSES = [
  ['TO_INTEGRATION_TABLE', 'toWatermark', 'watermark.to'],
  ['FROM_INTEGRATION_TABLE', 'fromWatermark', 'watermark.from'],
] as const

const LOUD: readonly WatermarkEffect[] = ['skipped', 'refused']

export interface WatermarkDialogProps {
  readonly mapping: ActedMapping
  onChanged(): void
  onClose(): void
}

/** From when on the next pass of each direction reads, and what that causes. */
export function WatermarkDialog({ mapping, onChanged, onClose }: WatermarkDialogProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const client = useClient()
  const notify = useNotify()
  // What was seen when it was opened: a run may move them meanwhile.
  const [seen] = useState(mapping)
  const [marks, setMarks] = useState({
    toWatermark: mapping.toWatermark,
    fromWatermark: mapping.fromWatermark,
  })
  const [problems, setProblems] = useState<readonly string[]>([])
  const passes = PASSES.filter(([pass]) => seen.direction === 'BIDIRECTIONAL' || seen.direction === pass)
  const effects = passes.map(([, name]) => effectOf(seen[name], marks[name], Date.now()))
  const changed = passes.filter((_pass, index) => effects[index] !== 'same')

  async function save(): Promise<void> {
    const { error } = await client
      .mutation(UpdateMappingDocument, {
        connection: seen.connection.name,
        name: seen.name,
        version: seen.version,
        input: Object.fromEntries(changed.map(([, name]) => [name, marks[name]])),
      })
      .toPromise()
    if (error !== undefined) return setProblems(problemsOf(error))
    notify({ intent: 'success', title: t('marks.done', { name: seen.name }) })
    onChanged()
    onClose()
  }

  return (
    <ConfirmDialog
      open
      title={t('marks.title', { name: seen.name })}
      confirm={t('marks.confirm')}
      disabled={changed.length === 0 || effects.includes('refused')}
      onConfirm={save}
      onClose={onClose}
    >
      <div className={styles.content}>
        <Problems title={t('save.refused')} problems={problems} />
        <Text>{t('marks.lead')}</Text>
        {passes.map(([pass, name, label], index) => (
          <Mark
            key={pass}
            pass={pass}
            label={t(label)}
            before={seen[name]}
            value={marks[name]}
            effect={effects[index] ?? 'same'}
            onChange={(value) => {
              setMarks((others) => ({ ...others, [name]: value }))
              setProblems([])
            }}
          />
        ))}
      </div>
    </ConfirmDialog>
  )
}

interface MarkProps {
  readonly pass: PassDirection
  readonly label: string
  readonly before: string | null
  readonly value: string | null
  readonly effect: WatermarkEffect
  onChange(value: string | null): void
}

function Mark({ pass, label, before, value, effect, onChange }: MarkProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const [typed, setTyped] = useState(localText(before))
  const choice = effect === 'same' ? 'same' : value === null ? 'everything' : 'time'
  const [chosen, setChosen] = useState<string>(choice)
  return (
    <div className={styles.pass} role="group" aria-label={label}>
      <Field label={label}>
        <RadioGroup
          value={chosen}
          onChange={(_event, { value: one }) => {
            setChosen(one)
            onChange(one === 'same' ? before : one === 'everything' ? null : (fromLocalText(typed) ?? before))
          }}
        >
          <Radio
            value="same"
            label={
              <>
                {t('marks.same')} (<Instant at={before} none={t('watermark.none')} />)
              </>
            }
          />
          <Radio value="time" label={t('marks.time')} />
          <Radio value="everything" label={t('marks.everything')} disabled={before === null} />
        </RadioGroup>
      </Field>
      {chosen === 'time' && (
        <Field label={t('marks.at')}>
          <Input
            type="datetime-local"
            step={1}
            value={typed}
            onChange={(_event, { value: text }) => {
              setTyped(text)
              onChange(fromLocalText(text) ?? before)
            }}
          />
        </Field>
      )}
      {effect !== 'same' && (
        <MessageBar intent={LOUD.includes(effect) ? 'warning' : 'info'} layout="multiline">
          <MessageBarBody>{t(`marks.effect.${effect}`, { side: t(`marks.source.${pass}`) })}</MessageBarBody>
        </MessageBar>
      )}
    </div>
  )
}
