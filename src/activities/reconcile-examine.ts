import type { Clocks } from '../domain/decide.js'
import { ErrorClass } from '../domain/failure.js'
import { passFrom } from '../domain/mapping.js'
import type { ReadById, RecordSnapshot } from '../domain/record.js'
import { judgePair, type ExaminedSide } from '../domain/reconcile-verdict.js'
import { Side } from '../domain/value.js'
import { CLOCK_ERROR } from '../domain/watermark.js'
import { Reconciliation } from '../persistence/entities/reconciliation.js'
import { couplingsById, type StoredCoupling } from '../persistence/queries/couplings.js'
import { handledVersions, type HandledVersion } from '../persistence/queries/handled-versions.js'
import {
  advanceExamination,
  couplingNames,
  pairsToExamine,
  saveItems,
  standingErrors,
  type NewItem,
} from '../persistence/queries/reconciliation.js'
import { statesOf, type StoredState } from '../persistence/queries/record-states.js'
import { isInFilter } from './mapping-context.js'
import type { ActivityDependencies } from './dependencies.js'
import { withHeartbeat } from './failures.js'
import { loadMappingToReconcile, nameOf, transferContext, type MappingContext } from './mapping-context.js'
import { mappingOf, type ReconciliationStep } from './reconcile-scan.js'

/** Pairs that are read by id at a time. */
const EXAMINED_AT_ONCE = 500
/** Reasons of a skip that only a person's choice lifts. */
const BY_CHOICE: ReadonlySet<string> = new Set([ErrorClass.conflict, ErrorClass.deletedRecord])
/** A pair that a run changes while it is read is read again, this often. */
const ROUNDS = 3

export interface ExaminePairsInput {
  readonly reconciliationId: string
}

/**
 * Reads the next pairs by id that the scan of the two tables did not show to be equal, and has the domain judge each. Safe to repeat:
 * a part counts once, and where the next one begins stands in the database.
 */
export async function examinePairs(
  dependencies: ActivityDependencies,
  { reconciliationId: id }: ExaminePairsInput,
): Promise<ReconciliationStep> {
  const em = dependencies.database.em.fork()
  const found = await em.findOne(Reconciliation, { id })
  if (found === null || found.status !== 'RUNNING') return 'OVER'
  if (found.pausedAt) return 'PAUSED'
  const startedAt = found.startedAt ?? found.requestedAt
  const ids = await pairsToExamine(
    em,
    { id, mappingId: found.mappingId, startedAt },
    found.examinedAfter ?? null,
    EXAMINED_AT_ONCE,
  )
  const after = ids.at(-1)
  if (after === undefined) return 'DONE'
  return withHeartbeat<ReconciliationStep>(async (beat) => {
    const context = await loadMappingToReconcile(dependencies, mappingOf(found))
    const items = await examine(context, ids, beat)
    await em.fork().transactional(async (transaction) => {
      const part = { step: found.examineStep, after, examined: ids.length }
      if (await advanceExamination(transaction, id, part)) await saveItems(transaction, id, items)
    })
    return 'GOES_ON'
  })
}

/** A pair as it was read, while its coupling stood still. */
interface ReadPair {
  readonly coupling: StoredCoupling
  readonly local: ReadById
  readonly integration: ReadById
}

async function examine(
  context: MappingContext,
  couplingIds: readonly string[],
  beat: () => void,
): Promise<readonly NewItem[]> {
  const pairs = await readPairs(context, couplingIds, beat)
  if (pairs.length === 0) return []
  const { em, mapping } = context
  const ids = pairs.map(({ coupling }) => coupling.id)
  const known = {
    states: new Map(
      (await statesOf(em, mapping.id, ids, Side.local, [])).map((state) => [state.couplingId, state]),
    ),
    errors: await standingErrors(em, mapping.id, ids),
    names: await couplingNames(em, ids),
    handled: {
      [Side.local]: await handledVersions(
        em,
        mapping.id,
        Side.local,
        pairs.map(({ coupling }) => coupling.localId),
      ),
      [Side.integration]: await handledVersions(
        em,
        mapping.id,
        Side.integration,
        pairs.map(({ coupling }) => coupling.integrationId),
      ),
    },
  }
  const transfer = await transferContext(context, {
    local: pairs.flatMap(({ local }) => foundRecord(local) ?? []),
    integration: pairs.flatMap(({ integration }) => foundRecord(integration) ?? []),
  })
  const clocks = await clocksOf(context)
  return pairs.flatMap(({ coupling, local, integration }): readonly NewItem[] => {
    const state = known.states.get(coupling.id) ?? null
    const judged = judgePair({
      mapping: context.definition,
      coupling,
      local: examinedSide(context, Side.local, coupling, local, state, known.handled[Side.local]),
      integration: examinedSide(
        context,
        Side.integration,
        coupling,
        integration,
        state,
        known.handled[Side.integration],
      ),
      skip:
        state?.state === 'SKIPPED' ? { reason: state.reason, byChoice: BY_CHOICE.has(state.reason) } : null,
      error: known.errors.get(coupling.id) ?? null,
      context: transfer,
      clocks,
    })
    if (judged.verdict === 'EQUAL') return []
    const names = known.names.get(coupling.id)
    return [
      {
        ...judged,
        couplingId: coupling.id,
        localId: coupling.localId,
        integrationId: coupling.integrationId,
        localName: nameOf(context.tables[Side.local], foundRecord(local)) ?? names?.local ?? null,
        integrationName:
          nameOf(context.tables[Side.integration], foundRecord(integration)) ?? names?.integration ?? null,
        localVersion: foundRecord(local)?.version ?? null,
        integrationVersion: foundRecord(integration)?.version ?? null,
        partnerId: null,
      },
    ]
  })
}

