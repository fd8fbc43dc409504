import { canonicalNumber } from '../../domain/number.js'
import { canonicalCode } from '../../domain/text.js'
import type { TableDefinition } from '../../domain/schema.js'
import type { ExactJson, ExactJsonObject } from './exact-json.js'

/** A value of a row that does not fit the type its field is said to have. */
export class WireValueError extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message)
    this.name = 'WireValueError'
  }
}

const ALREADY_CANONICAL = /^(?:0|-?[1-9]\d*|-?\d\.\d*[1-9]|-?[1-9]\d+\.\d*[1-9])$/
const GUID = /^\{?([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})\}?$/
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})$/i
export const ZERO_GUID = '00000000-0000-0000-0000-000000000000'
export const BLANK_DATE = '0001-01-01'

/** Text of a member, null where it is blank. */
export function readText(value: ExactJson, field: string): string | null {
  if (value === null || value === '') return null
  if (typeof value !== 'string') throw mismatch(field, 'text', value)
  return value
}

/** Digits of a number to the canonical form; most numbers are in it already, and the exact library is slow. */
export function readNumber(value: ExactJson, field: string): string | null {
  if (value === null || value === '') return null
  if (typeof value !== 'string') throw mismatch(field, 'a number', value)
  if (ALREADY_CANONICAL.test(value)) return value
  try {
    return canonicalNumber(value)
  } catch {
    throw mismatch(field, 'a number', value)
  }
}

export function readBoolean(value: ExactJson, field: string): boolean | null {
  if (value === null || typeof value === 'boolean') return value
  throw mismatch(field, 'a Boolean', value)
}

/** Lower case without braces; null where blank or all zeros. */
export function readGuid(value: ExactJson, field: string): string | null {
  if (value === null || value === '') return null
  const guid = typeof value === 'string' ? GUID.exec(value)?.[1]?.toLowerCase() : undefined
  if (guid === undefined) throw mismatch(field, 'a GUID', value)
  return guid === ZERO_GUID ? null : guid
}

/** `YYYY-MM-DD`; null where blank. A date-time at this place gives its date as written, without any time zone. */
export function readDate(value: ExactJson, field: string): string | null {
  if (value === null || value === '') return null
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value)) throw mismatch(field, 'a date', value)
  const date = value.slice(0, 10)
  return date === BLANK_DATE ? null : date
}

/** ISO 8601 in UTC without trailing zeros of the second's fraction; null where blank. */
export function readDateTime(value: ExactJson, field: string): string | null {
  if (value === null || value === '') return null
  const match = typeof value === 'string' ? DATE_TIME.exec(value) : null
  const [, date, time, fraction = '', zone] = match ?? []
  if (date === undefined || time === undefined || zone === undefined)
    throw mismatch(field, 'a date and time', value)
  if (date === BLANK_DATE) return null
  const digits = fraction.replace(/0+$/, '')
  const whole = /^(z|[+-]00:00)$/i.test(zone)
    ? `${date}T${time}`
    : new Date(`${date}T${time}${zone}`).toISOString().slice(0, 19)
  return `${whole}${digits === '' ? '' : `.${digits}`}Z`
}

/** Epoch ms of a modification stamp. */
export function readStamp(value: ExactJson | undefined, field: string): number {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (Number.isNaN(at)) throw mismatch(field, 'a date and time', value ?? null)
  return at
}

/** A code in its canonical form; null where blank. */
export function readCode(value: ExactJson, field: string): string | null {
  const text = readText(value, field)
  const code = text === null ? '' : canonicalCode(text)
  return code === '' ? null : code
}

/** A mapping with such a field is refused when it is saved, so that this tells of a table that has changed since. */
export function unsupported(field: string, type: string): WireValueError {
  return new WireValueError(field, `Field ${field} is of a type that cannot be synchronized: ${type}.`)
}

function mismatch(field: string, expected: string, value: ExactJson): WireValueError {
  const shown = JSON.stringify(value).slice(0, 100)
  return new WireValueError(field, `Field ${field} should hold ${expected}, but holds ${shown}.`)
}

/** The id of a row whose key is a GUID, and the version that its service gave it. Throws {@link WireValueError}. */
export function readIdentity(
  table: TableDefinition,
  row: ExactJsonObject,
): { readonly id: string; readonly version: string } {
  const id = readGuid(row[table.keyField] ?? null, table.keyField)
  const version = row['@odata.etag']
  if (id === null)
    throw new WireValueError(table.keyField, `A row of ${table.name} has no ${table.keyField}.`)
  if (typeof version !== 'string')
    throw new WireValueError('@odata.etag', `Row ${id} of ${table.name} has no @odata.etag.`)
  return { id, version }
}
