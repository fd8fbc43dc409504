import { ErrorClass, type Failure } from '../domain/failure.js'
import { otherSide, type Side } from '../domain/value.js'
import type { MappingContext } from './mapping-context.js'
import type { EngineDecision } from './page-format.js'

/**
 * Refuses to create a record where the system assigns the id and the table has no field by which Accord could find it again: after
 * a lost answer it would be created twice (engine rule 9). Every other decision is returned as it is.
 */
export function refuseUnfindable(
  context: MappingContext,
  sourceSide: Side,
  decision: EngineDecision,
): EngineDecision {
  if (decision.outcome !== 'inserted' && decision.outcome !== 'restored') return decision
  const side = decision.outcome === 'inserted' ? otherSide(sourceSide) : decision.side
  const table = context.tables[side]
  if (
    context.connectors[side].creation(context.tables[side]) === 'clientId' ||
    table.assignedKey !== undefined
  )
    return decision
  return { row: decision.row, partner: null, outcome: 'failed', failure: unfindable(table.caption) }
}

function unfindable(caption: string): Failure {
  return {
    errorClass: ErrorClass.validation,
    message: `A ${caption} cannot be created: it could not be found again if the answer were lost.`,
    cause: `The system assigns the id of a ${caption}, and the table has no code or number that Accord could assign and search by, so a repeated request might create it twice.`,
    remedy: `Create the ${caption} by hand and couple it (coupleRecords), or set Synch. Only Coupled Records.`,
  }
}
