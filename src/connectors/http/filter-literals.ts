import { foldCase } from '../../domain/text.js'
import type { FieldType, Value } from '../../domain/value.js'

const PLAIN = /^[A-Za-z0-9](?:[A-Za-z0-9 .-]*[A-Za-z0-9.-])?$/
/** The Kelvin sign is a K to whoever folds case, and no K to whoever compares codes as they are stored. */
const AMBIGUOUS = /k/i
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** Short enough that neither system refuses it as too large for the column. */
const NUMBER = /^-?\d{1,12}(\.\d{1,6})?$/
const INTEGER = /^-?\d{1,9}$/
const DATE = /^\d{4}-\d{2}-\d{2}$/
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{0,2}[1-9])?Z$/

/**
 * Text without anything that a system might read in its own way: wildcards and filter signs, quotes, blanks at either end,
 * letters whose case or composition is told differently. Null where the text is not so plain.
 */
export function plainText(value: Value): string | null {
  return typeof value === 'string' && PLAIN.test(value) ? value : null
}

/** The stored form of a code that is compared as it is stored; null where it is not plain. */
export function plainCode(value: Value): string | null {
  const text = plainText(value)
  return text === null || AMBIGUOUS.test(text) ? null : text.toUpperCase()
}

/** The member of an option that a filter means, whatever its case. */
export function memberOf(members: readonly string[], value: Value): string | null {
  if (typeof value !== 'string') return null
  return members.find((member) => foldCase(member) === foldCase(value)) ?? null
}

/** The OData literal of a value that stands without quotes; null where the value is not of the type. */
export function bareLiteral(type: FieldType, value: Value): string | null {
  if (type.kind === 'boolean') return typeof value === 'boolean' ? String(value) : null
  if (typeof value !== 'string') return null
  switch (type.kind) {
    case 'decimal':
      return NUMBER.test(value) ? value : null
    case 'integer':
      return INTEGER.test(value) ? value : null
    case 'guid':
    case 'lookup':
      return GUID.test(value) ? value : null
    case 'date':
      return DATE.test(value) && isDate(value) ? value : null
    case 'dateTime':
      return DATE_TIME.test(value) && isDate(value) ? value : null
    default:
      return null
  }
}

/** The thirtieth of February would be refused. */
function isDate(text: string): boolean {
  const at = new Date(text)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text.slice(0, 10))
}
