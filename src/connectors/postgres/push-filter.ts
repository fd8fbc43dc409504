import pg from 'pg'
import { isNumber } from '../../domain/number.js'
import { foldCase } from '../../domain/text.js'
import type { Filter } from '../../domain/filter.js'
import type { Value } from '../../domain/value.js'
import type { CompareFilter, PushedFilter } from '../http/push-down.js'
import { pushDown } from '../http/push-down.js'
import { KINDS } from './describe-table.js'
import { quote, type Column, type Shape } from './shape.js'
import { isOfType } from './values.js'

const LONGEST_LIST = 200

/**
 * As much of a filter as SQL says with the same meaning. Text is folded as the domain folds it: composed, then lower case, which
 * "C" does alike for operands of ASCII letters; others are compared here.
 */
export function pushFilter(shape: Shape, filter: Filter | null): PushedFilter | null {
  return pushDown(filter, {
    alternatives: 'ofAnyFields',
    compare(comparison) {
      const column = shape.columns.find((candidate) => candidate.name === comparison.field)
      return column === undefined ? null : compare(column, comparison)
    },
  })
}

function compare(column: Column, { comparison, value }: CompareFilter): PushedFilter | null {
  const name = `t.${quote(column.name)}`
  const texts = isTextual(column)
  const blank = texts ? `coalesce(${name}::text, '') = ''` : `${name} is null`
  const one = Array.isArray(value) ? null : (value as Value)
  switch (comparison) {
    case 'blank':
      return exact(blank)
    case 'in': {
      const list = Array.isArray(value) ? (value as readonly Value[]) : [value as Value]
      const terms = list.map((item) => equals(column, name, blank, item))
      const known = terms.filter((term) => term !== null)
      if (known.length === 0 || known.length < terms.length || known.length > LONGEST_LIST) return null
      return exact(`(${known.join(' or ')})`)
    }
    case '=': {
      const text = equals(column, name, blank, one)
      return text === null ? null : exact(text)
    }
    case '<>': {
      const text = equals(column, name, blank, one)
      return text === null ? null : exact(`((${text}) is not true)`)
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      if (texts || typeof one !== 'string') return null
      const literal = literalOf(column, one)
      return literal === null ? null : exact(`coalesce(${name} ${comparison} ${literal}, false)`)
    }
    case 'beginsWith':
    case 'contains': {
      if (!texts || typeof one !== 'string' || !isAscii(one) || one === '') return null
      const place = `strpos(${folded(name)}, ${pg.escapeLiteral(foldCase(one))})`
      return exact(`(not (${blank}) and ${place} ${comparison === 'contains' ? '> 0' : '= 1'})`)
    }
  }
}

function equals(column: Column, name: string, blank: string, value: Value): string | null {
  if (value === null) return blank
  if (isTextual(column)) {
    if (typeof value !== 'string' || !isAscii(value) || value === '') return null
    return `coalesce(${folded(name)} = ${pg.escapeLiteral(foldCase(value))}, false)`
  }
  const literal = literalOf(column, value)
  return literal === null ? null : `coalesce(${name} = ${literal}, false)`
}

/** The one letter that the domain folds to an ASCII letter with a mark behind it, and "C" does not. */
function folded(name: string): string {
  return `lower(replace(normalize(${name}::text, NFC), U&'\\0130', U&'i\\0307') collate "C")`
}

function isTextual(column: Column): boolean {
  return column.labels !== null || KINDS[column.base] === 'text'
}

function literalOf(column: Column, value: Value): string | null {
  if (KINDS[column.base] === 'boolean') return typeof value === 'boolean' ? String(value) : null
  if (typeof value !== 'string' || !isOfType(column, value)) return null
  if (KINDS[column.base] === 'decimal' && (column.base !== 'numeric' || !isNumber(value))) return null
  return `${pg.escapeLiteral(value)}::${column.type}`
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}

function exact(text: string): PushedFilter {
  return { text, exact: true }
}
