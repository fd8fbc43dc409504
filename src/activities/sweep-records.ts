import { randomUUID } from 'node:crypto'
import type { Side } from '../domain/value.js'
import { forgetSwept, keepSwept, noteDeletions, unmetCouplings } from '../persistence/queries/deletions.js'
import { databaseClock } from '../persistence/sql.js'
import type { MappingContext } from './mapping-context.js'

/** Coupled records that are read by id at a time, where the sweep has not met them. */
const UNMET_AT_ONCE = 500

/**
 * Searches a side of a mapping for deleted records: reads the ids of its whole table in large pages, has the database compare them
 * with the couplings, and reads by id what is missing. Gone is noted as a deletion to be decided; what the system only forbids to see
 * is noted as well, so that its error is told, and counts as none. Safe to repeat: what is noted already stays, and every
 * attempt compares with ids that it has read itself.
 */
export async function sweepRecords(
  context: MappingContext,
  jobId: string,
  side: Side,
  beat: () => void,
): Promise<void> {
  const { em, mapping } = context
  const connector = context.connectors[side]
  const table = context.tables[side]
  const sweep = { id: randomUUID(), mappingId: mapping.id, side, since: await databaseClock(em) }
  await forgetSwept(em, jobId)
  let next: string | null = null
  do {
    const page: Awaited<ReturnType<typeof connector.readIds>> = await connector.readIds(table, next)
    beat()
    await keepSwept(em, jobId, sweep.id, page.ids)
    next = page.next
  } while (next !== null)
  for (let after: string | null = null; ;) {
    const unmet = await unmetCouplings(em, sweep, after, UNMET_AT_ONCE)
    if (unmet.length === 0) break
    const reads = await connector.readByIds(
      table,
      [table.nameField],
      unmet.map((record) => record.recordId),
    )
    beat()
    await noteDeletions(
      em,
      mapping.id,
      side,
      unmet.flatMap((record, index) => {
        const kind = reads[index]?.kind
        return kind === 'gone' || kind === 'forbidden' ? [{ ...record, isGone: kind === 'gone' }] : []
      }),
    )
    after = unmet.at(-1)?.couplingId ?? null
  }
  await forgetSwept(em, jobId)
}
