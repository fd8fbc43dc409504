import type { Moment } from './calendar.js'
import { CULTURES, type CultureName } from './culture.js'

const DATE = String.raw`(?<first>\d{1,4})(?<separator>\. ?|[-/ ])(?<second>\d{1,2})\k<separator>(?<third>\d{1,4})`
const CLOCK = String.raw`(?<hour>\d{1,2})(?:(?<colon>[:.])(?<minute>\d{2})(?:\k<colon>(?<seconds>\d{2})(?:[.,](?<fraction>\d{1,7}))?)?)?`
const HALF = String.raw`(?: ?(?<half>[ap])\.?m\.?)?`
const ZONE = String.raw`(?: ?(?<zone>Z|[+-]\d{2}:?\d{2}))?`
const DATE_TIME = new RegExp(`^${DATE}(?:(?:T|,? +)${CLOCK}${HALF}${ZONE})?$`, 'i')

/**
 * Reads a date, with or without a time, as people of a culture write it in digits: `4.3.2020`, `3/4/2020 1:14 PM`. A date
 * that begins with a year of four digits is year, month, day in every culture, as in ISO 8601. Without a time it is
 * midnight; without an offset the time is UTC. Null where it cannot be read. Whether the day exists is not looked at.
 */
export function readDateInCulture(text: string, name: CultureName): Moment | null {
  const found = DATE_TIME.exec(text.trim())?.groups
  if (found === undefined) return null
  const { first = '', second = '', third = '', hour, minute, seconds, fraction = '', half, zone } = found
  const date = arrange(first, second, third, name)
  if (date === null) return null
  // An hour alone says its half of the day: `3 PM`, never `3`.
  if (hour !== undefined && minute === undefined && half === undefined) return null
  const clockHour = hourOfDay(Number(hour ?? 0), half)
  if (clockHour === null) return null
  return {
    ...date,
    hour: clockHour,
    minute: Number(minute ?? 0),
    second: Number(seconds ?? 0),
    fraction,
    offset: zone === undefined ? 0 : readOffset(zone),
  }
}

function arrange(first: string, second: string, third: string, name: CultureName) {
  if (first.length === 4) return build(first, second, third)
  switch (CULTURES[name].order) {
    case 'DAY_MONTH_YEAR':
      return build(third, second, first)
    case 'MONTH_DAY_YEAR':
      return build(third, first, second)
    case 'YEAR_MONTH_DAY':
      return build(first, second, third)
  }
}

function build(year: string, month: string, day: string) {
  if ((year.length !== 2 && year.length !== 4) || day.length > 2) return null
  const number = Number(year)
  return {
    year: year.length === 2 ? yearOfTwoDigits(number) : number,
    month: Number(month),
    day: Number(day),
  }
}

/** 00 to 49 are of this century, 50 to 99 of the last, whatever the day of the run. */
export function yearOfTwoDigits(year: number): number {
  return year < 50 ? 2000 + year : 1900 + year
}

/** The hour of 0 to 23; null where a half of the day stands beside an hour that no half has. */
export function hourOfDay(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour
  if (hour < 1 || hour > 12) return null
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
}

/** Minutes east of UTC of `Z`, `+01:00`, `-0530`, `+01`. */
export function readOffset(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0)
  return zone.startsWith('-') ? -minutes : minutes
}
