import type { EntityManager } from '@mikro-orm/postgresql'
import type { Failure } from '../domain/failure.js'
import { passFrom } from '../domain/mapping.js'
import { afterFailure } from '../domain/skip-policy.js'
import { otherSide, Side } from '../domain/value.js'
import { releaseWaiting } from '../persistence/dependencies.js'
import type { SynchRun } from '../persistence/entities/synch-run.js'
import {
  couplingsById,
  insertCouplings,
  removeCouplings,
  updateCouplings,
} from '../persistence/queries/couplings.js'
import { recordWrites } from '../persistence/queries/history.js'
import { recordErrors, recordKey, resolveErrors } from '../persistence/queries/errors.js'
import { forgetCalls } from '../persistence/queries/intent-calls.js'
import { closeIntents, isCreation, type Intent } from '../persistence/queries/intents.js'
import { addCounts, NO_COUNTS } from '../persistence/queries/jobs.js'
import {
  removeStatesOf,
  savePendingUnlessKnown,
  saveStates,
  type NewState,
} from '../persistence/queries/record-states.js'
import { baseOf, couplingTarget, lostByDeletion } from './coupling-update.js'
import type { ActivityDependencies } from './dependencies.js'
import { lockRecords, recordsOfIntents } from './lock-records.js'
import { nameOf, numberOf, type MappingContext } from './mapping-context.js'
import type { CoupledPair } from './record-undo.js'
import { recordStrays } from './record-stray.js'
import type { IntentOutcome } from './send-intents.js'
import { recordSettledUndo, undoingAmong } from './settle-undo.js'
import { isSourceHalf, pendingState, takeIntoBase, writtenBy } from './settled-update.js'
import { asSent } from './write-page.js'
import { writeOfIntent } from './written-records.js'

/**
 * Records what settling found: adopted creations are coupled, landed updates enter the base, deletions remove their coupling, the
 * rest becomes pending. Returns the runs over records that waited for what was coupled; they are started after the transaction.
 */
export async function recordSettled(
  em: EntityManager,
  dependencies: ActivityDependencies,
  context: MappingContext,
  run: SynchRun,
  settled: readonly Intent[],
  outcomes: ReadonlyMap<string, IntentOutcome>,
): Promise<readonly string[]> {
  const [waiting, known] = [
    settled.filter((intent) => outcomes.get(intent.id)?.kind === 'unreadable'),
    settled.filter((intent) => outcomes.get(intent.id)?.kind !== 'unreadable'),
  ]
  await lockRecords(em, context.mapping.id, recordsOfIntents(settled))
  // Two attempts may have settled the same: who closes an intent records it.
  const closed = await closeIntents(
    em,
    known.map((intent) => intent.id),
  )
  await forgetCalls(em, [...new Set(known.flatMap(({ pageId }) => (pageId === null ? [] : [pageId])))])
  const all = known.filter((intent) => closed.has(intent.id))
  const undoing = await undoingAmong(em, all)
  const intents = all.filter((intent) => !undoing.has(intent))
  const pending: NewState[] = []
  const made: CoupledPair[] = []
  for (const intent of intents) {
    const outcome = outcomes.get(intent.id)
    if (outcome?.kind === 'written') {
      const record = outcome.adopted ? asSent(outcome.record, intent.values, null) : outcome.record
      if (isCreation(intent)) made.push(...(await coupleCreated(em, context, intent, record)))
      else await takeIntoBase(em, context, intent, record)
    } else if (outcome?.kind === 'deleted') {
      await uncoupleDeleted(em, context, intent)
    } else if (outcome?.kind === 'refused') {
      await recordRefused(em, dependencies, context, run, intent, outcome.failure)
    } else {
      pending.push(pendingState(intent))
    }
  }
  for (const intent of waiting) {
    const outcome = outcomes.get(intent.id)
    if (outcome?.kind === 'unreadable')
      await recordRefused(em, dependencies, context, run, intent, outcome.failure)
  }
  await savePendingUnlessKnown(em, context.mapping.id, pending)
  made.push(...(await recordSettledUndo(em, context, [...undoing], outcomes)))
  return releaseWaiting(em, { connectionId: context.connection.id, name: context.mapping.name }, made)
}

