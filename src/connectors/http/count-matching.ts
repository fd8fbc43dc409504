import type { Filter } from '../../domain/filter.js'
import { filterFields, matchesFilter } from '../../domain/filter.js'
import { fieldOf, type TableDefinition } from '../../domain/schema.js'
import type { ChangePage, ChangesFrom, ReadChanges } from '../connector.js'

/** Counts the records inside a filter by reading the fields it asks for. Throws {@link ConnectorError}. */
export async function countMatching(
  read: (request: ReadChanges) => Promise<ChangePage>,
  table: TableDefinition,
  filter: Filter | null,
  pageSize: number,
): Promise<number> {
  const fields = [...new Set(filterFields(filter))]
  const typeOf = (name: string) => fieldOf(table, name).type
  let from: ChangesFrom | null = { kind: 'beginning' }
  let count = 0
  while (from !== null) {
    const page: ChangePage = await read({ table, fields, from, pageSize, track: false, filter })
    count += page.changes.filter(
      (change) => change.kind === 'changed' && matchesFilter(filter, change.record.values, typeOf),
    ).length
    from = page.next === null ? null : { kind: 'next', next: page.next }
  }
  return count
}
