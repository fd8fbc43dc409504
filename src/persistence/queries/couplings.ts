import type { EntityManager } from '@mikro-orm/postgresql'
import type { Base, Coupling, SynchronizedBy } from '../../domain/coupling.js'
import type { FlapState } from '../../domain/flap.js'
import { Side } from '../../domain/value.js'
import { json, run, sql, stamps, storable, texts } from '../sql.js'

/** A coupling as the engine works with it. */
export interface StoredCoupling extends Coupling {
  readonly id: string
  readonly localId: string
  readonly integrationId: string
  /** Rises with every change; a decision is only carried out on the revision it was made on. */
  readonly revision: number
  /** Epoch milliseconds, our clock. */
  readonly changedAt: number
  /** What it remembers of rounds of edits of the two systems against each other. */
  readonly flap: FlapState | null
}

interface DbCoupling {
  id: string
  local_id: string
  integration_id: string
  local_version: string | null
  integration_version: string | null
  local_stamp: number
  integration_stamp: number
  base: string | null
  last_by: SynchronizedBy | null
  last_source: Side | null
  revision: number
  changed_at: number
  flap: string | null
}

const COLUMNS = sql.raw(`id, local_id, integration_id, local_version, integration_version,
  (extract(epoch from local_stamp) * 1000)::float8 as local_stamp,
  (extract(epoch from integration_stamp) * 1000)::float8 as integration_stamp,
  base::text as base, last_by, last_source, revision,
  (extract(epoch from changed_at) * 1000)::float8 as changed_at, flap::text as flap`)

function fromRow(row: DbCoupling): StoredCoupling {
  return {
    id: row.id,
    localId: row.local_id,
    integrationId: row.integration_id,
    local: { version: row.local_version, stamp: Math.round(row.local_stamp) },
    integration: { version: row.integration_version, stamp: Math.round(row.integration_stamp) },
    base: row.base === null ? null : (JSON.parse(row.base) as Base),
    last: row.last_by === null ? null : { by: row.last_by, source: row.last_source },
    revision: row.revision,
    changedAt: Math.round(row.changed_at),
    flap: row.flap === null ? null : (JSON.parse(row.flap) as FlapState),
  }
}

/** The column of a side's record id. */
export function idColumn(side: Side) {
  return sql.raw(side === Side.local ? 'local_id' : 'integration_id')
}

/** The column of a side's table. */
export function tableColumn(side: Side) {
  return sql.raw(side === Side.local ? 'local_table' : 'integration_table')
}

function definitionKey(side: Side) {
  return sql.raw(side === Side.local ? `'localTable'` : `'integrationTable'`)
}

/** Couplings of a mapping by the record ids of one side. */
export async function couplingsByRecord(
  em: EntityManager,
  mappingId: string,
  side: Side,
  ids: readonly string[],
): Promise<readonly StoredCoupling[]> {
  if (ids.length === 0) return []
  const rows = await run<DbCoupling>(
    em,
    // By the columns of the unique index: the cost follows the ids asked for, not the couplings there are.
    sql`select ${COLUMNS} from coupling
        where mapping_id = ${mappingId} and ${idColumn(side)} = any(${texts(ids)})
          and connection_id = (select connection_id from integration_table_mapping where id = ${mappingId})
          and ${tableColumn(side)} = (select definition->>${definitionKey(side)} from integration_table_mapping where id = ${mappingId})`,
  )
  return rows.map(fromRow)
}

/**
 * The versions at which records of one side were last made equal with their partners, by record. Left out are couplings of which
 * something is open still: no base, a state, or a person's choice that the other side has yet to hear of (row 17).
 */
export async function settledVersions(
  em: EntityManager,
  mappingId: string,
  side: Side,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const version = sql.raw(side === Side.local ? 'c.local_version' : 'c.integration_version')
  const rows = await run<{ id: string; version: string }>(
    em,
    sql`select c.${idColumn(side)} as id, ${version} as version from coupling c
        where c.mapping_id = ${mappingId} and c.${idColumn(side)} = any(${texts(ids)})
          and c.connection_id = (select connection_id from integration_table_mapping where id = ${mappingId})
          and c.${tableColumn(side)} = (select definition->>${definitionKey(side)} from integration_table_mapping where id = ${mappingId})
          and c.base is not null and ${version} is not null
          and (c.last_by is distinct from 'MANUAL' or c.last_source is distinct from ${side})
          and not exists (select from record_state s where s.coupling_id = c.id)`,
  )
  return new Map(rows.map((row) => [row.id, row.version]))
}

