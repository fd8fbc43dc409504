import { merge } from './by-person.js'
import type { CoupleSynchronize } from './choice.js'
import type { Outcome } from './decision.js'
import type { TransferContext } from './field-transfer.js'
import { sourceOf, type MappingDefinition, type PassDirection } from './mapping.js'
import { unmatched } from './match.js'
import type { Pair } from './pair.js'
import { settle } from './settle.js'
import { firstContact } from './taken.js'
import { assertNever, otherSide, Side } from './value.js'

/**
 * What becomes of two records that a person couples. In a direction that he gives, that side decides whatever first contact
 * contests; where merging meets a clash he is told, and nothing is done.
 */
export function coupleGiven(pair: Pair, synchronize: CoupleSynchronize): Outcome {
  switch (synchronize) {
    case 'NONE':
      return { outcome: 'coupled' }
    case 'MERGE':
      return merge(pair, null)
    case 'TO_INTEGRATION_TABLE':
    case 'FROM_INTEGRATION_TABLE':
      return settle(pair, firstContact(sourceOf(synchronize)))
    default:
      return assertNever(synchronize)
  }
}

/** Match-based coupling that creates nothing leaves a record without a match as it is. */
export function nobodyMatches(
  mapping: MappingDefinition,
  pass: PassDirection,
  context: TransferContext,
): Outcome {
  const source = sourceOf(pass)
  const captions = {
    [Side.local]: context.localTable.caption,
    [Side.integration]: context.integrationTable.caption,
  }
  const named = { source: captions[source], destination: captions[otherSide(source)] }
  return { outcome: 'unmatched', failure: unmatched(mapping.matchRules, source, named) }
}

/** Business Central's message where the integration record is coupled to another local record. */
export function integrationRecordTaken(local: string, integrationCaption: string, holder: string): string {
  return `Cannot couple ${local} to this ${integrationCaption} record, because the ${integrationCaption} record is already coupled to ${holder}.`
}

/** Business Central's message where the local record is coupled to another integration record. */
export function localRecordTaken(local: string, integrationCaption: string): string {
  return `Cannot couple the ${integrationCaption} record to ${local}, because ${local} is already coupled to another ${integrationCaption} record.`
}
