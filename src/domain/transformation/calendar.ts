import type { DatePart } from './rule.js'
import { assertNever } from '../value.js'

/** A day of the Gregorian calendar. */
export interface CalendarDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** A date and time as read. `fraction` holds the digits of the second's fraction, `offset` minutes east of UTC. */
export interface Moment extends CalendarDate {
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly fraction: string
  readonly offset: number
}

const SECONDS_A_DAY = 86_400
/** Of the years 1 to 9999, which both systems hold. */
const FIRST_DAY = dayNumber({ year: 1, month: 1, day: 1 })
const LAST_DAY = dayNumber({ year: 9999, month: 12, day: 31 })

/** Days since 1970-01-01, negative before it. Counts from March, so that the leap day ends a year. */
export function dayNumber({ year, month, day }: CalendarDate): number {
  const shifted = month > 2 ? year : year - 1
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The day that lies `days` after 1970-01-01. */
export function dateOfDay(days: number): CalendarDate {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  }
}

/** Whether the day exists, in the years 1 to 9999. */
export function isDate(date: CalendarDate): boolean {
  if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1) return false
  const same = dateOfDay(dayNumber(date))
  return same.day === date.day && same.month === date.month
}

/** The canonical date-time of a moment, in UTC; null where it does not exist. */
export function canonicalDateTime(moment: Moment): string | null {
  const { hour, minute, second, offset } = moment
  if (!isDate(moment) || hour > 23 || minute > 59 || second > 59 || Math.abs(offset) > 14 * 60) return null
  const seconds = dayNumber(moment) * SECONDS_A_DAY + hour * 3_600 + (minute - offset) * 60 + second
  return dateTimeOfSeconds(seconds, moment.fraction)
}

/** The canonical date-time that lies `seconds` after 1970-01-01T00:00:00Z; null outside of the years 1 to 9999. */
export function dateTimeOfSeconds(seconds: number, fraction = ''): string | null {
  const days = Math.floor(seconds / SECONDS_A_DAY)
  if (days < FIRST_DAY || days > LAST_DAY) return null
  const rest = seconds - days * SECONDS_A_DAY
  const time = [Math.floor(rest / 3_600), Math.floor(rest / 60) % 60, rest % 60].map((part) =>
    digits(part, 2),
  )
  const shown = fraction.replace(/0+$/, '')
  return `${canonicalDate(dateOfDay(days))}T${time.join(':')}${shown === '' ? '' : `.${shown}`}Z`
}

export function canonicalDate({ year, month, day }: CalendarDate): string {
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`
}

const CANONICAL_DATE = /^(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)?$/

/** The day of a canonical date or date-time; null where the text is neither. */
export function readCanonicalDate(text: string): CalendarDate | null {
  const [, year, month, day] = CANONICAL_DATE.exec(text) ?? []
  const date = { year: Number(year), month: Number(month), day: Number(day) }
  return day !== undefined && isDate(date) ? date : null
}

export function partOfDate(date: CalendarDate, part: DatePart): number {
  switch (part) {
    case 'DAY':
      return date.day
    case 'MONTH':
      return date.month
    case 'YEAR':
      return date.year
    case 'DAY_OF_WEEK':
      return dayOfWeek(dayNumber(date))
    case 'WEEK':
      return weekOfYear(date)
    case 'QUARTER':
      return Math.ceil(date.month / 3)
    default:
      return assertNever(part)
  }
}

/** 1 on Monday to 7 on Sunday; 1970-01-01 was a Thursday. */
export function dayOfWeek(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1
}

/** ISO 8601: the week belongs to the year that its Thursday lies in. */
function weekOfYear(date: CalendarDate): number {
  const days = dayNumber(date)
  const thursday = days - dayOfWeek(days) + 4
  const firstOfYear = dayNumber({ year: dateOfDay(thursday).year, month: 1, day: 1 })
  return Math.floor((thursday - firstOfYear) / 7) + 1
}

function digits(number: number, width: number): string {
  return String(number).padStart(width, '0')
}