/** Couplings by their own ids. */
export async function couplingsById(
  em: EntityManager,
  ids: readonly string[],
): Promise<readonly StoredCoupling[]> {
  if (ids.length === 0) return []
  const rows = await run<DbCoupling>(
    em,
    sql`select ${COLUMNS} from coupling where id = any(${texts(ids)}::uuid[])`,
  )
  return rows.map(fromRow)
}

/** A coupling to make. `stamp`s are epoch milliseconds. */
export interface NewCoupling {
  readonly id: string
  readonly localId: string
  readonly integrationId: string
  readonly localName: string | null
  readonly integrationName: string | null
  /** Of a table whose records have numbers. */
  readonly localNumber: string | null
  readonly localStamp: number
  readonly integrationStamp: number
  /** Of records that were just made equal; without it first contact is still to come. */
  readonly synchronized?: {
    readonly jobId: string
    readonly localVersion: string | null
    readonly integrationVersion: string | null
    readonly base: Base
    readonly last: { readonly by: SynchronizedBy; readonly source: Side | null }
  }
}

/**
 * Makes couplings, in one statement; without `synchronized` they have no base (first contact is still to come). Returns the ids of those that were made: a record that
 * someone else has coupled in the meantime is left alone.
 */
export async function insertCouplings(
  em: EntityManager,
  mapping: {
    readonly id: string
    readonly connectionId: string
    readonly localTable: string
    readonly integrationTable: string
  },
  couplings: readonly NewCoupling[],
): Promise<ReadonlySet<string>> {
  if (couplings.length === 0) return new Set()
  const rows = await run<{ id: string }>(
    em,
    sql`insert into coupling (id, connection_id, mapping_id, local_table, integration_table, local_id, integration_id,
                              local_name, integration_name, local_number, local_stamp, integration_stamp, local_version,
                              integration_version, base, last_by, last_source, last_job_id, last_synchronized_at)
        select id::uuid, ${mapping.connectionId}, ${mapping.id}, ${mapping.localTable}, ${mapping.integrationTable},
               local_id, integration_id, local_name, integration_name, local_number, local_stamp, integration_stamp,
               local_version, integration_version, base::json, last_by, last_source, last_job_id::uuid,
               case when last_by is not null then clock_timestamp() end
        from unnest(${texts(couplings.map((c) => c.id))}, ${texts(couplings.map((c) => c.localId))},
                    ${texts(couplings.map((c) => c.integrationId))},
                    ${texts(couplings.map((c) => (c.localName === null ? null : storable(c.localName))))},
                    ${texts(couplings.map((c) => (c.integrationName === null ? null : storable(c.integrationName))))},
                    ${texts(couplings.map((c) => numberText(c.localNumber)))},
                    ${stamps(couplings.map((c) => c.localStamp))}, ${stamps(couplings.map((c) => c.integrationStamp))},
                    ${texts(couplings.map((c) => c.synchronized?.localVersion ?? null))},
                    ${texts(couplings.map((c) => c.synchronized?.integrationVersion ?? null))},
                    ${texts(couplings.map((c) => (c.synchronized === undefined ? null : json(c.synchronized.base))))},
                    ${texts(couplings.map((c) => c.synchronized?.last.by ?? null))},
                    ${texts(couplings.map((c) => c.synchronized?.last.source ?? null))},
                    ${texts(couplings.map((c) => c.synchronized?.jobId ?? null))})
          as new(id, local_id, integration_id, local_name, integration_name, local_number, local_stamp, integration_stamp,
                 local_version, integration_version, base, last_by, last_source, last_job_id)
        order by local_id, integration_id
        on conflict do nothing
        returning id`,
  )
  return new Set(rows.map((row) => row.id))
}

