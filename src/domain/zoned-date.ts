import { DateTime } from 'luxon'

/** Whether a name is a time zone of the IANA database. */
export function isTimeZone(name: string): boolean {
  return name !== '' && DateTime.fromMillis(0, { zone: name }).isValid
}

/** Whether text is a day of the calendar, `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid
}

/**
 * The first instant of a day in a time zone, canonical. Where the clocks skip midnight it is the instant after the gap; where
 * midnight comes twice, the first; a day that a zone left out altogether begins with the day after it. Throws on what is no day.
 */
export function startOfDay(date: string, timeZone: string): string {
  const [year, month, day] = date.split('-').map(Number)
  const start = DateTime.fromObject({ year: year ?? 0, month: month ?? 0, day: day ?? 0 }, { zone: timeZone })
  if (!start.isValid) throw new RangeError(`Not a day in ${timeZone}: ${date}.`)
  const before = [180, 120, 60, 30].map((minutes) => start.minus({ minutes }))
  const first = before.find((instant) => instant.toISODate() === start.toISODate()) ?? start
  return canonicalInstant(first)
}

/** The day that an instant falls on in a time zone, `YYYY-MM-DD`. Throws on what is no instant. */
export function dayOf(instant: string, timeZone: string): string {
  const day = DateTime.fromISO(instant, { zone: timeZone }).toISODate()
  if (day === null) throw new RangeError(`Not an instant: ${instant}.`)
  return day
}

const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(:\d{2})?(?:\.(\d+))?(Z|[+-]\d{2}:?\d{2})$/i

/** An instant told with its distance to UTC, in the canonical form; null where text is none. No digit is lost. */
export function readInstant(text: string): string | null {
  const [, minute, second = ':00', fraction = '', zone] = INSTANT.exec(text) ?? []
  if (minute === undefined || zone === undefined) return null
  const instant = DateTime.fromISO(`${minute}${second}${zone}`, { zone: 'utc' })
  if (!instant.isValid) return null
  const digits = fraction.replace(/0+$/, '')
  return digits === '' ? canonicalInstant(instant) : canonicalInstant(instant).replace('Z', `.${digits}Z`)
}

function canonicalInstant(instant: DateTime): string {
  const text = instant.toUTC().startOf('second').toISO({ suppressMilliseconds: true })
  if (text === null) throw new RangeError('Not an instant.')
  return text
}
