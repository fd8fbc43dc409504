import type { EntityManager } from '@mikro-orm/postgresql'
import type { PlannedChange } from '../../domain/plan.js'
import type { TableDefinition } from '../../domain/schema.js'
import { Side, type Value } from '../../domain/value.js'
import { idColumn, tableColumn } from '../../persistence/queries/couplings.js'
import { run, sql, texts } from '../../persistence/sql.js'

/** What people call the record that a lookup leads to; null: the value is no lookup, or its record is not coupled. */
export type LookupNames = (change: Pick<PlannedChange, 'side' | 'field'>, value: Value) => string | null

/** The names of the records that changes of lookups lead to, as far as these are coupled: one query a side. */
export async function lookupNames(
  em: EntityManager,
  connectionId: string,
  tables: Readonly<Record<Side, TableDefinition>>,
  changes: readonly PlannedChange[],
): Promise<LookupNames> {
  const tableOf = ({ field, side }: Pick<PlannedChange, 'side' | 'field'>): string | null => {
    const type = tables[side].fields.find(({ name }) => name === field)?.type
    return type?.kind === 'lookup' ? type.table : null
  }
  const names = new Map<string, string>()
  for (const side of Object.values(Side)) {
    const lookups = changes.filter((change) => change.side === side && tableOf(change) !== null)
    const ids = lookups.flatMap(({ after, before }) => [before, after].filter((id) => typeof id === 'string'))
    if (ids.length === 0) continue
    const rows = await run<{ id: string; table: string; name: string }>(
      em,
      sql`select ${idColumn(side)} as id, ${tableColumn(side)} as table, coalesce(${nameColumn(side)}, '') as name from coupling
          where connection_id = ${connectionId} and ${idColumn(side)} = any(${texts([...new Set(ids)])})`,
    )
    for (const { id, name, table } of rows) if (name !== '') names.set(`${side}/${table}/${id}`, name)
  }
  return (change, value) => names.get(`${change.side}/${tableOf(change) ?? ''}/${String(value)}`) ?? null
}

function nameColumn(side: Side) {
  return sql.raw(side === Side.local ? 'local_name' : 'integration_name')
}
