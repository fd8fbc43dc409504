import { tableOf } from '../../domain/catalog/tables.js'
import { deletionConflict, updateConflict } from '../../domain/conflict.js'
import { ErrorClass } from '../../domain/failure.js'
import { Side } from '../../domain/value.js'
import type { Connection } from '../../persistence/entities/connection.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { RecordState } from '../../persistence/entities/record-state.js'

/** Why a record is skipped, told from its state alone: its entry in the error log may have been purged. */
export function skipMessage(
  state: RecordState,
  mapping: Pick<Mapping, 'definition'>,
  connection: Pick<Connection, 'localSystem' | 'integrationSystem'>,
): string {
  const local = tableOf(connection.localSystem.kind, mapping.definition.localTable).caption
  const integration = tableOf(connection.integrationSystem.kind, mapping.definition.integrationTable).caption
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