/** A failure of one record, as a pass words it. */
async function recordRefused(
  em: EntityManager,
  dependencies: ActivityDependencies,
  context: MappingContext,
  run: SynchRun,
  intent: Intent,
  failure: Failure,
): Promise<void> {
  const failed = afterFailure(failure.errorClass, 0, dependencies.settings.maximumAttempts)
  const key = recordKey(intent.couplingId, intent.sourceSide, intent.sourceId)
  const at = {
    mappingId: context.mapping.id,
    runId: run.id,
    jobId: intent.jobId,
    direction: passFrom(intent.sourceSide),
  }
  const ids = await recordErrors(em, at, [
    {
      recordKey: key,
      couplingId: intent.couplingId,
      failure: failure,
      // As a pass words it, so that both are one error: the table is the destination's, whichever half was refused.
      table: context.tables[otherSide(intent.sourceSide)].name,
      sourceSide: intent.sourceSide,
      sourceId: intent.sourceId,
      sourceName: nameOf(context.tables[intent.sourceSide], intent.source),
      destinationId: await destinationOf(em, intent),
      destinationName: null,
      detail: null,
    },
  ])
  await saveStates(em, context.mapping.id, [
    {
      ...pendingState(intent),
      state: failed.state,
      reason: failure.errorClass,
      attempts: failed.attempts,
      errorId: ids.get(key) ?? null,
    },
  ])
}

/** The half that writes the source does not name the destination; its coupling does. */
async function destinationOf(em: EntityManager, intent: Intent): Promise<string | null> {
  if (!isSourceHalf(intent) || intent.couplingId === null) return intent.recordId
  const [coupling] = await couplingsById(em, [intent.couplingId])
  if (coupling === undefined) return null
  return intent.sourceSide === Side.local ? coupling.integrationId : coupling.localId
}

async function coupleCreated(
  em: EntityManager,
  context: MappingContext,
  intent: Intent,
  record: Intent['source'],
): Promise<readonly CoupledPair[]> {
  const [local, integration] =
    intent.side === Side.integration ? [intent.source, record] : [record, intent.source]
  // A restored record's new coupling takes the place of its old one.
  if (intent.couplingId !== null) {
    await removeCouplings(em, context.mapping.id, [intent.couplingId])
    await resolveErrors(em, context.mapping.id, [intent.couplingId])
  }
  const { id } = intent
  const made = await insertCouplings(em, couplingTarget(context), [
    {
      id,
      localId: local.id,
      integrationId: integration.id,
      localName: nameOf(context.tables[Side.local], local),
      integrationName: nameOf(context.tables[Side.integration], integration),
      localNumber: numberOf(context.tables[Side.local], local),
      localStamp: local.stamp,
      integrationStamp: integration.stamp,
    },
  ])
  await recordWrites(em, writtenBy(context, intent), [
    writeOfIntent(context, intent, record, {
      couplingId: made.has(id) ? id : null,
      ids: { LOCAL: local.id, INTEGRATION: integration.id },
      other: intent.source,
    }),
  ])
  if (!made.has(id)) {
    await recordStrays(em, context, writtenBy(context, intent), [
      { side: intent.side, record, source: intent.source },
    ])
    await savePendingUnlessKnown(em, context.mapping.id, [{ ...pendingState(intent), couplingId: null }])
    return []
  }
  await updateCouplings(em, intent.jobId, [
    {
      id,
      localVersion: local.version === '' ? null : local.version,
      integrationVersion: integration.version === '' ? null : integration.version,
      localStamp: local.stamp,
      integrationStamp: integration.stamp,
      localName: null,
      integrationName: null,
      localNumber: null,
      base: baseOf(context, local, integration),
      last: { by: 'JOB', source: otherSide(intent.side) },
    },
  ])
  await removeStatesOf(em, context.mapping.id, [], intent.sourceSide, [intent.sourceId])
  await resolveErrors(em, context.mapping.id, [recordKey(null, intent.sourceSide, intent.sourceId)])
  await addCounts(em, intent.jobId, { ...NO_COUNTS, inserted: 1, ignored: { BUSY: -1 } })
  return [{ localId: local.id, integrationId: integration.id }]
}

/** Delete the other record: the survivor is gone, so its coupling goes; what it held stays in the history. */
async function uncoupleDeleted(em: EntityManager, context: MappingContext, intent: Intent): Promise<void> {
  if (intent.couplingId === null) return
  const [coupling] = await couplingsById(em, [intent.couplingId])
  if (coupling === undefined) return
  const { localId, integrationId } = coupling
  await recordWrites(em, writtenBy(context, intent), [
    writeOfIntent(context, intent, null, {
      couplingId: coupling.id,
      ids: { LOCAL: localId, INTEGRATION: integrationId },
      other: null,
      lost: lostByDeletion(context, intent.side, intent.source),
    }),
  ])
  await removeCouplings(em, context.mapping.id, [coupling.id])
  await resolveErrors(em, context.mapping.id, [coupling.id])
  await addCounts(em, intent.jobId, { ...NO_COUNTS, deleted: 1 })
}
