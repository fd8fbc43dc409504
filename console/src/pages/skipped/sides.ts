import type { Side, SkippedSynchRecordsQuery } from './generated/graphql.js'

export type SkippedRow = SkippedSynchRecordsQuery['skippedSynchRecords']['nodes'][number]

/** The record at the other side of the one that failed. */
export function partnerOf({ record, coupling }: SkippedRow): SkippedRow['record'] | null {
  if (coupling == null) return null
  return record.side === 'LOCAL' ? coupling.integrationRecord : coupling.localRecord
}

/** The one system that a side of all these records lies in; null: they lie in several, or nothing tells. */
export function systemOfSide(rows: readonly SkippedRow[], side: Side): string | null {
  const systems = new Set(
    rows.flatMap((row) =>
      [row.record, partnerOf(row)].flatMap((record) =>
        record !== null && record.side === side ? [record.system] : [],
      ),
    ),
  )
  const [only] = systems
  return systems.size === 1 && only !== undefined ? only : null
}
