import { makeStyles, Tooltip } from '@fluentui/react-components'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatAgo, isToldByDate } from './ago.js'

const useStyles = makeStyles({
  /** A number is read with its unit. */
  together: { whiteSpace: 'nowrap' },
})

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

/** The clock, at least every ten seconds while it is needed. */
export function useNow(needed: boolean): number {
  const [, setBeat] = useState(0)
  useEffect(() => {
    if (!needed) return undefined
    const timer = setInterval(() => setBeat((beat) => beat + 1), 10_000)
    return () => clearInterval(timer)
  }, [needed])
  // Not the time of the beat: what came since the last one would lie in the future.
  return Date.now()
}
