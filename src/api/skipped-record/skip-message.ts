import { deletionConflict, updateConflict } from '../../domain/conflict.js'
import { ErrorClass } from '../../domain/failure.js'
import type { TableDefinition } from '../../domain/schema.js'
import { Side } from '../../domain/value.js'
import type { RecordState } from '../../persistence/entities/record-state.js'

/** Why a record is skipped, told from its state alone: its entry in the error log may have been purged. */
export function skipMessage(
  state: RecordState,
  tables: Readonly<Record<Side, Pick<TableDefinition, 'caption'>>>,
): string {
  const [local, integration] = [tables[Side.local].caption, tables[Side.integration].caption]
  const [source, destination] = state.side === Side.local ? [local, integration] : [integration, local]
  switch (state.reason) {
    case ErrorClass.conflict:
      return updateConflict(
        destination,
        source,
        state.detail?.firstContact === true ? 'firstContact' : 'bothChanged',
      ).message
    case ErrorClass.deletedRecord:
      return deletionConflict(destination, source, 'noPolicy').message
    default:
      return `The ${source} record was skipped after ${state.attempts} attempts (${state.reason}); the entry in the error log was deleted. Retry it to see the error again.`
  }
}