/** Reads both sides by id; a pair whose coupling a run changed meanwhile is read again, and left out once it is gone. */
async function readPairs(
  context: MappingContext,
  couplingIds: readonly string[],
  beat: () => void,
): Promise<readonly ReadPair[]> {
  const done: ReadPair[] = []
  let left = couplingIds
  for (let round = 1; left.length > 0; round += 1) {
    const couplings = await couplingsById(context.em, left)
    const [local, integration] = await Promise.all([
      readSide(
        context,
        Side.local,
        couplings.map((coupling) => coupling.localId),
      ),
      readSide(
        context,
        Side.integration,
        couplings.map((coupling) => coupling.integrationId),
      ),
    ])
    beat()
    const now = new Map(
      (await couplingsById(context.em, left)).map((coupling) => [coupling.id, coupling.revision]),
    )
    const again: string[] = []
    for (const [index, coupling] of couplings.entries()) {
      const [one, other] = [local[index], integration[index]]
      const revision = now.get(coupling.id)
      if (one === undefined || other === undefined || revision === undefined) continue
      if (revision === coupling.revision || round === ROUNDS)
        done.push({ coupling, local: one, integration: other })
      else again.push(coupling.id)
    }
    left = again
  }
  return done
}

async function readSide(
  { connectors, tables, fields }: MappingContext,
  side: Side,
  ids: readonly string[],
): Promise<readonly ReadById[]> {
  return ids.length === 0 ? [] : connectors[side].readByIds(tables[side], fields[side], ids)
}

function foundRecord(read: ReadById): RecordSnapshot | null {
  return read.kind === 'found' ? read.record : null
}

/**
 * A side with what decides whether the next scheduled run looks at it: it is pending for the pass that reads it, or its version
 * was not handled and lies at or after the watermark; change tracking also delivers what is stamped before.
 */
function examinedSide(
  context: MappingContext,
  side: Side,
  coupling: StoredCoupling,
  read: ReadById,
  state: StoredState | null,
  handled: ReadonlyMap<string, HandledVersion>,
): ExaminedSide {
  if (read.kind !== 'found') return { read, inFilter: false, due: false }
  const { record } = read
  const { mapping } = context
  const pass = passFrom(side)
  const isPending = state?.state === 'PENDING' && (state.direction === null || state.direction === pass)
  const [watermark, coupled] =
    side === Side.local
      ? [mapping.toWatermark, coupling.local]
      : [mapping.fromWatermark, coupling.integration]
  const isAfter = !watermark || record.stamp >= watermark.getTime()
  const isDelivered =
    record.version !== coupled.version &&
    context.connectors[side].changeFeed(context.tables[side]) === 'token'
  const isRead = handled.get(record.id)?.version !== record.version && (isAfter || isDelivered)
  return { read, inFilter: isInFilter(context, side, record), due: isPending || isRead }
}

/** How far the clocks are apart, where newest wins asks for it. */
async function clocksOf({ definition, connectors }: MappingContext): Promise<Clocks> {
  if (definition.updateConflictPolicy !== 'NEWEST_WINS')
    return { offsets: { LOCAL: null, INTEGRATION: null }, error: CLOCK_ERROR }
  const [local, integration] = await Promise.all([
    connectors[Side.local].readClock(),
    connectors[Side.integration].readClock(),
  ])
  return {
    offsets: { LOCAL: local.at - local.readAt, INTEGRATION: integration.at - integration.readAt },
    error: CLOCK_ERROR,
  }
}
