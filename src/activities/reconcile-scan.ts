import type { Change, RecordSnapshot } from '../domain/record.js'
import { agreeAtRest, compareWithBase, valuesOfBase } from '../domain/reconcile.js'
import { judgeUncoupled } from '../domain/reconcile-uncoupled.js'
import { directionsOf, sourceOf } from '../domain/mapping.js'
import { assertNever, Side } from '../domain/value.js'
import { Reconciliation } from '../persistence/entities/reconciliation.js'
import { couplingsByRecord, type StoredCoupling } from '../persistence/queries/couplings.js'
import {
  advanceScan,
  keepSettledSides,
  saveItems,
  type NewItem,
  type SettledSide,
} from '../persistence/queries/reconciliation.js'
import { coupledIds } from '../persistence/queries/coupled-ids.js'
import { openIntents } from '../persistence/queries/open-intents.js'
import { couplingTarget } from './coupling-update.js'
import { isInFilter } from './mapping-context.js'
import type { ActivityDependencies } from './dependencies.js'
import { loadMappingToReconcile, nameOf, transferContext, type MappingContext } from './mapping-context.js'
import { matchRows } from './match-rows.js'

/** PAUSED: a person holds it. OVER: it was cancelled, or its mapping is gone. */
export type ReconciliationStep = 'GOES_ON' | 'DONE' | 'PAUSED' | 'OVER'

export interface ScanRecordsInput {
  readonly reconciliationId: string
  readonly side: Side
}

/**
 * Reads the next page of one side's table and compares each coupled record with what was last agreed on. Sides that are as they were
 * are kept as ids; records without a partner are listed; all else is left for {@link examinePairs}. Nothing is read twice or by
 * id. Safe to repeat: a page counts once, and where the next one begins stands in the database.
 */
export async function scanRecords(
  dependencies: ActivityDependencies,
  { reconciliationId: id, side }: ScanRecordsInput,
): Promise<ReconciliationStep> {
  const em = dependencies.database.em.fork()
  const found = await em.findOne(Reconciliation, { id })
  if (found === null || found.status !== 'RUNNING') return 'OVER'
  const isLocal = side === Side.local
  if (isLocal ? found.localDone : found.integrationDone) return 'DONE'
  if (found.pausedAt) return 'PAUSED'
  const [step, from] = isLocal
    ? [found.localStep, found.localNext ?? null]
    : [found.integrationStep, found.integrationNext ?? null]
  const context = await loadMappingToReconcile(dependencies, mappingOf(found))
  const { definition, connectors, tables, fields } = context
  const page = await connectors[side].readChanges({
    table: tables[side],
    fields: fields[side],
    from: from === null ? { kind: 'beginning' } : { kind: 'next', next: from },
    pageSize: dependencies.settings.pageSize,
    track: false,
    filter: isLocal ? definition.localFilter : definition.integrationFilter,
  })
  const records = page.changes.flatMap(recordOf)
  const { settled, uncoupled } = await comparePage(context, side, records)
  const isKept = await em.fork().transactional(async (transaction) => {
    const advanced = await advanceScan(transaction, id, side, {
      step,
      next: page.next,
      records: records.length,
    })
    if (!advanced) return false
    await keepSettledSides(transaction, id, side, settled)
    await saveItems(transaction, id, uncoupled)
    return true
  })
  return isKept && page.next === null ? 'DONE' : 'GOES_ON'
}

export function mappingOf(found: Reconciliation) {
  return { mappingId: found.mappingId, mappingVersion: found.mappingVersion }
}

function recordOf(change: Change): readonly RecordSnapshot[] {
  switch (change.kind) {
    case 'changed':
      return [change.record]
    case 'tombstone':
      return []
    default:
      return assertNever(change)
  }
}

