import { inTransaction } from '../in-transaction.js'
import { LockMode, type EntityManager } from '@mikro-orm/postgresql'
import type { SeenVersions } from '../../domain/choice.js'
import { sourceOf, type PassDirection } from '../../domain/mapping.js'
import { repairOf, type RepairAction, type RepairKeep } from '../../domain/reconcile-repair.js'
import type { RunScope } from '../../domain/run.js'
import { assertNever, Side } from '../../domain/value.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { Reconciliation, ReconciliationItem } from '../../persistence/entities/reconciliation.js'
import { recordKey } from '../../persistence/queries/errors.js'
import { requestRecordsRun } from '../../persistence/runs.js'
import { run as execute, sql, texts } from '../../persistence/sql.js'
import type { ApiContext } from '../context.js'
import { apiError, badUserInput, ErrorCode } from '../errors.js'
import { assertNotPaused } from '../job-control/pausing.js'
import { findByIds } from '../loaders.js'
import { liftStates } from '../../persistence/queries/lift-states.js'
import { startRuns, waitForRuns } from '../synch-run/run-engine.js'
import { itemConditions, repairTermsOf, type RepairTerms } from './items.js'
import { repairOfItem } from './repair-outcome.js'
import type { RepairPayload } from './repair.type.js'
import type { ReconciliationItemFilter } from './reconcile.type.js'

/** Items of one call. */
const MOST_ITEMS = 1_000

export interface RepairRequest {
  readonly keep: RepairKeep
  /** Null: by {@link filter}. */
  readonly ids: readonly string[] | null
  readonly filter: ReconciliationItemFilter | null
}

/**
 * Carries out what a person approves: one run an action, over records that are still at the versions which were compared; waits for
 * it, at most 25 seconds. Throws NOT_FOUND; BAD_USER_INPUT for ids that are no items of it; CONFLICTING_STATE while it is under way, the
 * mapping is paused, or was changed since; ENGINE_UNAVAILABLE.
 */
export async function repairReconciliation(
  context: ApiContext,
  id: string,
  request: RepairRequest,
): Promise<RepairPayload> {
  const found = await context.em.findOne(Reconciliation, { id }, { disableIdentityMap: true })
  if (found === null) throw apiError(ErrorCode.notFound, `There is no reconciliation ${id}.`)
  const terms = await repairTermsOf(context, found.mappingId)
  const { ids, left, runIds } = await inTransaction(context, async (em) => {
    const mapping = await assertRepairable(em, id)
    const chosen = await choose(em, id, request)
    const started = await requestRuns(context, em, mapping, chosen.items, request.keep, terms)
    return {
      ids: chosen.items.map((item) => item.id),
      left: chosen.left,
      runIds: started,
    }
  })
  await startRuns(context, runIds)
  await waitForRuns(context, runIds)
  const items = new Map((await findByIds(context.em, ReconciliationItem, ids)).map((item) => [item.id, item]))
  const results = await Promise.all(
    ids.map(async (itemId) => {
      const item = items.get(itemId)
      const repair = item === undefined ? null : await repairOfItem(context, item, terms)
      return repair === null ? [] : [{ itemId, repair }]
    }),
  )
  return { results: results.flat(), left }
}

