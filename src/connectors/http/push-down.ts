import { assertNever } from '../../domain/value.js'
import type { Filter } from '../../domain/filter.js'
import { filterFields } from '../../domain/filter.js'

/** A filter in a system's own language. `exact`: it lets through what the filter does and nothing else; otherwise perhaps more. */
export interface PushedFilter {
  readonly text: string
  readonly exact: boolean
}

export type CompareFilter = Extract<Filter, { readonly kind: 'compare' }>

/** Where `or` may join comparisons: those of any fields, those of one field, none. */
export type Alternatives = 'ofAnyFields' | 'ofOneField' | 'never'

export interface PushDownDialect {
  /** Null: the system does not mean the same by any comparison of its own. It must never let through less. */
  compare(filter: CompareFilter): PushedFilter | null
  readonly alternatives: Alternatives
}

/** A longer filter is not pushed down: rows are compared here as quickly. */
const LONGEST_FILTER = 4_000

/**
 * As much of a filter as a system can decide. What it leaves out of an `and` only lets more rows through; an `or` is left out
 * as soon as one of its branches is. Null: nothing can be pushed down.
 */
export function pushDown(filter: Filter | null, dialect: PushDownDialect): PushedFilter | null {
  const pushed = filter === null ? null : translate(filter, dialect)
  return pushed === null || pushed.text.length > LONGEST_FILTER ? null : pushed
}

function translate(filter: Filter, dialect: PushDownDialect): PushedFilter | null {
  if (filter.kind === 'compare') return dialect.compare(filter)
  const branches = filter.filters.map((child) => translate(child, dialect))
  const known = branches.filter((branch) => branch !== null)
  const [first] = known
  if (first === undefined) return null
  const all = known.length === branches.length
  if (filter.kind === 'or' && !(all && mayJoin(filter, dialect.alternatives))) return null
  return {
    text:
      known.length === 1 ? first.text : `(${known.map((branch) => branch.text).join(` ${filter.kind} `)})`,
    exact: all && known.every((branch) => branch.exact),
  }
}

function mayJoin(filter: Filter, alternatives: Alternatives): boolean {
  switch (alternatives) {
    case 'ofAnyFields':
      return true
    case 'ofOneField':
      return new Set(filterFields(filter)).size === 1
    case 'never':
      return false
    default:
      return assertNever(alternatives)
  }
}
