import type { Change } from '../domain/record.js'
import type { RunScope } from '../domain/run.js'
import { Side } from '../domain/value.js'
import type { PageRow } from './page-format.js'

/** Ids of a side that a scope names in place of couplings. */
export function namedRecords(scope: RunScope, side: Side): readonly string[] {
  switch (scope.kind) {
    case 'retry':
      return scope.records.filter((record) => record.side === side).map((record) => record.id)
    case 'couple':
      return scope.pairs.map((pair) => (side === Side.local ? pair.localId : pair.integrationId))
    case 'create':
      return scope.side === side ? scope.ids : []
    default:
      return []
  }
}

/** Whether every one of these fields was read. */
export function hasFields(values: Readonly<Record<string, unknown>>, fields: readonly string[]): boolean {
  return fields.every((field) => values[field] !== undefined)
}

/** One row per record: within a page the last state of a record counts. */
export function rowsOf(changes: readonly Change[]): readonly PageRow[] {
  const rows = new Map<string, PageRow>()
  for (const change of changes) {
    const row: PageRow =
      change.kind === 'changed'
        ? { id: change.record.id, read: { kind: 'found', record: change.record }, origin: 'changed' }
        : { id: change.id, read: { kind: 'gone' }, origin: 'changed' }
    rows.delete(row.id)
    rows.set(row.id, row)
  }
  return [...rows.values()]
}
