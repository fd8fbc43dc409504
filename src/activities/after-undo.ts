import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { ErrorClass, type Failure } from '../domain/failure.js'
import { fieldAgrees } from '../domain/field-transfer.js'
import { passFrom } from '../domain/mapping.js'
import { otherSide, Side } from '../domain/value.js'
import { insertCouplings } from '../persistence/queries/couplings.js'
import { recordErrors, recordKey, resolveErrors } from '../persistence/queries/errors.js'
import { removeStatesOf, saveStates, type NewState } from '../persistence/queries/record-states.js'
import { baseOf, couplingTarget } from './coupling-update.js'
import { nameOf, numberOf, transferContext, type MappingContext } from './mapping-context.js'
import type { UndoAt, UndoneRecord } from './record-undo.js'

/**
 * Couples records that were created anew with partners that are there and free; the couplings' ids by record. Where the two agree
 * that is their base, else first contact is still to come.
 */
export async function coupleAgain(
  em: EntityManager,
  context: MappingContext,
  at: UndoAt,
  created: readonly UndoneRecord[],
): Promise<ReadonlyMap<UndoneRecord, string>> {
  const pairs = created.flatMap((record) => {
    const { partner, after, side } = record
    // A partner that is coupled otherwise by now keeps that coupling.
    if (partner === null || after === null || record.couplingId !== null) return []
    const [local, integration] = side === Side.local ? [after, partner] : [partner, after]
    return [{ record, id: randomUUID(), local, integration }]
  })
  const transfer = await transferContext(context, {
    local: pairs.map(({ local }) => local),
    integration: pairs.map(({ integration }) => integration),
  })
  const agreed = new Set(
    pairs.filter(
      ({ local, integration }) =>
        local.version !== '' &&
        integration.version !== '' &&
        context.definition.fields.every((field) =>
          fieldAgrees(field, local.values, integration.values, transfer),
        ),
    ),
  )
  const made = await insertCouplings(
    em,
    couplingTarget(context),
    pairs.map((pair) => {
      const { id, local, integration } = pair
      return {
        id,
        localId: local.id,
        integrationId: integration.id,
        localName: nameOf(context.tables[Side.local], local),
        integrationName: nameOf(context.tables[Side.integration], integration),
        localNumber: numberOf(context.tables[Side.local], local),
        localStamp: local.stamp,
        integrationStamp: integration.stamp,
        ...(agreed.has(pair) && {
          synchronized: {
            jobId: at.jobId,
            localVersion: local.version,
            integrationVersion: integration.version,
            base: baseOf(context, local, integration),
            last: { by: 'MANUAL' as const, source: null },
          },
        }),
      }
    }),
  )
  const coupled = pairs.filter(({ id }) => made.has(id))
  for (const [side, records] of Map.groupBy(coupled, ({ record }) => otherSide(record.side))) {
    const ids = records.map(({ record }) => record.partnerId)
    await removeStatesOf(em, context.mapping.id, [], side, ids)
    await resolveErrors(
      em,
      context.mapping.id,
      ids.map((id) => recordKey(null, side, id)),
    )
  }
  await saveStates(
    em,
    context.mapping.id,
    coupled
      .filter((pair) => !agreed.has(pair))
      .map(({ id, record }): NewState => ({
        ...stateOf(record),
        couplingId: id,
        state: 'PENDING',
        direction: null,
        reason: 'FIRST_CONTACT',
        attempts: 0,
      })),
  )
  return new Map(coupled.map(({ record, id }) => [record, id]))
}

/** What was created from these records is deleted again; only a person lifts the skip. */
export async function skipSources(
  em: EntityManager,
  context: MappingContext,
  at: UndoAt,
  deleted: readonly UndoneRecord[],
): Promise<void> {
  for (const [side, records] of Map.groupBy(deleted, (record) => record.side)) {
    const sourceSide = otherSide(side)
    const [table, sourceTable] = [context.tables[side], context.tables[sourceSide]]
    const errorIds = await recordErrors(
      em,
      { mappingId: context.mapping.id, ...at, direction: passFrom(sourceSide) },
      records.map((record) => ({
        recordKey: recordKey(null, sourceSide, record.partnerId),
        couplingId: null,
        failure: creationUndone(table.caption, sourceTable.caption),
        table: table.name,
        sourceSide,
        sourceId: record.partnerId,
        sourceName: nameOf(sourceTable, record.partner),
        destinationId: null,
        destinationName: null,
        detail: null,
      })),
    )
    await saveStates(
      em,
      context.mapping.id,
      records.map((record) => ({
        ...stateOf(record),
        errorId: errorIds.get(recordKey(null, sourceSide, record.partnerId)) ?? null,
      })),
    )
  }
}

function stateOf(record: UndoneRecord): NewState {
  const { partner, after, side } = record
  const [local, integration] = side === Side.local ? [after, partner] : [partner, after]
  return {
    couplingId: null,
    side: otherSide(side),
    recordId: record.partnerId,
    state: 'SKIPPED',
    direction: passFrom(otherSide(side)),
    reason: ErrorClass.deletedRecord,
    attempts: 1,
    dueAtRun: 0,
    localVersion: local?.version ?? null,
    integrationVersion: integration?.version ?? null,
    detail: null,
    errorId: null,
  }
}

function creationUndone(caption: string, sourceCaption: string): Failure {
  return {
    errorClass: ErrorClass.deletedRecord,
    message: `The ${caption} record that had been created from this ${sourceCaption} record was deleted again, because its creation was undone.`,
    cause: 'A person undid the creation. So that it is not made again at once, the record is skipped.',
    remedy: `Retry the skipped record to create the ${caption} record again; leave it skipped to go without one.`,
  }
}
