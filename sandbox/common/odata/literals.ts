import type { Literal } from './filter.js'
import type { Column } from '../table.js'
import { sqlType } from '../table.js'

/** The kinds of literal that a column may be compared with. */
export function literalTypes(column: Column): readonly Literal['type'][] {
  switch (column.type.kind) {
    case 'guid':
      return ['guid']
    case 'text':
    case 'code':
    case 'memo':
    case 'option':
      return ['string']
    case 'decimal':
    case 'integer':
    case 'bigint':
    case 'choice':
      return ['number']
    case 'boolean':
      return ['boolean']
    case 'date':
      return ['date']
    case 'dateTime':
      return ['dateTime', 'date']
  }
}

/** What PostgreSQL would refuse must not reach it: a bad value is the client's fault, not the server's. */
export function isValidLiteral(column: Column, text: string): boolean {
  switch (column.type.kind) {
    case 'guid':
      return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)
    case 'decimal':
    case 'integer':
    case 'bigint':
    case 'choice':
      return /^[+-]?\d{1,30}(\.\d{1,30})?$/.test(text)
    case 'date':
    case 'dateTime':
      return !Number.isNaN(Date.parse(text))
    default:
      return true
  }
}

/** The SQL type in which a value is compared with a column. */
export function parameterType(column: Column): string {
  switch (column.type.kind) {
    case 'decimal':
    case 'integer':
    case 'bigint':
    case 'choice':
      return 'numeric'
    case 'dateTime':
      return 'timestamptz'
    case 'text':
    case 'code':
    case 'memo':
    case 'option':
      return 'text'
    default:
      return sqlType(column.type)
  }
}
