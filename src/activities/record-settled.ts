import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { fieldOn, passFrom } from '../domain/mapping.js'
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
import { nameOf, type MappingContext } from './mapping-context.js'
import type { IntentOutcome } from './send-intents.js'
import { recordSettledUndo, undoingAmong } from './settle-undo.js'
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
  all: readonly Intent[],
  outcomes: ReadonlyMap<string, IntentOutcome>,
): Promise<readonly string[]> {
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
      const failed = afterFailure(outcome.failure.errorClass, 0, dependencies.settings.maximumAttempts)
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
          failure: outcome.failure,
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
          reason: outcome.failure.errorClass,
          attempts: failed.attempts,
          errorId: ids.get(key) ?? null,
        },
      ])
    } else {
      pending.push(pendingState(intent))
    }
  }
  await savePendingUnlessKnown(em, context.mapping.id, pending)
  await closeIntents(
    em,
    intents.map((intent) => intent.id),
  )
  return [
    ...(await recordSettledUndo(em, context, [...undoing], outcomes)),
    ...(await releaseWaiting(em, { connectionId: context.connection.id, name: context.mapping.name }, made)),
  ]
}

interface CoupledPair {
  readonly localId: string
  readonly integrationId: string
}

/** Of two intents of a settlement the one that writes the source of its pass. */
export function isSourceHalf(intent: Intent): boolean {
  return intent.side === intent.sourceSide
}

/** The half that writes the source does not name the destination; its coupling does. */
async function destinationOf(em: EntityManager, intent: Intent): Promise<string | null> {
  if (!isSourceHalf(intent) || intent.couplingId === null) return intent.recordId
  const [coupling] = await couplingsById(em, [intent.couplingId])
  if (coupling === undefined) return null
  return intent.sourceSide === Side.local ? coupling.integrationId : coupling.localId
}

function pendingState(intent: Intent): NewState {
  return {
    couplingId: intent.couplingId,
    side: intent.sourceSide,
    recordId: intent.sourceId,
    state: 'PENDING',
    direction: passFrom(intent.sourceSide),
    reason: 'OPEN_INTENT',
    attempts: 0,
    dueAtRun: 0,
    localVersion: null,
    integrationVersion: null,
    detail: null,
    errorId: null,
  }
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
  const id = randomUUID()
  const made = await insertCouplings(em, couplingTarget(context), [
    {
      id,
      localId: local.id,
      integrationId: integration.id,
      localName: nameOf(context.tables[Side.local], local),
      integrationName: nameOf(context.tables[Side.integration], integration),
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
      base: baseOf(context, local, integration),
      last: { by: 'JOB', source: otherSide(intent.side) },
    },
  ])
  await removeStatesOf(em, context.mapping.id, [], intent.sourceSide, [intent.sourceId])
  await resolveErrors(em, context.mapping.id, [recordKey(null, intent.sourceSide, intent.sourceId)])
  await addCounts(em, intent.jobId, { ...NO_COUNTS, inserted: 1, ignored: { BUSY: -1 } })
  return [{ localId: local.id, integrationId: integration.id }]
}

/** The run that wanted the write, whichever settles it. */
function writtenBy(context: MappingContext, intent: Intent) {
  return { mappingId: context.mapping.id, runId: intent.runId, jobId: intent.jobId }
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

/**
 * A landed update enters the base field by field; the side that was written takes its new version, so that it does not look
 * like someone else's edit. The pair stays pending and is decided on both sides read anew.
 */
async function takeIntoBase(
  em: EntityManager,
  context: MappingContext,
  intent: Intent,
  record: Intent['source'],
): Promise<void> {
  if (intent.couplingId === null) return
  const [coupling] = await couplingsById(em, [intent.couplingId])
  if (coupling === undefined) return
  await recordWrites(em, writtenBy(context, intent), [
    writeOfIntent(context, intent, record, {
      couplingId: coupling.id,
      ids: { LOCAL: coupling.localId, INTEGRATION: coupling.integrationId },
      // What the source's half wrote came from the destination, which stands in no intent.
      other: isSourceHalf(intent) ? null : intent.source,
    }),
  ])
  // First contact is still to be recorded: it finds the written fields equal when it is decided again.
  if (coupling.base === null) return savePendingUnlessKnown(em, context.mapping.id, [pendingState(intent)])
  const isLocal = intent.side === Side.local
  const base: Record<string, { local: string | boolean | null; integration: string | boolean | null }> = {
    ...coupling.base,
  }
  // What the source's half wrote came from the destination's value, which stands in no intent: that base follows when the
  // pair, pending from here on, is decided anew and found to agree.
  for (const field of isSourceHalf(intent) ? [] : context.definition.fields) {
    const name = fieldOn(field, intent.side)
    if (name === null) continue
    const written = intent.values[name]
    const opposite = fieldOn(field, otherSide(intent.side))
    const source = opposite === null ? (field.constant ?? null) : intent.source.values[opposite]
    if (written === undefined || source === undefined) continue
    const held = record.values[name] ?? null
    base[field.name] = isLocal ? { local: held, integration: source } : { local: source, integration: held }
  }
  const side = { version: record.version === '' ? null : record.version, stamp: record.stamp }
  const local = isLocal ? side : coupling.local
  const integration = isLocal ? coupling.integration : side
  await updateCouplings(em, intent.jobId, [
    {
      id: coupling.id,
      localVersion: local.version,
      integrationVersion: integration.version,
      localStamp: local.stamp,
      integrationStamp: integration.stamp,
      localName: null,
      integrationName: null,
      base,
      last: { by: 'JOB', source: intent.sourceSide },
    },
  ])
  await savePendingUnlessKnown(em, context.mapping.id, [pendingState(intent)])
}
