import { inTransaction } from '../in-transaction.js'
import { LockMode, type EntityManager } from '@mikro-orm/postgresql'
import { equalPercent, type Verdict } from '../../domain/reconcile.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { Reconciliation } from '../../persistence/entities/reconciliation.js'
import { countFindings } from '../../persistence/queries/reconciliation.js'
import { requestReconciliation } from '../../persistence/reconciliations.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { assertPageSize } from '../paging/keyset.js'
import { LONGEST_WAIT } from '../synch-run/run-engine.js'

/** Asks for a reconciliation, or returns the one under way; waits for it, at most 25 seconds. Throws ENGINE_UNAVAILABLE. */
export async function reconcileMapping(context: ApiContext, mapping: Mapping): Promise<Reconciliation> {
  const { reconciliation } = await inTransaction(context, (em) =>
    requestReconciliation(em, { mappingId: mapping.id, requestedBy: context.principal.name }),
  )
  const { id } = reconciliation
  await reach(context, async () => {
    // Also one that was there: its start may not have reached Temporal. Starting twice is harmless.
    await context.runControl.startReconciliation(id)
    await context.runControl.waitForReconciliation(id, LONGEST_WAIT)
  })
  return readReconciliation(context, id)
}

/** As it stands now. Throws NOT_FOUND. */
export async function readReconciliation(context: ApiContext, id: string): Promise<Reconciliation> {
  const found = await context.em.findOne(Reconciliation, { id }, { disableIdentityMap: true })
  if (found === null) throw apiError(ErrorCode.notFound, `There is no reconciliation ${id}.`)
  return found
}

/** Reconciliations of a mapping, the latest first. Throws BAD_USER_INPUT. */
export async function listReconciliations(
  context: ApiContext,
  mappingId: string,
  first: number,
): Promise<Reconciliation[]> {
  assertPageSize(first)
  return context.em.find(
    Reconciliation,
    { mappingId },
    { orderBy: { requestedAt: 'desc' }, limit: first, disableIdentityMap: true },
  )
}

/** Calls one off after the page at hand; what it found stands. Throws NOT_FOUND; CONFLICTING_STATE when it has ended. */
export async function cancelReconciliation(context: ApiContext, id: string): Promise<Reconciliation> {
  await inTransaction(context, async (em) => {
    const found = await lockRunning(em, id, 'cancelled')
    const { pairs, counts } = await countFindings(em, { ...found, startedAt: found.startedAt ?? null })
    found.status = 'CANCELLED'
    found.finishedAt = new Date()
    found.pausedAt = null
    found.pairs = pairs
    found.counts = counts
  })
  await reach(context, () => context.runControl.wakeReconciliation(id))
  return readReconciliation(context, id)
}

/** Holds one between two pages, or lets it go on. Throws NOT_FOUND; CONFLICTING_STATE when it has ended. */
export async function setReconciliationPaused(
  context: ApiContext,
  id: string,
  paused: boolean,
): Promise<Reconciliation> {
  await inTransaction(context, async (em) => {
    const found = await lockRunning(em, id, paused ? 'paused' : 'resumed')
    found.pausedAt = paused ? (found.pausedAt ?? new Date()) : null
  })
  if (!paused) await reach(context, () => context.runControl.wakeReconciliation(id))
  return readReconciliation(context, id)
}

/** Of one that was called off or stopped early, pairs that were not compared count neither as equal nor as differing. */
export function figuresOf(found: Reconciliation): {
  readonly equal: number | null
  readonly differing: number | null
  readonly percent: number | null
  readonly counts: readonly { readonly verdict: Verdict; readonly count: number }[]
} {
  const pairs = found.pairs ?? null
  const counts = Object.entries(found.counts ?? {}) as [Verdict, number][]
  if (pairs === null || found.status !== 'COMPLETED') {
    const listed = counts.filter(([verdict]) => verdict !== 'EQUAL')
    return { equal: null, differing: null, percent: null, counts: inOrder(listed) }
  }
  const equal = found.counts?.EQUAL ?? 0
  return {
    equal,
    differing: pairs - equal,
    percent: equalPercent(equal, pairs),
    counts: inOrder(counts.filter(([, count]) => count > 0)),
  }
}

function inOrder(counts: readonly [Verdict, number][]) {
  return counts
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([verdict, count]) => ({ verdict, count }))
}

/** What a reconciliation says, in a sentence. */
export function summaryOf(found: Reconciliation): string {
  const { equal, differing, percent, counts } = figuresOf(found)
  if (found.status === 'RUNNING') {
    return `Under way: ${found.localRecords} and ${found.integrationRecords} records of the two tables are compared, ${found.examined} pairs were read by id.`
  }
  const listed = counts
    .filter(({ verdict }) => verdict !== 'EQUAL')
    .map(({ verdict, count }) => `${count} ${verdict}`)
  const verdicts = listed.length === 0 ? '' : `: ${listed.join(', ')}`
  if (equal === null || differing === null) return `Not all pairs were compared${verdicts}.`
  if (found.pairs === 0) return `There are no pairs${verdicts}.`
  return `${percent} % of ${found.pairs} pairs are equal, ${differing} differ${verdicts}.`
}

async function lockRunning(em: EntityManager, id: string, wish: string): Promise<Reconciliation> {
  const found = await em.findOne(Reconciliation, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
  if (found === null) throw apiError(ErrorCode.notFound, `There is no reconciliation ${id}.`)
  if (found.status === 'RUNNING') return found
  throw apiError(
    ErrorCode.conflictingState,
    `The reconciliation is ${found.status}; only one that is RUNNING can be ${wish}.`,
    { status: found.status },
  )
}

async function reach(context: ApiContext, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    context.logger.error({ err: error }, 'Temporal could not be reached')
    throw apiError(
      ErrorCode.engineUnavailable,
      'It is noted, but Temporal cannot be reached. Start Temporal and a worker: what was noted is then carried out.',
    )
  }
}
