import { canonicalNumber, isNumber } from '../../domain/number.js'
import type { Value } from '../../domain/value.js'
import { KINDS } from './describe-table.js'
import type { Column } from './shape.js'

const ALREADY_CANONICAL = /^(?:0|-?[1-9]\d*|-?\d\.\d*[1-9]|-?[1-9]\d+\.\d*[1-9])$/
const TIMESTAMP = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?(\+00)?$/

/**
 * A column's canonical value out of the text that PostgreSQL writes. Date-times keep their microseconds; a timestamp without time
 * zone is taken for UTC. What has no canonical form (`infinity`, `NaN`, years beyond 9999) stays as PostgreSQL writes it.
 */
export function valueReader(column: Column): (text: string | null) => Value {
  if (column.labels !== null) return (text) => (text === '' ? null : text)
  switch (KINDS[column.base]) {
    case 'boolean':
      return (text) => (text === null ? null : text === 't' || text === 'true')
    case 'decimal':
      return readDecimal
    case 'dateTime':
      return readDateTime
    case 'text':
      // Padded with blanks to its length, which do not count.
      if (column.base === 'bpchar') return (text) => text?.replace(/ +$/, '') || null
      return (text) => (text === '' ? null : text)
    default:
      return (text) => text
  }
}

export function readDateTime(text: string | null): string | null {
  if (text === null) return null
  const match = TIMESTAMP.exec(text)
  if (match === null) return text
  const fraction = (match[3] ?? '').replace(/0+$/, '')
  return `${match[1]}T${match[2]}${fraction === '' ? '' : `.${fraction}`}Z`
}

/** Epoch milliseconds, rounded down; 0 where the column is empty. */
export function readStamp(text: string | null): number {
  const at = text === null ? 0 : Date.parse(readDateTime(text) ?? '')
  return Number.isNaN(at) ? 0 : at
}

function readDecimal(text: string | null): Value {
  if (text === null || ALREADY_CANONICAL.test(text)) return text
  return isNumber(text) || /^-?\d+(?:\.\d+)?e[+-]?\d+$/.test(text) ? canonicalNumber(text) : text
}

/** The value to be sent for a canonical one. Blank is '' in a text column that takes no null. */
export function outgoing(column: Column, value: Value): string | boolean | null {
  if (value === null) return column.notNull && isText(column) ? '' : null
  return value
}

export function isText(column: Column): boolean {
  return column.labels === null && KINDS[column.base] === 'text'
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const LIMITS: Readonly<Record<string, bigint>> = {
  int2: 2n ** 15n,
  int4: 2n ** 31n,
  int8: 2n ** 63n,
}

/** Whether PostgreSQL reads the text as a value of the column; one that it does not can be in no record. */
export function isOfType(column: Column, text: string): boolean {
  if (text.includes('\0') || !text.isWellFormed()) return false
  if (column.labels !== null) return column.labels.includes(text)
  switch (KINDS[column.base]) {
    case 'integer': {
      const limit = LIMITS[column.base]
      if (!/^-?\d{1,19}$/.test(text) || limit === undefined) return false
      return BigInt(text) >= -limit && BigInt(text) < limit
    }
    case 'decimal':
      return isNumber(text)
    case 'guid':
      return UUID.test(text)
    case 'boolean':
      return text === 'true' || text === 'false'
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
    case 'dateTime':
      return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) && !Number.isNaN(Date.parse(text))
    case 'text':
      return true
    case undefined:
      return false
  }
}
