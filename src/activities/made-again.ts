import type { RecordSnapshot } from '../domain/record.js'
import { otherSide, type Side } from '../domain/value.js'
import type { OpenIntents } from '../persistence/queries/open-intents.js'
import { nameOf, type MappingContext } from './mapping-context.js'
import { matchRows } from './match-rows.js'
import { notApplicable, type EngineDecision } from './page-format.js'

/** A record whose partner is gone, and which of a page's rows it belongs to. */
export interface Survivor {
  readonly rowId: string
  readonly side: Side
  readonly record: RecordSnapshot
}

/**
 * Of survivors whose partner a person wants restored, those for which somebody has made a record again by hand: the rules of matching
 * find it. Restoring would make a duplicate, so it is refused with what to do; by row.
 */
export async function refuseMadeAgain(
  context: MappingContext,
  survivors: readonly Survivor[],
  open: OpenIntents,
): Promise<ReadonlyMap<string, EngineDecision>> {
  const refused = new Map<string, EngineDecision>()
  for (const [side, own] of Map.groupBy(survivors, (survivor) => survivor.side)) {
    const matches = await matchRows(
      context,
      side,
      own.map(({ record }) => record),
      open,
    )
    const table = context.tables[otherSide(side)]
    for (const { rowId, record } of own) {
      const match = matches.get(record.id)
      if (match?.kind === 'one')
        refused.set(
          rowId,
          notApplicable(
            `The ${table.caption} record ${nameOf(table, match.partner) ?? match.partner.id} (${match.partner.id}) matches and is coupled with nothing: somebody may have made it again by hand. Restoring would make a second one. Couple the two instead (repairCouplings, or coupleRecords with recouple).`,
          ),
        )
      else if (match?.kind === 'several')
        refused.set(rowId, notApplicable(`${match.failure.message} ${match.failure.remedy}`))
      else if (match?.kind === 'busy')
        refused.set(
          rowId,
          notApplicable(
            `A ${table.caption} record that matches is being written at the moment. Try again shortly.`,
          ),
        )
    }
  }
  return refused
}
