import type { Json } from '../common/json.js'
import { JsonNumber } from '../common/json.js'
import type { Column } from '../common/table.js'
import { assertNever } from '../common/table.js'
import type { DataverseTable } from './tables.js'
import { DataverseError, badRequest } from './errors.js'

/** Largest amount of a Money column and largest number of a decimal column. */
const LARGEST_MONEY = 922_337_203_685_477
const LARGEST_DECIMAL = 100_000_000_000

/** Characters that a memo holds. */
export const LONGEST_MEMO = 2000

/** Which values a choice has at present; people add some. */
export interface AcceptedChoices {
  accepted(table: DataverseTable, column: Column): readonly number[]
}

/** The stored text of a member as a client sent it; blank text is stored as null. Throws DataverseError when it does not fit. */
export function readValue(
  table: DataverseTable,
  column: Column,
  value: Json,
  choices: AcceptedChoices,
): string | null {
  if (value === null) return null
  switch (column.type.kind) {
    case 'text':
      return readText(table, column, value, column.type.length)
    case 'memo':
      return readText(table, column, value, LONGEST_MEMO)
    case 'guid':
      if (typeof value !== 'string' || !/^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i.test(value))
        throw cannotConvert(value, 'Edm.Guid')
      return value.replace(/[{}]/g, '').toLowerCase()
    case 'decimal': {
      if (!(value instanceof JsonNumber)) throw cannotConvert(value, 'Edm.Decimal')
      const { minimum, maximum } = decimalRange(table, column.name, column.type)
      const number = Number(value.source)
      if (number < minimum || number > maximum) throw outOfRange(table, column, value.source)
      return value.source
    }
    case 'integer':
      if (!(value instanceof JsonNumber) || !/^-?\d+$/.test(value.source))
        throw cannotConvert(value, 'Edm.Int32')
      if (Number(value.source) < column.type.minimum || Number(value.source) > column.type.maximum)
        throw outOfRange(table, column, value.source)
      return value.source
    case 'choice': {
      if (!(value instanceof JsonNumber) || !/^-?\d+$/.test(value.source))
        throw cannotConvert(value, 'Edm.Int32')
      const accepted = choices.accepted(table, column)
      if (!accepted.includes(Number(value.source))) {
        throw new DataverseError(
          400,
          '0x8004431a',
          `A validation error occurred. The value ${value.source} of '${column.name}' on record of type '${table.entity}' is outside the valid range. Accepted Values: ${accepted.join(',')}`,
        )
      }
      return value.source
    }
    case 'boolean':
      if (typeof value !== 'boolean') throw cannotConvert(value, 'Edm.Boolean')
      return value ? 't' : 'f'
    case 'date':
      if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value) || Number.isNaN(Date.parse(value)))
        throw cannotConvert(value, 'Edm.Date')
      return value
    case 'dateTime':
      if (typeof value !== 'string' || !/^\d{4}-/.test(value) || Number.isNaN(Date.parse(value)))
        throw cannotConvert(value, 'Edm.DateTimeOffset')
      return wholeSecond(Date.parse(value))
    case 'code':
    case 'option':
    case 'bigint':
      throw new Error(`Column ${column.name} is of a type that nobody sends to Dataverse.`)
    default:
      return assertNever(column.type)
  }
}

/** Dataverse keeps its stamps to the second; it cuts, it does not round. */
export function wholeSecond(milliseconds: number): string {
  return new Date(Math.floor(milliseconds / 1000) * 1000).toISOString()
}

function readText(table: DataverseTable, column: Column, value: Json, length: number): string | null {
  if (typeof value !== 'string') throw cannotConvert(value, 'Edm.String')
  if (value.includes('\0')) {
    throw new DataverseError(
      400,
      '0x80040203',
      `The value of '${column.name}' holds the character 0x00, which is not valid.`,
    )
  }
  if (value.length > length) {
    throw new DataverseError(
      400,
      '0x80044331',
      `The length of the '${column.name}' attribute of the '${table.entity}' entity exceeded the maximum allowed length of '${length}'.`,
    )
  }
  return value === '' ? null : value.toWellFormed()
}

/** The smallest and the largest value of a decimal or money column. */
export function decimalRange(
  table: DataverseTable,
  name: string,
  type: { readonly minimum?: number; readonly maximum?: number },
): { readonly minimum: number; readonly maximum: number } {
  const largest = table.money.includes(name) ? LARGEST_MONEY : LARGEST_DECIMAL
  return { minimum: type.minimum ?? -largest, maximum: type.maximum ?? largest }
}

function outOfRange(table: DataverseTable, column: Column, value: string): DataverseError {
  const own = table.refusals.outOfRange?.[column.name]
  if (own !== undefined) return new DataverseError(400, own.code, own.message(value))
  return new DataverseError(
    400,
    '0x80044330',
    `A validation error occurred. The value of '${column.name}' on record of type '${table.entity}' is outside the valid range.`,
  )
}

function cannotConvert(value: Json, type: string): DataverseError {
  const shown =
    value instanceof JsonNumber ? value.source : typeof value === 'string' ? value : JSON.stringify(value)
  return badRequest(`Cannot convert the literal '${shown}' to the expected type '${type}'.`)
}
