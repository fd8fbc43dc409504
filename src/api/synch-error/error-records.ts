import { otherSide } from '../../domain/value.js'
import type { SynchError } from '../../persistence/entities/synch-error.js'
import type { Loaders } from '../loaders.js'
import type { Soon } from '../relation.js'
import { loadReference } from '../record/record-reference.js'
import type { RecordReferenceType } from '../record/record-reference.type.js'

/** The record that was read. */
export function sourceOf(loaders: Loaders, error: SynchError): Soon<RecordReferenceType | null> {
  if (!error.sourceSide) return null
  return loadReference(loaders, error.mappingId, error.sourceSide, {
    id: error.sourceId ?? null,
    name: error.sourceName ?? null,
  })
}

/** The record that was to be written; without an id where it does not exist yet. */
export function destinationOf(loaders: Loaders, error: SynchError): Soon<RecordReferenceType | null> {
  if (!error.sourceSide) return null
  return loadReference(loaders, error.mappingId, otherSide(error.sourceSide), {
    id: error.destinationId ?? null,
    name: error.destinationName ?? null,
  })
}
