import type { EntityManager } from '@mikro-orm/postgresql'
import { fieldOn, passFrom } from '../domain/mapping.js'
import { otherSide, Side } from '../domain/value.js'
import { couplingsById, updateCouplings } from '../persistence/queries/couplings.js'
import { recordWrites } from '../persistence/queries/history.js'
import type { Intent } from '../persistence/queries/intents.js'
import { savePendingUnlessKnown, type NewState } from '../persistence/queries/record-states.js'
import type { MappingContext } from './mapping-context.js'
import { writeOfIntent } from './written-records.js'

/** Of two intents of a settlement the one that writes the source of its pass. */
export function isSourceHalf(intent: Intent): boolean {
  return intent.side === intent.sourceSide
}

/** Its record is looked at again by the pass that it belongs to. */
export function pendingState(intent: Intent): NewState {
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

/** The run that wanted the write, whichever settles it. */
export function writtenBy(context: MappingContext, intent: Intent) {
  return { mappingId: context.mapping.id, runId: intent.runId, jobId: intent.jobId }
}

/**
 * A landed update enters the base field by field; the side that was written takes its new version, so that it does not look
 * like someone else's edit. The pair stays pending and is decided on both sides read anew.
 */
export async function takeIntoBase(
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
      localNumber: null,
      base,
      last: { by: 'JOB', source: intent.sourceSide },
    },
  ])
  await savePendingUnlessKnown(em, context.mapping.id, [pendingState(intent)])
}
