import { Field, makeStyles, ProgressBar, Text, tokens } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDuration } from '../../shared/duration.js'
import { formatNumber } from '../../shared/quantity.js'
import type { ProgressFragment } from './generated/graphql.js'

type Pass = ProgressFragment['passes'][number]

const useStyles = makeStyles({
  facts: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalM,
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
  },
})

export interface PassBarProps {
  readonly mapping: string
  readonly pass: Pass
  readonly paused: boolean
}

/** How far one pass of a run is: a bar, records, rate and time left, as far as they are known. */
export function PassBar({ mapping, pass, paused }: PassBarProps): ReactNode {
  const { t, i18n } = useTranslation('jobs')
  const styles = useStyles()
  const { done, total, rate, secondsLeft, job } = pass
  const number = (value: number): string => formatNumber(value, i18n.language, { maximumFractionDigits: 0 })
  const direction = t(`directions.${job.direction}`)
  const running = job.status === 'RUNNING'
  const share = total == null ? (running ? undefined : 1) : total === 0 ? 1 : Math.min(1, done / total)
  return (
    <div>
      <Field label={direction} validationState="none">
        <ProgressBar
          aria-label={t('active.progress', { mapping, direction })}
          thickness="large"
          {...(share === undefined ? {} : { value: share })}
          color={job.status === 'FAILED' ? 'error' : job.status === 'COMPLETED' ? 'success' : 'brand'}
        />
      </Field>
      <div className={styles.facts}>
        <Text size={200}>
          {total == null
            ? t('active.rows', { count: done, number: number(done) })
            : t('active.rowsOf', { done: number(done), total: number(total) })}
        </Text>
        {running && !paused && rate != null && (
          <Text size={200}>
            {t('active.rate', { rate: formatNumber(rate, i18n.language, { maximumFractionDigits: 1 }) })}
          </Text>
        )}
        {running && !paused && secondsLeft != null && (
          <Text size={200}>{t('active.left', { time: formatDuration(secondsLeft, i18n.language) })}</Text>
        )}
      </div>
    </div>
  )
}
