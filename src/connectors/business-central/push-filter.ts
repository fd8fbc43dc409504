import type { Filter } from '../../domain/filter.js'
import type { FieldDefinition, TableDefinition } from '../../domain/schema.js'
import type { FieldType, Value } from '../../domain/value.js'
import { BLANK_DATE, ZERO_GUID } from '../http/canonical.js'
import { bareLiteral, memberOf, plainCode, plainText } from '../http/filter-literals.js'
import { quoteLiteral } from '../http/odata.js'
import type { CompareFilter, PushedFilter } from '../http/push-down.js'
import { pushDown } from '../http/push-down.js'
import { BLANK_MEMBER, encodeMemberName } from './member-names.js'

const RELATION = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' } as const
/** Terms of one `in`. */
const LONGEST_LIST = 40

/**
 * As much of a filter as `$filter` of API v2.0 says with the same meaning. Business Central has no null: each type has a blank of
 * its own. Text is compared with its case there and by the database's collation, so that only equality of plain text is asked for.
 */
export function pushFilter(table: TableDefinition, filter: Filter | null): PushedFilter | null {
  return pushDown(filter, {
    alternatives: 'ofOneField',
    compare(comparison) {
      const field = table.fields.find((candidate) => candidate.name === comparison.field)
      return field === undefined || field.byCode !== undefined ? null : compare(field, comparison)
    },
  })
}

function compare(field: FieldDefinition, { comparison, value }: CompareFilter): PushedFilter | null {
  const { name, type } = field
  switch (comparison) {
    case 'blank':
      return equals(field, null)
    case 'in':
      return among(field, Array.isArray(value) ? value : [value as Value])
    case '=':
      return equals(field, value as Value)
    case '<>':
      return differs(field, value as Value)
    case '<':
    case '<=':
    case '>':
    case '>=': {
      if (!isOrdered(type)) return null
      const literal = bareLiteral(type, value as Value)
      if (literal === null) return null
      // The blank of a date is before every other.
      const exact = type.kind === 'decimal' || type.kind === 'integer'
      return { text: `${name} ${RELATION[comparison]} ${literal}`, exact }
    }
    case 'beginsWith':
    case 'contains': {
      const code = type.kind === 'code' ? plainCode(value as Value) : null
      if (code === null) return null
      const test = comparison === 'contains' ? 'contains' : 'startswith'
      return { text: `${test}(${name},${quoteLiteral(code)})`, exact: true }
    }
  }
}

function equals(field: FieldDefinition, value: Value): PushedFilter | null {
  const literal = value === null ? blankLiteral(field.type) : literalOf(field.type, value)
  if (literal === null) return null
  if (field.type.kind !== 'text') return { text: `${field.name} eq ${literal}`, exact: true }
  // A collation may take letters with accents, and blanks at the end, for equal.
  const left = value === null ? field.name : `tolower(${field.name})`
  return { text: `${left} eq ${literal}`, exact: false }
}

function differs(field: FieldDefinition, value: Value): PushedFilter | null {
  if (field.type.kind === 'text') return null
  const literal = value === null ? blankLiteral(field.type) : literalOf(field.type, value)
  return literal === null ? null : { text: `${field.name} ne ${literal}`, exact: true }
}

function among(field: FieldDefinition, values: readonly Value[]): PushedFilter | null {
  const terms = values.map((value) => equals(field, value))
  const known = terms.filter((term) => term !== null)
  if (known.length === 0 || known.length < terms.length || known.length > LONGEST_LIST) return null
  // `or` over a field and over its folded form are two fields to the service.
  if (field.type.kind === 'text' && values.includes(null)) return null
  return {
    text: `(${known.map((term) => term.text).join(' or ')})`,
    exact: known.every((term) => term.exact),
  }
}

function literalOf(type: FieldType, value: Value): string | null {
  switch (type.kind) {
    case 'text': {
      const text = plainText(value)
      return text === null ? null : quoteLiteral(text.toLowerCase())
    }
    case 'code': {
      const code = plainCode(value)
      return code === null ? null : quoteLiteral(code)
    }
    case 'option': {
      const member = memberOf(type.members, value)
      return member === null ? null : quoteLiteral(encodeMemberName(member))
    }
    default:
      return bareLiteral(type, value)
  }
}

/** Null where the field cannot be blank. */
function blankLiteral(type: FieldType): string | null {
  switch (type.kind) {
    case 'text':
    case 'code':
      return "''"
    case 'option':
      return quoteLiteral(BLANK_MEMBER)
    case 'guid':
    case 'lookup':
      return ZERO_GUID
    case 'date':
      return BLANK_DATE
    case 'dateTime':
      return `${BLANK_DATE}T00:00:00Z`
    default:
      return null
  }
}

function isOrdered(type: FieldType): boolean {
  return ['decimal', 'integer', 'date', 'dateTime'].includes(type.kind)
}
