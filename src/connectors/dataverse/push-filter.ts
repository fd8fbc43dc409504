import type { Filter } from '../../domain/filter.js'
import type { FieldDefinition, TableDefinition } from '../../domain/schema.js'
import type { Value } from '../../domain/value.js'
import { bareLiteral, plainText } from '../http/filter-literals.js'
import { quoteLiteral } from '../http/odata.js'
import type { CompareFilter, PushedFilter } from '../http/push-down.js'
import { pushDown } from '../http/push-down.js'
import { memberOf } from './fields.js'

const RELATION = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' } as const
/** Terms of one `in`. */
const LONGEST_LIST = 100

/**
 * As much of a filter as `$filter` of the Web API says with the same meaning. Text is compared without case there, by a collation
 * that may take more for equal than we do, so equality of plain text is asked for and difference is not. A column that is
 * null differs from every value.
 */
export function pushFilter(table: TableDefinition, filter: Filter | null): PushedFilter | null {
  return pushDown(filter, {
    alternatives: 'ofAnyFields',
    compare(comparison) {
      const field = table.fields.find((candidate) => candidate.name === comparison.field)
      const isPlain = field?.targetOf === undefined && field?.behindPrefix === undefined
      return field === undefined || !isPlain ? null : compare(table, field, comparison)
    },
  })
}

function compare(
  table: TableDefinition,
  field: FieldDefinition,
  { comparison, value }: CompareFilter,
): PushedFilter | null {
  const member = memberOf(table, field.name)
  switch (comparison) {
    case 'blank':
      return equals(member, field, null)
    case '=':
      return equals(member, field, value as Value)
    case 'in': {
      const values: readonly Value[] = Array.isArray(value) ? value : [value as Value]
      const terms = values.map((single) => equals(member, field, single))
      const known = terms.filter((term) => term !== null)
      if (known.length === 0 || known.length < terms.length || known.length > LONGEST_LIST) return null
      return {
        text: `(${known.map((term) => term.text).join(' or ')})`,
        exact: known.every((term) => term.exact),
      }
    }
    case '<>':
      return differs(member, field, value as Value)
    case '<':
    case '<=':
    case '>':
    case '>=': {
      if (!['decimal', 'integer', 'date', 'dateTime'].includes(field.type.kind)) return null
      const literal = bareLiteral(field.type, value as Value)
      return literal === null ? null : { text: `${member} ${RELATION[comparison]} ${literal}`, exact: true }
    }
    case 'beginsWith':
    case 'contains': {
      const text = field.type.kind === 'text' ? plainText(value as Value) : null
      if (text === null) return null
      const test = comparison === 'contains' ? 'contains' : 'startswith'
      return { text: `${test}(${member},${quoteLiteral(text)})`, exact: false }
    }
  }
}

function equals(member: string, field: FieldDefinition, value: Value): PushedFilter | null {
  if (field.type.kind === 'text') {
    if (value === null) return { text: `(${member} eq null or ${member} eq '')`, exact: false }
    const text = plainText(value)
    return text === null ? null : { text: `${member} eq ${quoteLiteral(text)}`, exact: false }
  }
  // A lookup that leads elsewhere is blank to us and is not null there.
  if (value === null) return field.target === undefined ? { text: `${member} eq null`, exact: true } : null
  const literal = literalOf(field, value)
  return literal === null ? null : { text: `${member} eq ${literal}`, exact: true }
}

function differs(member: string, field: FieldDefinition, value: Value): PushedFilter | null {
  if (value === null) {
    return { text: `${member} ne null`, exact: field.type.kind !== 'text' && field.target === undefined }
  }
  const literal = literalOf(field, value)
  return literal === null ? null : { text: `(${member} ne ${literal} or ${member} eq null)`, exact: true }
}

/** Null for text, and for what is no value of the field. */
function literalOf(field: FieldDefinition, value: Value): string | null {
  if (field.type.kind === 'option') {
    return typeof value === 'string' && /^(0|-?[1-9]\d{0,8})$/.test(value) ? value : null
  }
  return bareLiteral(field.type, value)
}
