import { Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ScheduleDocument } from './document.js'

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: tokens.spacingHorizontalM },
  grow: { flexGrow: 1, flexBasis: '130px', minWidth: 0 },
})

const DEFAULTS = {
  interval: { everyMinutes: 30 },
  cron: { cron: '0 6 * * 1-5', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
  none: null,
} as const

export interface ScheduleEditorProps {
  readonly label: string
  readonly value: ScheduleDocument | null
  /** What no schedule is called, where there may be none. */
  readonly none?: string
  readonly readOnly: boolean
  onChange(value: ScheduleDocument | null): void
}

/** When something starts by itself: every so many minutes, or by a cron expression in a time zone. */
export function ScheduleEditor({ label, value, none, readOnly, onChange }: ScheduleEditorProps): ReactNode {
  const { t } = useTranslation('mappings')
  const styles = useStyles()
  const kind = value === null ? 'none' : value.cron === undefined ? 'interval' : 'cron'
  return (
    <div role="group" aria-label={label} className={styles.row}>
      <Field label={label} className={styles.grow}>
        <Select
          value={kind}
          disabled={readOnly}
          onChange={(_event, { value: chosen }) => onChange(DEFAULTS[chosen as keyof typeof DEFAULTS])}
        >
          {none !== undefined && <option value="none">{none}</option>}
          <option value="interval">{t('schedule.interval')}</option>
          <option value="cron">{t('schedule.cron')}</option>
        </Select>
      </Field>
      {kind === 'interval' && (
        <Field label={t('schedule.minutes')} className={styles.grow}>
          <Input
            type="number"
            min={1}
            disabled={readOnly}
            value={String(value?.everyMinutes ?? '')}
            onChange={(_event, { value: typed }) => onChange({ everyMinutes: Number(typed) })}
          />
        </Field>
      )}
      {kind === 'cron' && (
        <>
          <Field label={t('schedule.expression')} hint={t('schedule.expressionHint')} className={styles.grow}>
            <Input
              disabled={readOnly}
              value={value?.cron ?? ''}
              onChange={(_event, { value: cron }) => onChange({ ...value, cron })}
            />
          </Field>
          <Field label={t('schedule.timeZone')} className={styles.grow}>
            <Input
              disabled={readOnly}
              value={value?.timeZone ?? ''}
              onChange={(_event, { value: timeZone }) => onChange({ ...value, timeZone })}
            />
          </Field>
        </>
      )}
    </div>
  )
}
