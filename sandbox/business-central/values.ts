import type { Json } from '../common/json.js'
import { JsonNumber } from '../common/json.js'
import type { Column } from '../common/table.js'
import { assertNever } from '../common/table.js'
import { BusinessCentralError } from './errors.js'
import type { BusinessCentralTable } from './table.js'
import { BLANK_OPTION, optionType } from './table.js'

/** Largest number with 18 digits before the point, as a decimal of Business Central holds it. */
const LARGEST_DECIMAL = 1e18

/** The stored text of a member as a client sent it. Throws BusinessCentralError when it does not fit the column. */
export function readValue(table: BusinessCentralTable, column: Column, value: Json): string {
  if (value === null) return column.initial ?? ''
  switch (column.type.kind) {
    case 'text':
      return readText(column, value, column.type.length, (text) => text)
    case 'code':
      return readText(column, value, column.type.length, normalizeCode)
    case 'guid':
      return readPattern(
        column,
        value,
        /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
        'Edm.Guid',
      ).toLowerCase()
    case 'date': {
      const text = readPattern(column, value, /^\d{4}-\d\d-\d\d$/, 'Edm.Date')
      if (Number.isNaN(Date.parse(text))) throw cannotConvert(text, 'Edm.Date')
      return text
    }
    case 'boolean':
      if (typeof value !== 'boolean') throw cannotConvert(shown(value), 'Edm.Boolean')
      return value ? 't' : 'f'
    case 'decimal':
      if (!(value instanceof JsonNumber)) throw cannotConvert(shown(value), 'Edm.Decimal')
      if (Math.abs(Number(value.source)) >= LARGEST_DECIMAL) throw cannotConvert(value.source, 'Edm.Decimal')
      return value.source
    case 'option': {
      const name = value === ' ' ? BLANK_OPTION : value
      if (typeof name !== 'string' || !column.type.members.includes(name)) {
        throw cannotConvert(shown(value), `Microsoft.NAV.${optionType(table, column)}`)
      }
      return name
    }
    case 'memo':
    case 'integer':
    case 'bigint':
    case 'choice':
    case 'dateTime':
      throw new Error(`Column ${column.name} is of a type that nobody sends to Business Central.`)
    default:
      return assertNever(column.type)
  }
}

/** A Code: without blanks around it, in upper case letter by letter (`ß` has no capital of one letter and stays). */
export function normalizeCode(text: string): string {
  return Array.from(text.trim(), (letter) => {
    const upper = letter.toUpperCase()
    return upper.length === letter.length ? upper : letter
  }).join('')
}

function readText(column: Column, value: Json, length: number, normalize: (text: string) => string): string {
  if (typeof value !== 'string') throw cannotConvert(shown(value), 'Edm.String')
  if (value.includes('\0')) {
    throw new BusinessCentralError(
      400,
      'BadRequest',
      `The value of '${column.name}' holds the character 0x00, which is not valid.`,
    )
  }
  const text = normalize(value.toWellFormed())
  if (text.length > length) {
    throw new BusinessCentralError(
      400,
      'Application_StringExceededLength',
      `The length of the string is ${text.length}, but it must be less than or equal to ${length} characters. Value: ${text}`,
    )
  }
  return text
}

function readPattern(column: Column, value: Json, pattern: RegExp, type: string): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw cannotConvert(shown(value), type)
  if (column.type.kind === 'guid' || column.type.kind === 'date') return value
  throw new Error(`Column ${column.name} has no pattern.`)
}

function cannotConvert(text: string, type: string): BusinessCentralError {
  return new BusinessCentralError(
    400,
    'BadRequest',
    `Cannot convert the literal '${text}' to the expected type '${type}'.`,
  )
}

function shown(value: Json): string {
  if (value instanceof JsonNumber) return value.source
  return typeof value === 'string' ? value : JSON.stringify(value)
}