/** Locks the reconciliation, so that two approvals of one item are one after the other. */
async function assertRepairable(em: EntityManager, id: string): Promise<Mapping> {
  const found = await em.findOneOrFail(Reconciliation, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
  const refuse = (message: string) => apiError(ErrorCode.conflictingState, message)
  if (found.status === 'RUNNING')
    throw refuse('The reconciliation is still under way. Wait until it has ended, or cancel it.')
  const mapping = await em.findOneOrFail(Mapping, { id: found.mappingId })
  await assertNotPaused(em, mapping)
  if (mapping.version !== found.mappingVersion) {
    throw refuse(
      `The mapping ${mapping.name} was changed since: the reconciliation goes by version ${found.mappingVersion}, in force is version ${mapping.version}. Reconcile again.`,
    )
  }
  return mapping
}

async function choose(
  em: EntityManager,
  id: string,
  { ids, filter, keep }: RepairRequest,
): Promise<{ readonly items: readonly ReconciliationItem[]; readonly left: number }> {
  if (ids !== null) {
    const items = await em.find(ReconciliationItem, { id: { $in: [...ids] }, reconciliationId: id })
    const byId = new Map(items.map((item) => [item.id, item]))
    const unknown = ids.filter((itemId) => !byId.has(itemId))
    if (unknown.length > 0)
      throw badUserInput([
        { argument: 'items', message: `Expected items of this reconciliation, got ${unknown.join(', ')}.` },
      ])
    return { items: ids.flatMap((itemId) => byId.get(itemId) ?? []), left: 0 }
  }
  const rows = await execute<{ id: string; all: number }>(
    em,
    sql`select i.id, (count(*) over ())::integer as all from reconciliation_item i
        where ${itemConditions(id, filter)} and i.repair_run_id is null and i.repair_keep is distinct from ${keep}
        order by i.id limit ${MOST_ITEMS}`,
  )
  const items = await em.find(
    ReconciliationItem,
    { id: { $in: rows.map((row) => row.id) } },
    { orderBy: { id: 'asc' } },
  )
  return { items, left: (rows[0]?.all ?? 0) - rows.length }
}

/** Makes the runs, one an action and direction, and notes them with their items. Returns those to start. */
async function requestRuns(
  context: ApiContext,
  em: EntityManager,
  mapping: Mapping,
  items: readonly ReconciliationItem[],
  keep: RepairKeep,
  terms: RepairTerms,
): Promise<readonly string[]> {
  const groups = new Map<string, { action: RepairAction; pass: PassDirection; items: ReconciliationItem[] }>()
  for (const item of items) {
    const known = await repairOfItem(context, item, terms)
    // Approved twice it is done once.
    if (known !== null && ['RUNNING', 'REPAIRED', 'UNCHANGED'].includes(known.outcome)) continue
    item.repairKeep = keep
    item.repairRunId = null
    item.repairAction = null
    const repair = repairOf(item, keep, terms.direction, terms.captions)
    if (repair.kind === 'none') continue
    // A pair is coupled once, from whichever of its two records it was approved.
    const key = repair.action === 'COUPLE' ? repair.action : `${repair.action} ${repair.pass}`
    const group = groups.get(key) ?? { action: repair.action, pass: repair.pass, items: [] }
    group.items.push(item)
    groups.set(key, group)
  }
  const runIds: string[] = []
  for (const group of groups.values()) {
    if (group.action === 'SYNCHRONIZE') await liftSkips(em, group.items)
    const { id } = await requestRecordsRun(em, {
      mappingId: mapping.id,
      scope: scopeOf(group.action, group.pass, group.items),
      direction: group.pass,
      includeUncoupled: group.action === 'CREATE',
      requestedBy: context.principal.name,
    })
    for (const item of group.items) {
      item.repairAction = group.action
      item.repairRunId = id
    }
    runIds.push(id)
  }
  await em.flush()
  return runIds
}

function scopeOf(action: RepairAction, pass: PassDirection, items: readonly ReconciliationItem[]): RunScope {
  const side = sourceOf(pass)
  const couplingIds = items.flatMap((item) => item.couplingId ?? [])
  const seenBy = Object.fromEntries(items.map((item) => [keyOf(item, side), seen(item)]))
  switch (action) {
    case 'SYNCHRONIZE':
      return { kind: 'retry', couplingIds, records: [], seenBy }
    case 'WRITE_INTEGRATION':
    case 'WRITE_LOCAL':
      return { kind: 'forced', couplingIds, overwrite: true, seen: null, seenBy }
    case 'RESTORE':
      return { kind: 'restore', couplingIds, seenBy }
    case 'CREATE':
      return {
        kind: 'create',
        couplingIds: [],
        side,
        ids: items.flatMap((item) => (side === Side.local ? item.localId : item.integrationId) ?? []),
        evenIfMatched: false,
        seenBy,
      }
    case 'COUPLE':
      return { kind: 'couple', couplingIds: [], pairs: pairsOf(items), synchronize: 'NONE', recouple: false }
    default:
      return assertNever(action)
  }
}

function keyOf(item: ReconciliationItem, side: Side): string {
  return recordKey(
    item.couplingId ?? null,
    side,
    (side === Side.local ? item.localId : item.integrationId) ?? '',
  )
}

function seen(item: ReconciliationItem): SeenVersions {
  return { local: item.localVersion ?? null, integration: item.integrationVersion ?? null }
}

/** Two records that match each other are listed as two items, and are one pair. */
function pairsOf(
  items: readonly ReconciliationItem[],
): readonly { readonly localId: string; readonly integrationId: string }[] {
  const pairs = new Map<string, { localId: string; integrationId: string }>()
  for (const item of items) {
    const localId = item.localId ?? item.partnerId ?? ''
    const integrationId = item.integrationId ?? item.partnerId ?? ''
    pairs.set(`${localId} ${integrationId}`, { localId, integrationId })
  }
  return [...pairs.values()]
}

async function liftSkips(em: EntityManager, items: readonly ReconciliationItem[]): Promise<void> {
  const rows = await execute<{ id: string }>(
    em,
    sql`select id from record_state where state = 'SKIPPED'
          and coupling_id = any(${texts(items.flatMap((item) => item.couplingId ?? []))}::uuid[])`,
  )
  await liftStates(
    em,
    rows.map((row) => row.id),
  )
}
