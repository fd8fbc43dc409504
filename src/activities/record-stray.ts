import type { EntityManager } from '@mikro-orm/postgresql'
import { ErrorClass, type Failure } from '../domain/failure.js'
import { passFrom } from '../domain/mapping.js'
import type { RecordSnapshot } from '../domain/record.js'
import { Side } from '../domain/value.js'
import { recordErrors, recordKey } from '../persistence/queries/errors.js'
import { saveStates } from '../persistence/queries/record-states.js'
import { nameOf, type MappingContext } from './mapping-context.js'

/** A record that was created, and that the record it was created from has no room for: somebody has coupled that meanwhile. */
export interface StrayRecord {
  readonly side: Side
  readonly record: RecordSnapshot
  readonly source: RecordSnapshot
}

/**
 * A created record that could not be coupled is told, and skipped, so that no pass takes it for a new record of its own and creates a
 * further one from it.
 */
export async function recordStrays(
  em: EntityManager,
  context: MappingContext,
  at: { readonly runId: string; readonly jobId: string },
  strays: readonly StrayRecord[],
): Promise<void> {
  for (const [side, records] of Map.groupBy(strays, (stray) => stray.side)) {
    const table = context.tables[side]
    const errorIds = await recordErrors(
      em,
      { mappingId: context.mapping.id, ...at, direction: passFrom(side) },
      records.map(({ record, source }) => ({
        recordKey: recordKey(null, side, record.id),
        couplingId: null,
        failure: strayed(context, side, record, source),
        table: table.name,
        sourceSide: side,
        sourceId: record.id,
        sourceName: nameOf(table, record),
        destinationId: null,
        destinationName: null,
        detail: null,
      })),
    )
    await saveStates(
      em,
      context.mapping.id,
      records.map(({ record }) => {
        const version = record.version === '' ? null : record.version
        return {
          couplingId: null,
          side,
          recordId: record.id,
          state: 'SKIPPED' as const,
          direction: passFrom(side),
          reason: ErrorClass.duplicate,
          attempts: 1,
          dueAtRun: 0,
          localVersion: side === Side.local ? version : null,
          integrationVersion: side === Side.integration ? version : null,
          detail: null,
          errorId: errorIds.get(recordKey(null, side, record.id)) ?? null,
        }
      }),
    )
  }
}

function strayed(
  context: MappingContext,
  side: Side,
  record: RecordSnapshot,
  source: RecordSnapshot,
): Failure {
  const table = context.tables[side]
  const sourceTable = context.tables[side === Side.local ? Side.integration : Side.local]
  const name = nameOf(table, record) ?? record.id
  const sourceName = nameOf(sourceTable, source) ?? source.id
  return {
    errorClass: ErrorClass.duplicate,
    message: `The ${table.caption} record ${name} was created, but the ${sourceTable.caption} record ${sourceName} had been coupled with another one by then.`,
    cause: `While the ${table.caption} record was being created, a person or another mapping coupled the ${sourceTable.caption} record it was created from. A record has one partner, so the new one has none.`,
    remedy: `Delete the ${table.caption} record, or undo its creation in the history; to keep it, couple it with another record by hand.`,
  }
}
