import { isNumber } from '../number.js'
import type { FieldDefinition } from '../schema.js'
import { assertNever, type FieldType, type Value } from '../value.js'
import { isDate, readInstant } from '../zoned-date.js'
import { shown } from './problem.js'

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const EXPECTED_GUID = 'an id in lower case, such as "01234567-89ab-cdef-0123-456789abcdef"'

/** What a field holds, as a noun phrase, with an example. */
export function expectedOf(type: FieldType): string {
  switch (type.kind) {
    case 'text':
    case 'code':
      return `text of at most ${type.maxLength} characters`
    case 'decimal':
      return `a number as text with at most ${type.scale} decimals, such as "12.5"`
    case 'integer':
      return 'a whole number as text, such as "12"'
    case 'boolean':
      return 'true or false'
    case 'option':
      return `one of ${type.members.map((member) => `"${member}"`).join(', ')}`
    case 'guid':
      return EXPECTED_GUID
    case 'lookup':
      return type.textIds === true ? 'the id of a record' : EXPECTED_GUID
    case 'date':
      return 'a date such as "2026-01-31"'
    case 'dateTime':
      return 'a date and time in UTC such as "2026-01-31T09:30:00Z"'
    case 'unsupported':
      return 'no value at all: its type cannot be synchronized'
    default:
      return assertNever(type)
  }
}

/** Whether a field can hold a canonical value. Blank fits every field that can be blank. */
export function fits(value: Value, type: FieldType): boolean {
  if (type.kind === 'unsupported') return false
  if (value === null) return !('nullable' in type) || type.nullable
  if (type.kind === 'boolean') return typeof value === 'boolean'
  if (typeof value !== 'string') return false
  switch (type.kind) {
    case 'text':
    case 'code':
      return value.length <= type.maxLength
    case 'decimal':
      return isNumber(value) && (value.split('.')[1] ?? '').length <= type.scale
    case 'integer':
      return isNumber(value) && !value.includes('.')
    case 'option':
      return type.members.length === 0 || type.members.includes(value)
    case 'guid':
      return GUID.test(value)
    case 'lookup':
      return type.textIds === true || GUID.test(value)
    case 'date':
      return isDate(value)
    case 'dateTime':
      return readInstant(value) !== null
    default:
      return assertNever(type)
  }
}

/** Why a value cannot stand in a field; null where it can. */
export function misfit(value: Value, field: FieldDefinition): string | null {
  return fits(value, field.type)
    ? null
    : `${field.caption} (${field.name}) cannot hold ${value === null ? 'blank' : shown(value)}; expected ${expectedOf(field.type)}.`
}
