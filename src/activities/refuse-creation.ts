import type { Match } from '../domain/match.js'
import { otherSide, type Side } from '../domain/value.js'
import { nameOf, type MappingContext } from './mapping-context.js'
import { notApplicable, type EngineDecision, type PageRow } from './page-format.js'

/**
 * What keeps a person's Create New from creating a partner: the record is gone or coupled, or a record is there that matches it.
 * Null: nothing does. Busy records and those outside the filter are told by the table.
 */
export function refuseCreation(
  context: MappingContext,
  side: Side,
  row: PageRow,
  isCoupled: boolean,
  match: Match,
): EngineDecision | null {
  const { caption } = context.tables[side]
  const other = context.tables[otherSide(side)]
  if (row.read.kind !== 'found') return notApplicable(`There is no ${caption} record ${row.id}.`)
  const name = nameOf(context.tables[side], row.read.record) ?? row.id
  if (isCoupled) return notApplicable(`The ${caption} record ${name} is coupled already.`)
  switch (match.kind) {
    case 'one':
      return notApplicable(
        `The ${other.caption} record ${nameOf(other, match.partner) ?? match.partner.id} matches ${name}. Couple the two, or create a new record even so.`,
      )
    case 'several':
      return notApplicable(
        `${match.failure.message} Couple the records by hand, or create a new record even so.`,
      )
    case 'none':
    case 'busy':
      return null
  }
}
