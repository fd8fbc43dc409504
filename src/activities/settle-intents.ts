import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { fieldOn } from '../domain/mapping.js'
import { passFrom } from '../domain/settle.js'
import { RunKind } from '../domain/run.js'
import { otherSide, Side } from '../domain/value.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { couplingsById, insertCouplings, updateCouplings } from '../persistence/queries/couplings.js'
import { recordErrors, recordKey, resolveErrors } from '../persistence/queries/errors.js'
import { closeIntents, orphanIntents, type Intent } from '../persistence/queries/intents.js'
import { addCounts, recordLostValues } from '../persistence/queries/jobs.js'
import {
  removeStatesOf,
  savePendingUnlessKnown,
  saveStates,
  type NewState,
} from '../persistence/queries/record-states.js'
import { afterFailure } from '../domain/skip-policy.js'
import type { ActivityDependencies } from './dependencies.js'
import { withHeartbeat } from './failures.js'
import { loadMappingOfRun, nameOf, type MappingContext } from './mapping-context.js'
import { baseOf, couplingTarget } from './coupling-update.js'
import { endOfFlight, sendIntents, type IntentOutcome } from './send-intents.js'
import { asSent } from './write-page.js'

export interface SettleIntentsInput {
  readonly runId: string
}

const BATCH = 2_000

/**
 * Settles the open intents that no live attempt holds: writes of a killed worker or of an abandoned run, also of records
 * gone or filtered out since. A creation is repeated under its id, or searched by its key; an update is repeated on the
 * version compared. Returns when to come again for those whose first request may still be running (epoch ms), or null.
 * Safe to repeat: an intent closes in the transaction that records its outcome.
 */
export async function settleIntents(
  dependencies: ActivityDependencies,
  input: SettleIntentsInput,
): Promise<{ readonly settled: number; readonly comeAgainAt: number | null }> {
  const em = dependencies.database.em.fork()
  const run = await em.findOneOrFail(SynchRun, { id: input.runId })
  const first = await orphanIntents(em, run.mappingId, run.id, run.kind === RunKind.records, BATCH)
  if (first.length === 0) return { settled: 0, comeAgainAt: null }
  const context = await loadMappingOfRun(dependencies, run)
  return withHeartbeat(async (heartbeat, signal) => {
    let settled = 0
    let comeAgainAt: number | null = null
    const landed = new Set<string>()
    // The destination's half of a settlement first; the source's is sent only where that one landed, or was sent before.
    for (const group of groupsOf(first)) {
      const { side } = group
      const [intents, held] = partition(group.intents, (intent) => {
        const sibling = first.find((other) => other.sourceId === intent.sourceId && other.id !== intent.id)
        return (
          !isSourceHalf(intent) || sibling === undefined || intent.sentAt !== null || landed.has(sibling.id)
        )
      })
      const outcomes = new Map<string, IntentOutcome>(held.map((intent) => [intent.id, { kind: 'stale' }]))
      for (const [id, outcome] of await sendIntents(dependencies, context, side, intents, {
        page: null,
        heartbeat,
        signal,
      })) {
        outcomes.set(id, outcome)
        if (outcome.kind === 'written') landed.add(id)
      }
      const closed = group.intents.filter((intent) => outcomes.get(intent.id)?.kind !== 'open')
      await context.em.fork().transactional(async (transaction) => {
        await recordSettled(transaction, dependencies, context, run, closed, outcomes)
      })
      settled += closed.length
      for (const intent of group.intents) {
        if (outcomes.get(intent.id)?.kind !== 'open') continue
        const end = endOfFlight(intent, context.connectors[side].maximumFlight)
        comeAgainAt = comeAgainAt === null ? end : Math.max(comeAgainAt, end)
      }
    }
    if (first.length === BATCH && comeAgainAt === null) comeAgainAt = dependencies.now()
    return { settled, comeAgainAt }
  })
}

function isSourceHalf(intent: Intent): boolean {
  return intent.side === intent.sourceSide
}

/** Intents by the side they write, those of destinations before those of sources. */
function groupsOf(
  intents: readonly Intent[],
): readonly { readonly side: Side; readonly intents: readonly Intent[] }[] {
  const [sources, destinations] = partition(intents, isSourceHalf)
  return [destinations, sources].flatMap((half) =>
    [Side.integration, Side.local].flatMap((side) => {
      const group = half.filter((intent) => intent.side === side)
      return group.length === 0 ? [] : [{ side, intents: group }]
    }),
  )
}

function partition<T>(
  items: readonly T[],
  test: (item: T) => boolean,
): readonly [readonly T[], readonly T[]] {
  return [items.filter(test), items.filter((item) => !test(item))]
}

/** Records what settling found: adopted creations are coupled, landed updates enter the base, the rest becomes pending. */
async function recordSettled(
  em: EntityManager,
  dependencies: ActivityDependencies,
  context: MappingContext,
  run: SynchRun,
  intents: readonly Intent[],
  outcomes: ReadonlyMap<string, IntentOutcome>,
): Promise<void> {
  const pending: NewState[] = []
  for (const intent of intents) {
    const outcome = outcomes.get(intent.id)
    if (outcome?.kind === 'written') {
      const record = outcome.adopted ? asSent(outcome.record, intent.values, null) : outcome.record
      if (intent.kind === 'CREATE') await coupleCreated(em, context, intent, record)
      else await takeIntoBase(em, context, intent, record)
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
): Promise<void> {
  const [local, integration] =
    intent.sourceSide === Side.local ? [intent.source, record] : [record, intent.source]
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
  if (!made.has(id)) return savePendingUnlessKnown(em, context.mapping.id, [pendingState(intent)])
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
      last: { by: 'JOB', source: intent.sourceSide },
    },
  ])
  await removeStatesOf(em, context.mapping.id, [], intent.sourceSide, [intent.sourceId])
  await resolveErrors(em, context.mapping.id, [recordKey(null, intent.sourceSide, intent.sourceId)])
  await addCounts(em, intent.jobId, { ...NONE, inserted: 1, ignored: { BUSY: -1 } })
}

const NONE = {
  inserted: 0,
  modified: 0,
  deleted: 0,
  unchanged: 0,
  skipped: 0,
  failed: 0,
  conflicts: 0,
  ignored: {},
  retried: 0,
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
  await recordLostValues(
    em,
    { mappingId: context.mapping.id, runId: intent.runId },
    intent.lost.map((lost) => ({
      couplingId: coupling.id,
      localId: coupling.localId,
      integrationId: coupling.integrationId,
      row: 'settled',
      lost,
    })),
  )
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
