import type { EntityManager } from '@mikro-orm/postgresql'
import type { SynchRun } from './entities/synch-run.js'
import { insertUndoItems, sidesWritten, type WritesToUndo } from './queries/undo.js'
import { requestRecordsRun } from './runs.js'

/**
 * Asks for a run that undoes writes of a mapping; null: there are none. Must be called inside a transaction; the caller starts
 * its workflow afterwards.
 */
export async function requestUndo(
  em: EntityManager,
  wanted: WritesToUndo,
  request: { readonly overwrite: boolean; readonly requestedBy: string },
): Promise<SynchRun | null> {
  const sides = await sidesWritten(em, wanted)
  if (sides.length === 0) return null
  const made = await requestRecordsRun(em, {
    mappingId: wanted.mappingId,
    scope: { kind: 'undo', couplingIds: [], sides, overwrite: request.overwrite },
    direction: null,
    requestedBy: request.requestedBy,
  })
  await insertUndoItems(em, made.id, wanted)
  return made
}
