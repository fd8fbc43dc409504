import type { ConflictDetail } from './conflict.js'
import type { Decision } from './decision.js'
import type { Failure } from './failure.js'
import type { PassDirection } from './mapping.js'
import type { RecordSnapshot } from './record.js'
import { sourceOf } from './settle.js'
import { assertNever, otherSide, Side, type Value, type Values } from './value.js'

/** What a run would do with a record. What it would leave as it is, is counted and not listed. */
export const PlanAction = {
  create: 'CREATE',
  update: 'UPDATE',
  delete: 'DELETE',
  /** Coupled with its match; both sides agree already. */
  couple: 'COUPLE',
  /** The coupling would be removed. */
  uncouple: 'UNCOUPLE',
  conflict: 'CONFLICT',
  fail: 'FAIL',
  skip: 'SKIP',
} as const
export type PlanAction = (typeof PlanAction)[keyof typeof PlanAction]

/** One field that would be written. */
export interface PlannedChange {
  readonly side: Side
  /** By the name it has in its own table. */
  readonly field: string
  readonly before: Value
  readonly after: Value
}

/** One record of a plan. JSON-safe. */
export interface PlanItem {
  readonly action: PlanAction
  /** Row of the decision table. */
  readonly row: string
  readonly direction: PassDirection
  readonly sourceId: string
  readonly destinationId: string | null
  readonly couplingId: string | null
  /** The match rules found its partner, so that it would be coupled as well. */
  readonly couples: boolean
  readonly localVersion: string | null
  readonly integrationVersion: string | null
  readonly changes: readonly PlannedChange[]
  readonly failure: Failure | null
  readonly conflict: ConflictDetail | null
}

/** A decided record, as far as a plan shows it. */
export interface PlannedRecord {
  readonly direction: PassDirection
  readonly sourceId: string
  readonly source: RecordSnapshot | null
  readonly destinationId: string | null
  readonly destination: RecordSnapshot | null
  readonly couplingId: string | null
  readonly decision: Decision
}

/** The item of a decided record, or null where nothing would be done. */
export function planItemOf(record: PlannedRecord): PlanItem | null {
  const { decision, direction, source, destination } = record
  const sourceSide = sourceOf(direction)
  const snapshots = {
    [sourceSide]: source,
    [otherSide(sourceSide)]: destination,
  } as Readonly<Record<Side, RecordSnapshot | null>>
  const item = (action: PlanAction, rest: Partial<PlanItem> = {}): PlanItem => ({
    action,
    row: String(decision.row),
    direction,
    sourceId: record.sourceId,
    destinationId: record.destinationId,
    couplingId: record.couplingId,
    couples: decision.partner !== null && record.couplingId === null,
    localVersion: snapshots.LOCAL?.version ?? null,
    integrationVersion: snapshots.INTEGRATION?.version ?? null,
    changes: [],
    failure: null,
    conflict: null,
    ...rest,
  })
  switch (decision.outcome) {
    case 'inserted':
      return item('CREATE', { changes: changesOf(otherSide(sourceSide), null, decision.values) })
    case 'restored':
      return item('CREATE', { changes: changesOf(decision.side, null, decision.values) })
    case 'modified':
      return item('UPDATE', {
        changes: [Side.local, Side.integration].flatMap((side) => {
          const values = side === Side.local ? decision.writes.local : decision.writes.integration
          return values === null ? [] : changesOf(side, snapshots[side], values)
        }),
      })
    case 'deletedOther':
      return item('DELETE', {
        changes: changesOf(decision.side, snapshots[decision.side], null),
      })
    case 'uncoupled':
    case 'deleted':
      return item('UNCOUPLE')
    case 'conflict':
      return item('CONFLICT', { failure: decision.failure, conflict: decision.detail })
    case 'destinationChanged':
    case 'changedSince':
      return item('CONFLICT', { conflict: decision.detail })
    case 'failed':
    case 'unmatched':
      return item('FAIL', { failure: decision.failure })
    case 'skipped':
      return item('SKIP')
    case 'unchanged':
    case 'coupled':
      return decision.partner !== null && record.couplingId === null ? item('COUPLE') : null
    case 'ignored':
      return null
    default:
      return assertNever(decision)
  }
}

/** `values` null: the record goes, with all that was read of it. */
function changesOf(
  side: Side,
  record: RecordSnapshot | null,
  values: Values | null,
): readonly PlannedChange[] {
  if (values === null) {
    return Object.entries(record?.values ?? {})
      .filter(([, before]) => before !== null)
      .map(([field, before]) => ({ side, field, before, after: null }))
  }
  return Object.entries(values)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([field, after]) => ({ side, field, before: record?.values[field] ?? null, after }))
}

/**
 * The text whose hash binds an application to what was planned: what would be done, on which versions of both records. Names
 * and wordings do not count.
 */
export function planKey(item: PlanItem): string {
  return JSON.stringify([
    item.action,
    item.direction,
    item.sourceId,
    item.destinationId,
    item.couplingId,
    item.couples,
    item.localVersion,
    item.integrationVersion,
    item.changes.map((change) => [change.side, change.field, change.before, change.after]),
    item.failure === null ? null : [item.failure.errorClass, item.failure.field ?? null],
  ])
}

/** Whether applying a plan does anything with the item: conflicts, failures and skips are told, not carried out. */
export function isCarriedOut(action: PlanAction): boolean {
  return action !== 'CONFLICT' && action !== 'FAIL' && action !== 'SKIP'
}
