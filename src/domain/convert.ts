import { isNumber, roundNumber } from './number.js'
import { canonicalCode } from './text.js'
import { assertNever, type FieldType, type Value } from './value.js'
import { dayOf, isDate, readInstant, startOfDay } from './zoned-date.js'

/** What a conversion needs to know besides the two types. */
export interface ConvertOptions {
  /** Cut text that is too long, never within a surrogate pair. */
  readonly truncate: boolean
  /** Where dates are paired with date-times; null: UTC. */
  readonly timeZone: string | null
}

/** What a destination holds of a value, or why it cannot hold it. */
export type Converted =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'tooLong'; readonly length: number; readonly limit: number }
  /** `expected`: what the destination holds, as a noun phrase; `example`: how it is written. */
  | { readonly kind: 'notOfType'; readonly expected: string; readonly example: string }

const GUID = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i
const ZERO_GUID = '00000000-0000-0000-0000-000000000000'
const PLAIN: ConvertOptions = { truncate: false, timeZone: null }

/**
 * The canonical value that a field of type `to` holds of a canonical value of a field of type `from`. Blank is blank, or zero
 * or false in a field that cannot be blank. Never throws.
 */
export function convertValue(
  value: Value,
  from: FieldType,
  to: FieldType,
  options: ConvertOptions = PLAIN,
): Converted {
  if (value === null) return ok(blankOf(to))
  switch (to.kind) {
    case 'text':
      return fitted(String(value), value, from, to, options)
    case 'code':
      return fitted(canonicalCode(String(value)), value, from, to, options)
    case 'decimal':
      return toNumber(value, to.scale)
    case 'integer':
      return toNumber(value, 0)
    case 'boolean':
      return toBoolean(value)
    case 'option':
      return toOption(String(value), to.members)
    case 'guid':
      return toGuid(value)
    case 'lookup':
      return to.textIds === true ? ok(value === '' ? null : String(value)) : toGuid(value)
    case 'date':
      return toDate(value, from, options.timeZone ?? 'utc')
    case 'dateTime':
      return toDateTime(value, from, options.timeZone ?? 'utc')
    case 'unsupported':
      return { kind: 'notOfType', expected: 'of a type that can be synchronized', example: 'nothing' }
    default:
      return assertNever(to)
  }
}

/** The longest beginning of a text of at most `limit` UTF-16 units that does not end within a surrogate pair. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text
  const isSplit = /[\ud800-\udbff]$/.test(text.slice(0, limit)) && /^[\udc00-\udfff]/.test(text.slice(limit))
  return text.slice(0, isSplit ? limit - 1 : limit)
}

function ok(value: Value): Converted {
  return { kind: 'value', value }
}

function blankOf(to: FieldType): Value {
  if (!('nullable' in to) || to.nullable) return null
  return to.kind === 'boolean' ? false : '0'
}

/** Only text is ever cut: digits, dates and ids would become other ones. */
function fitted(
  text: string,
  value: Value,
  from: FieldType,
  to: Extract<FieldType, { kind: 'text' | 'code' }>,
  options: ConvertOptions,
): Converted {
  const limit = to.maxLength
  if (text === '') return ok(null)
  if (text.length <= limit) return ok(text)
  const isText = typeof value === 'string' && (from.kind === 'text' || from.kind === 'code')
  if (!options.truncate || !isText) return { kind: 'tooLong', length: text.length, limit }
  // A code ends in no blank, also where it was cut at one; nor does what is left of a code, or it would differ once it came back.
  const kept = cut(text, limit)
  const shortened = to.kind === 'code' ? canonicalCode(kept) : from.kind === 'code' ? kept.trimEnd() : kept
  return ok(shortened === '' ? null : shortened)
}

function toNumber(value: string | boolean, scale: number): Converted {
  const digits = typeof value === 'string' ? value.trim() : ''
  return isNumber(digits)
    ? ok(roundNumber(digits, scale))
    : { kind: 'notOfType', expected: 'a number', example: 'digits, with a point before decimals,' }
}

function toBoolean(value: string | boolean): Converted {
  if (typeof value === 'boolean') return ok(value)
  const word = value.trim().toLowerCase()
  if (['true', 'yes', '1'].includes(word)) return ok(true)
  if (['false', 'no', '0'].includes(word)) return ok(false)
  return { kind: 'notOfType', expected: 'true or false', example: 'true or false' }
}

function toOption(value: string, members: readonly string[]): Converted {
  return members.length === 0 || members.includes(value)
    ? ok(value)
    : { kind: 'notOfType', expected: 'one of the options', example: members.slice(0, 20).join(' or ') }
}

function toGuid(value: string | boolean): Converted {
  const guid = GUID.exec(String(value).trim())?.[1]?.toLowerCase()
  if (guid === undefined)
    return {
      kind: 'notOfType',
      expected: 'an id',
      example: 'an id such as 01234567-89ab-cdef-0123-456789abcdef',
    }
  return ok(guid === ZERO_GUID ? null : guid)
}

function toDate(value: string | boolean, from: FieldType, timeZone: string): Converted {
  if (from.kind === 'dateTime' && typeof value === 'string') {
    const instant = readInstant(value)
    if (instant !== null) return ok(dayOf(instant, timeZone))
  }
  const text = String(value).trim()
  return isDate(text)
    ? ok(text)
    : { kind: 'notOfType', expected: 'a date', example: 'a date such as 2026-01-31' }
}

function toDateTime(value: string | boolean, from: FieldType, timeZone: string): Converted {
  const text = String(value).trim()
  // A date-time stays as it is, finer than milliseconds too.
  if (from.kind === 'dateTime' && readInstant(text) !== null) return ok(text)
  if (isDate(text)) return ok(startOfDay(text, timeZone))
  const instant = readInstant(text)
  return instant === null
    ? {
        kind: 'notOfType',
        expected: 'a date and time',
        example: 'a date and time such as 2026-01-31T09:30:00Z',
      }
    : ok(instant)
}
