import { RunKind } from '../domain/run.js'
import { Side } from '../domain/value.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { orphanIntents, type Intent } from '../persistence/queries/intents.js'
import type { ActivityDependencies } from './dependencies.js'
import { withHeartbeat } from './failures.js'
import { loadMappingOfRun } from './mapping-context.js'
import { recordSettled } from './record-settled.js'
import { endOfFlight, sendIntents, type IntentOutcome } from './send-intents.js'
import { isSourceHalf } from './settled-update.js'

export interface SettleIntentsInput {
  readonly runId: string
}

/** `requested`: runs over records that waited for what was coupled; to be started. */
export interface SettledIntents {
  readonly settled: number
  readonly comeAgainAt: number | null
  readonly requested: readonly string[]
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
): Promise<SettledIntents> {
  const em = dependencies.database.em.fork()
  const run = await em.findOneOrFail(SynchRun, { id: input.runId })
  const first = await orphanIntents(em, run.mappingId, run.id, run.kind === RunKind.records, BATCH)
  if (first.length === 0) return { settled: 0, comeAgainAt: null, requested: [] }
  const context = await loadMappingOfRun(dependencies, run)
  return withHeartbeat(async (heartbeat, signal) => {
    let settled = 0
    const requested: string[] = []
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
        requested.push(...(await recordSettled(transaction, dependencies, context, run, closed, outcomes)))
      })
      // What we may not see stays open for a later run, and is no reason to come again in this one.
      settled += closed.filter((intent) => outcomes.get(intent.id)?.kind !== 'unreadable').length
      for (const intent of group.intents) {
        if (outcomes.get(intent.id)?.kind !== 'open') continue
        const end = endOfFlight(intent, context.connectors[side].maximumFlight)
        comeAgainAt = comeAgainAt === null ? end : Math.max(comeAgainAt, end)
      }
    }
    if (first.length === BATCH && comeAgainAt === null && settled > 0) comeAgainAt = dependencies.now()
    return { settled, comeAgainAt, requested }
  })
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
