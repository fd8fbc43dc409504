import type { EntityManager } from '@mikro-orm/postgresql'
import { otherSide, type Side } from '../domain/value.js'
import { lockRevisions } from '../persistence/queries/couplings.js'
import { lockErrorGroups } from '../persistence/queries/error-groups.js'
import type { Intent } from '../persistence/queries/intents.js'
import { lockStates } from '../persistence/queries/state-locks.js'
import type { DecidedRow } from './page-format.js'

/** What a transaction is about to record something of. */
export interface LockedRecords {
  readonly couplingIds: readonly string[]
  /** By side and id, coupled or not. */
  readonly records: readonly { readonly side: Side; readonly id: string }[]
}

/**
 * Locks everything that outcomes of these records may change, before any of it is changed and in the one order that all keep: the errors
 * of the mapping, couplings, states. Returns the revisions of the couplings that stand.
 */
export async function lockRecords(
  em: EntityManager,
  mappingId: string,
  { couplingIds, records }: LockedRecords,
): Promise<ReadonlyMap<string, number>> {
  await lockErrorGroups(em, [mappingId])
  const revisions = await lockRevisions(em, couplingIds)
  await lockStates(em, mappingId, couplingIds, records)
  return revisions
}

/** What the outcomes of these intents may change. */
export function recordsOfIntents(intents: readonly Intent[]): LockedRecords {
  return {
    couplingIds: intents.flatMap(({ couplingId }) => couplingId ?? []),
    records: intents.flatMap(({ side, recordId, sourceSide, sourceId }) => [
      { side: sourceSide, id: sourceId },
      ...(recordId === null ? [] : [{ side, id: recordId }]),
    ]),
  }
}

/** What the outcomes of these rows of a page may change; `side`: the source of its pass. */
export function recordsOfRows(rows: readonly DecidedRow[], side: Side): LockedRecords {
  return {
    couplingIds: rows.flatMap(({ couplingId }) => couplingId ?? []),
    records: rows.flatMap(({ sourceId, destinationId }) => [
      { side, id: sourceId },
      ...(destinationId === null ? [] : [{ side: otherSide(side), id: destinationId }]),
    ]),
  }
}
