import { Checkbox, Field, Input, makeStyles, Select } from '@fluentui/react-components'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog, useSaving } from './form-dialog.js'
import { isWithin, type NumberRange } from './number-range.js'
import {
  CreateRuleDocument,
  UpdateRuleDocument,
  type AlertSettingsQuery,
  type RuleFragment,
} from './generated/graphql.js'

const KINDS = ['RUN_FAILED', 'ERRORS_OVER', 'NO_SUCCESS', 'DELETIONS_WAIT', 'BUDGET_USED'] as const
type Kind = (typeof KINDS)[number]
const THRESHOLDS: Partial<Record<Kind, string>> = { ERRORS_OVER: '10', BUDGET_USED: '80' }
const MINUTES: Partial<Record<Kind, string>> = { ERRORS_OVER: '60', NO_SUCCESS: '120' }

/** As the API takes them, which judges them once more. */
const THRESHOLD_RANGES: Partial<Record<Kind, NumberRange>> = {
  ERRORS_OVER: { from: 0, to: 1_000_000 },
  BUDGET_USED: { from: 1, to: 100 },
}
const MINUTE_RANGE: NumberRange = { from: 1, to: 43_200 }

const useStyles = makeStyles({
  channels: { display: 'flex', flexDirection: 'column' },
})

export interface RuleFormProps {
  /** Null: a new one. */
  readonly rule: RuleFragment | null
  readonly channels: AlertSettingsQuery['alertChannels']
  readonly mappings: AlertSettingsQuery['integrationTableMappings']
  readonly onSaved: () => void
  readonly onClose: () => void
}

/** A rule as it is to be. */
export function RuleForm({ rule, channels, mappings, onSaved, onClose }: RuleFormProps): ReactNode {
  const { t } = useTranslation('administration')
  const styles = useStyles()
  const { trouble, save: saveForm } = useSaving()
  const [name, setName] = useState(rule?.name ?? '')
  const [kind, setKind] = useState<Kind>(rule?.kind ?? 'RUN_FAILED')
  const [threshold, setThreshold] = useState(rule?.threshold == null ? '' : String(rule.threshold))
  const [minutes, setMinutes] = useState(rule?.minutes == null ? '' : String(rule.minutes))
  const [mappingId, setMappingId] = useState(rule?.mapping?.id ?? '')
  const [told, setTold] = useState<ReadonlySet<string>>(new Set(rule?.channels.map(({ id }) => id)))
  const [enabled, setEnabled] = useState(rule?.enabled ?? true)
  const mapping = mappings.find(({ id }) => id === mappingId)
  const thresholdRange = THRESHOLD_RANGES[kind]
  const isThreshold = thresholdRange === undefined || isWithin(threshold, thresholdRange)
  const isMinutes = MINUTES[kind] === undefined || isWithin(minutes, MINUTE_RANGE)
  /** What a field says of a number that it does not take. */
  function objection(
    range: NumberRange | undefined,
    right: boolean,
  ): { readonly validationMessage?: string } {
    return right || range === undefined ? {} : { validationMessage: t('alerts.wholeNumber', { ...range }) }
  }

  function choose(chosen: Kind): void {
    setKind(chosen)
    setThreshold(THRESHOLDS[chosen] ?? '')
    setMinutes(MINUTES[chosen] ?? '')
  }

  async function save(): Promise<void> {
    const input = {
      name: name.trim(),
      kind,
      enabled,
      channelIds: [...told],
      threshold: THRESHOLDS[kind] === undefined ? null : Number(threshold),
      minutes: MINUTES[kind] === undefined ? null : Number(minutes),
      ...(mapping === undefined || kind === 'BUDGET_USED'
        ? {}
        : { mapping: mapping.name, connection: mapping.connection.name }),
    }
    const saved =
      rule === null
        ? await saveForm(CreateRuleDocument, { input })
        : await saveForm(UpdateRuleDocument, { id: rule.id, version: rule.version, input })
    if (saved !== null) onSaved()
  }

  return (
    <FormDialog
      title={rule?.name ?? t('alerts.newRule')}
      name={name}
      trouble={trouble}
      valid={isThreshold && isMinutes}
      enabled={enabled}
      onEnabled={setEnabled}
      onSave={save}
      onClose={onClose}
    >
      <Field label={t('alerts.name')} required>
        <Input value={name} onChange={(_event, { value }) => setName(value)} />
      </Field>
      <Field label={t('alerts.kind')}>
        <Select
          value={kind}
          onChange={(_event, { value }) => choose(KINDS.find((one) => one === value) ?? 'RUN_FAILED')}
        >
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {t(`alerts.kinds.${one}`)}
            </option>
          ))}
        </Select>
      </Field>
      {(kind === 'ERRORS_OVER' || kind === 'BUDGET_USED') && (
        <Field label={t(`alerts.thresholdOf.${kind}`)} required {...objection(thresholdRange, isThreshold)}>
          <Input type="number" value={threshold} onChange={(_event, { value }) => setThreshold(value)} />
        </Field>
      )}
      {MINUTES[kind] !== undefined && (
        <Field label={t('alerts.minutes')} required {...objection(MINUTE_RANGE, isMinutes)}>
          <Input type="number" value={minutes} onChange={(_event, { value }) => setMinutes(value)} />
        </Field>
      )}
      {kind !== 'BUDGET_USED' && (
        <Field label={t('alerts.mapping')}>
          <Select value={mappingId} onChange={(_event, { value }) => setMappingId(value)}>
            <option value="">{t('alerts.everyMapping')}</option>
            {mappings.map(({ id, name: one }) => (
              <option key={id} value={id}>
                {one}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <div role="group" aria-label={t('alerts.who')} className={styles.channels}>
        {channels.length === 0 && t('alerts.noChannels')}
        {channels.map((channel) => (
          <Checkbox
            key={channel.id}
            label={`${t('alerts.who')}: ${channel.name}`}
            checked={told.has(channel.id)}
            onChange={(_event, { checked }) => {
              const after = new Set(told)
              if (checked === true) after.add(channel.id)
              else after.delete(channel.id)
              setTold(after)
            }}
          />
        ))}
      </div>
    </FormDialog>
  )
}
