const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]
/** From here on a date tells more than a number of days. */
const SECONDS_TOLD_BY_DATE = 7 * 86_400

/** The server's clock may be ahead of the browser's by so much: what has just happened did not happen in the future. */
const SECONDS_CLOCKS_DIFFER = 5

/** Whether a time lies so far away that its date tells more. */
export function isToldByDate(at: Date, now: number): boolean {
  return Math.abs(Math.round((at.getTime() - now) / 1000)) > SECONDS_TOLD_BY_DATE
}

/** `3 minutes ago`, or the date where it lies further away. What two clocks may differ by counts as now. */
export function formatAgo(at: Date, now: number, language: string): string {
  const ahead = Math.round((at.getTime() - now) / 1000)
  const seconds = ahead > 0 && ahead <= SECONDS_CLOCKS_DIFFER ? 0 : ahead
  if (isToldByDate(at, now)) {
    return at.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' })
  }
  const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? ['second', 1]
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.round(seconds / size), unit)
}
