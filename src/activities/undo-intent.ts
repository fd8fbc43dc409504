import type { RecordSnapshot } from '../domain/record.js'
import type { UndoAction } from '../domain/undo.js'
import type { Intent } from '../persistence/queries/intents.js'
import type { DecidedRow } from './page-format.js'

/** What undoing writes to the record; null where there is nothing to write, or nothing is undone. */
export function undoActionOf({ decision }: DecidedRow): Exclude<UndoAction, { kind: 'none' }> | null {
  if (decision.outcome !== 'undone' || decision.plan.action.kind === 'none') return null
  return decision.plan.action
}

/** The other record of a row whose write is undone: where it is gone its id alone, without a version. */
export function partnerOf(row: DecidedRow): RecordSnapshot {
  return row.source ?? { id: row.sourceId, version: '', stamp: 0, values: {} }
}

/** What sets a record back or deletes it; null where it takes something else, or nothing. */
export function undoWriteOf(
  row: DecidedRow,
): Pick<Intent, 'kind' | 'recordId' | 'assignedKey' | 'values' | 'version' | 'before' | 'lost'> | null {
  const action = undoActionOf(row)
  if (action === null || action.kind === 'create') return null
  const held = row.destination?.values ?? {}
  const values = action.kind === 'update' ? action.values : {}
  return {
    kind: action.kind === 'update' ? 'UPDATE' : 'DELETE',
    recordId: row.destinationId,
    assignedKey: null,
    values,
    version: action.version,
    before:
      action.kind === 'delete'
        ? held
        : Object.fromEntries(Object.keys(values).map((field) => [field, held[field] ?? null])),
    lost: [],
  }
}