async function comparePage(
  context: MappingContext,
  side: Side,
  records: readonly RecordSnapshot[],
): Promise<{ readonly settled: readonly SettledSide[]; readonly uncoupled: readonly NewItem[] }> {
  const ids = records.map((record) => record.id)
  const couplings = new Map<string, StoredCoupling>()
  for (const coupling of await couplingsByRecord(context.em, context.mapping.id, side, ids))
    couplings.set(side === Side.local ? coupling.localId : coupling.integrationId, coupling)
  return {
    settled: await settledSides(context, side, records, couplings),
    uncoupled: await uncoupledRecords(
      context,
      side,
      records.filter((record) => !couplings.has(record.id) && isInFilter(context, side, record)),
    ),
  }
}

/** A record with its coupling and the base of it. */
interface AtRest {
  readonly record: RecordSnapshot
  readonly coupling: StoredCoupling
  readonly base: NonNullable<StoredCoupling['base']>
}

/** Sides as they were last agreed on; whether the two sides of a base agree is asked once a pair, with the local one. */
async function settledSides(
  context: MappingContext,
  side: Side,
  records: readonly RecordSnapshot[],
  couplings: ReadonlyMap<string, StoredCoupling>,
): Promise<readonly SettledSide[]> {
  const { definition, tables } = context
  const comparison = compareWithBase(definition, side, {
    localTable: tables[Side.local],
    integrationTable: tables[Side.integration],
  })
  const isSource = directionsOf(definition.direction).some((pass) => sourceOf(pass) === side)
  const atRest = records.flatMap((record): readonly AtRest[] => {
    const coupling = couplings.get(record.id)
    const base = coupling?.base ?? null
    if (coupling === undefined || base === null || !comparison.holds(record.values, base)) return []
    return isSource && !isInFilter(context, side, record) ? [] : [{ record, coupling, base }]
  })
  const settled = side === Side.local ? await inAgreement(context, atRest) : atRest
  return settled.map(({ coupling }) => ({ couplingId: coupling.id, revision: coupling.revision }))
}

async function inAgreement(context: MappingContext, local: readonly AtRest[]): Promise<readonly AtRest[]> {
  const { definition } = context
  const others = local.map(({ coupling, base }) => ({
    id: coupling.integrationId,
    version: '',
    stamp: 0,
    values: valuesOfBase(definition, Side.integration, base),
  }))
  const transfer = await transferContext(context, {
    local: local.map(({ record }) => record),
    integration: others,
  })
  return local.filter(({ record }, index) => {
    const other = others[index]
    return other !== undefined && agreeAtRest(definition, record.values, other.values, transfer)
  })
}

/** Records inside the filter that no mapping has coupled, and that no write under way is about to couple. */
async function uncoupledRecords(
  context: MappingContext,
  side: Side,
  records: readonly RecordSnapshot[],
): Promise<readonly NewItem[]> {
  if (records.length === 0) return []
  const { em, connection, tables, definition } = context
  const table = tables[side]
  const keyField = table.assignedKey?.field
  const [coupled, open] = await Promise.all([
    coupledIds(
      em,
      connection.id,
      side,
      table.name,
      records.map((record) => record.id),
    ),
    openIntents(em.fork(), couplingTarget(context), null),
  ])
  const free = records.filter(
    (record) =>
      !coupled.has(record.id) &&
      !open.records.has(`${side}:${record.id}`) &&
      !(keyField !== undefined && open.keys.has(`${side}:${String(record.values[keyField])}`)),
  )
  const matches = await matchRows(context, side, free, open)
  const captions = { localTable: tables[Side.local], integrationTable: tables[Side.integration] }
  return free.map((record): NewItem => {
    const judged = judgeUncoupled(definition, side, matches.get(record.id) ?? { kind: 'none' }, captions)
    const own = { id: record.id, name: nameOf(table, record), version: record.version }
    const [local, integration] = side === Side.local ? [own, null] : [null, own]
    return {
      ...judged,
      couplingId: null,
      localId: local?.id ?? null,
      integrationId: integration?.id ?? null,
      localName: local?.name ?? null,
      integrationName: integration?.name ?? null,
      localVersion: local?.version ?? null,
      integrationVersion: integration?.version ?? null,
      fields: [],
    }
  })
}
