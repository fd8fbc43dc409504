import type { EntityManager } from '@mikro-orm/postgresql'
import { Side } from '../../domain/value.js'
import { run, sql, texts } from '../sql.js'

/** A coupling of a record, through whatever mapping of its connection. */
export interface PartnerCoupling {
  readonly id: string
  readonly mappingId: string
  readonly localTable: string
  readonly integrationTable: string
  readonly localId: string
  readonly integrationId: string
  readonly localName: string | null
  readonly integrationName: string | null
  readonly revision: number
  /** Its first contact is recorded. */
  readonly isMet: boolean
}

/** The couplings of records of a table, through whatever mapping of the connection: a record has at most one. */
export async function couplingsOfRecords(
  em: EntityManager,
  table: { readonly connectionId: string; readonly side: Side; readonly name: string },
  ids: readonly string[],
): Promise<readonly PartnerCoupling[]> {
  if (ids.length === 0) return []
  const [idColumn, tableColumn] =
    table.side === Side.local ? ['local_id', 'local_table'] : ['integration_id', 'integration_table']
  return run<PartnerCoupling>(
    em,
    sql`select id, mapping_id as "mappingId", local_table as "localTable", integration_table as "integrationTable",
          local_id as "localId", integration_id as "integrationId", local_name as "localName",
          integration_name as "integrationName", revision, base is not null as "isMet"
        from coupling where connection_id = ${table.connectionId} and ${sql.raw(tableColumn)} = ${table.name}
          and ${sql.raw(idColumn)} = any(${texts(ids)})`,
  )
}

/** The mappings of couplings, as far as they are there; a coupling stays with its mapping. */
export async function mappingsOfCouplings(
  em: EntityManager,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length === 0) return []
  const rows = await run<{ mapping_id: string }>(
    em,
    sql`select distinct mapping_id from coupling where id = any(${texts(ids)}::uuid[])`,
  )
  return rows.map((row) => row.mapping_id)
}

/** Of couplings, those that an open intent holds: a write whose outcome is not known yet. */
export async function couplingsInFlight(
  em: EntityManager,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await run<{ coupling_id: string }>(
    em,
    sql`select distinct coupling_id from intent where coupling_id = any(${texts(ids)}::uuid[])`,
  )
  return new Set(rows.map((row) => row.coupling_id))
}
