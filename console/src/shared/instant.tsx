import { makeStyles, Tooltip } from '@fluentui/react-components'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]
/** From here on a date tells more than a number of days. */
const SECONDS_TOLD_BY_DATE = 7 * 86_400

const useStyles = makeStyles({
  /** A number is read with its unit. */
  together: { whiteSpace: 'nowrap' },
})

function isToldByDate(at: Date, now: number): boolean {
  return Math.abs(Math.round((at.getTime() - now) / 1000)) > SECONDS_TOLD_BY_DATE
}

/** `3 minutes ago`, or the date where it lies further away. */
export function formatAgo(at: Date, now: number, language: string): string {
  const seconds = Math.round((at.getTime() - now) / 1000)
  if (isToldByDate(at, now)) {
    return at.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' })
  }
  const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? ['second', 1]
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.round(seconds / size), unit)
}

export interface InstantProps {
  /** As the API tells it; null: never. */
  readonly at: string | null | undefined
  /** What stands there for never. */
  readonly none?: string
  /** `ago` follows the clock; `full` shows date and time; `short` does in figures, where there is little room. */
  readonly as?: 'ago' | 'full' | 'short'
}

/** A time in the zone of whoever reads it; the exact instant, with zone and in UTC, shows on hover and focus. */
export function Instant({ at, none = '', as = 'full' }: InstantProps): ReactNode {
  const { i18n } = useTranslation()
  const styles = useStyles()
  const now = useNow(as === 'ago' && at != null)
  if (at == null) return <>{none}</>
  const date = new Date(at)
  const exact = `${date.toLocaleString(i18n.language, { dateStyle: 'full', timeStyle: 'long' })} (${date.toISOString()})`
  const text =
    as === 'ago'
      ? formatAgo(date, now, i18n.language)
      : date.toLocaleString(i18n.language, {
          dateStyle: as === 'short' ? 'short' : 'medium',
          timeStyle: 'short',
        })
  return (
    <Tooltip content={exact} relationship="description">
      <time
        dateTime={date.toISOString()}
        className={as === 'ago' && !isToldByDate(date, now) ? styles.together : undefined}
      >
        {text}
      </time>
    </Tooltip>
  )
}

/** The clock, every ten seconds while it is needed. */
export function useNow(needed: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!needed) return undefined
    const timer = setInterval(() => setNow(Date.now()), 10_000)
    return () => clearInterval(timer)
  }, [needed])
  return now
}