/** What a synchronisation leaves behind on a coupling. `last` null: unchanged (a refresh). */
export interface CouplingUpdate {
  readonly id: string
  readonly localVersion: string | null
  readonly integrationVersion: string | null
  readonly localStamp: number
  readonly integrationStamp: number
  readonly localName: string | null
  readonly integrationName: string | null
  readonly localNumber: string | null
  readonly base: Base
  readonly last: { readonly by: SynchronizedBy; readonly source: Side | null } | null
  /** Left out: stays as it is. */
  readonly flap?: FlapState | null
}

/** Records the new state of couplings, in one statement. */
export async function updateCouplings(
  em: EntityManager,
  jobId: string,
  updates: readonly CouplingUpdate[],
): Promise<void> {
  if (updates.length === 0) return
  await run(
    em,
    sql`update coupling c set
          local_version = u.local_version, integration_version = u.integration_version,
          local_stamp = u.local_stamp, integration_stamp = u.integration_stamp,
          local_name = coalesce(u.local_name, c.local_name), integration_name = coalesce(u.integration_name, c.integration_name),
          local_number = coalesce(u.local_number, c.local_number), base = u.base::json,
          flap = case when u.flap = ${KEEP} then c.flap else u.flap::json end,
          last_by = coalesce(u.last_by, c.last_by),
          last_source = case when u.last_by is null then c.last_source else u.last_source end,
          last_job_id = case when u.last_by is null then c.last_job_id else ${jobId}::uuid end,
          last_synchronized_at = case when u.last_by is null then c.last_synchronized_at else clock_timestamp() end,
          revision = c.revision + 1, changed_at = clock_timestamp()
        from unnest(${texts(updates.map((u) => u.id))}, ${texts(updates.map((u) => u.localVersion))},
                    ${texts(updates.map((u) => u.integrationVersion))}, ${stamps(updates.map((u) => u.localStamp))},
                    ${stamps(updates.map((u) => u.integrationStamp))},
                    ${texts(updates.map((u) => (u.localName === null ? null : storable(u.localName))))},
                    ${texts(updates.map((u) => (u.integrationName === null ? null : storable(u.integrationName))))},
                    ${texts(updates.map((u) => numberText(u.localNumber)))},
                    ${texts(updates.map((u) => json(u.base)))}, ${texts(updates.map((u) => u.last?.by ?? null))},
                    ${texts(updates.map((u) => u.last?.source ?? null))}, ${texts(updates.map(flapText))})
          as u(id, local_version, integration_version, local_stamp, integration_stamp, local_name, integration_name, local_number, base,
               last_by, last_source, flap)
        where c.id = u.id::uuid`,
  )
}

/** Couplings remember nothing of earlier rounds of edits of the two systems against each other. */
export async function forgetFlaps(em: EntityManager, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await run(em, sql`update coupling set flap = null where id = any(${texts(ids)}::uuid[])`)
}

/** What people search for; longer ones are no numbers. */
function numberText(number: string | null): string | null {
  return number === null ? null : storable(number).slice(0, 200)
}

/** Stands for a flap state that stays as it is; no JSON text looks like it. */
const KEEP = 'keep'

function flapText({ flap }: CouplingUpdate): string | null {
  if (flap === undefined) return KEEP
  return flap === null ? null : json(flap)
}

/** Locks couplings and returns the revisions that stand now; absent: removed. */
export async function lockRevisions(
  em: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await run<{ id: string; revision: number }>(
    em,
    sql`select id, revision from coupling where id = any(${texts(ids)}::uuid[]) order by id for update`,
  )
  return new Map(rows.map((row) => [row.id, row.revision]))
}

/** Removes couplings and remembers when, so that passes re-read records they hold (timeline 20). */
export async function removeCouplings(
  em: EntityManager,
  mappingId: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  await run(em, sql`delete from coupling where id = any(${texts(ids)}::uuid[])`)
  await run(
    em,
    sql`update integration_table_mapping set couplings_removed_at = clock_timestamp() where id = ${mappingId}`,
  )
}
