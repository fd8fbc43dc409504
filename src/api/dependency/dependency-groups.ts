import type { Side } from '../../domain/value.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import { run, sql } from '../../persistence/sql.js'
import type { ApiContext } from '../context.js'
import { ofMapping, present } from '../paging/conditions.js'
import { allOf, assertPageSize } from '../paging/keyset.js'
import { loadTable, referenceTo } from '../record/record-reference.js'
import type { RecordReferenceType } from '../record/record-reference.type.js'
import type { DependencyGroupType } from './dependency.type.js'

interface DbGroup {
  mapping_id: string
  side: Side
  id: string
  names: readonly string[]
  waiting: number
  since: Date
  requested_at: Date | null
}

/** What records wait for, the most waited for first. Throws BAD_USER_INPUT, NOT_FOUND. */
export async function dependencyGroups(
  context: ApiContext,
  filter: { readonly mapping?: string | null; readonly connection?: string | null },
  first: number,
): Promise<readonly DependencyGroupType[]> {
  assertPageSize(first)
  const { em } = context
  const conditions = present([
    sql`s.waits_for_id is not null`,
    sql`s.state = 'PENDING'`,
    await ofMapping(em, sql`s.mapping_id`, filter),
  ])
  const rows = await run<DbGroup>(
    em,
    sql`select s.mapping_id, s.waits_for_side as side, s.waits_for_id as id, s.waits_for_mappings as names,
          count(*)::integer as waiting, min(s.changed_at) as since, min(s.pulled_at) as requested_at
        from record_state s where ${allOf(conditions)}
        group by s.mapping_id, s.waits_for_side, s.waits_for_id, s.waits_for_mappings
        order by waiting desc, s.mapping_id, s.waits_for_id limit ${first}`,
  )
  const references = await missingRecords(context, rows)
  return rows.map((row, index) => ({
    missingRecord: references[index] ?? null,
    coupledThrough: row.names,
    waiting: row.waiting,
    since: new Date(row.since),
    requestedAt: row.requested_at === null ? null : new Date(row.requested_at),
    mappingId: row.mapping_id,
  }))
}

/** Named by the first of the mappings through which each can be coupled. */
async function missingRecords(
  { em, loaders }: ApiContext,
  rows: readonly DbGroup[],
): Promise<readonly (RecordReferenceType | null)[]> {
  const waiting = await Promise.all(rows.map((row) => loaders.mapping.load(row.mapping_id)))
  const mappings = await em.find(
    Mapping,
    { name: { $in: [...new Set(rows.flatMap((row) => row.names))] } },
    { disableIdentityMap: true },
  )
  return Promise.all(
    rows.map(async (row, index) => {
      const connectionId = waiting[index]?.connectionId
      const through = row.names
        .map((name) =>
          mappings.find((mapping) => mapping.name === name && mapping.connectionId === connectionId),
        )
        .find((mapping) => mapping !== undefined)
      const connection = connectionId === undefined ? null : await loaders.connection.load(connectionId)
      if (through === undefined || connection === null) return null
      const table = await loadTable(loaders, through, connection, row.side)
      return referenceTo(table, connection, row.side, { id: row.id, name: null })
    }),
  )
}
