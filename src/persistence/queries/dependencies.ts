import type { EntityManager } from '@mikro-orm/postgresql'
import type { Side } from '../../domain/value.js'
import { run, sql, texts } from '../sql.js'

/** Of a state `s`: what it waits for is coupled now, or its mapping has a new version since. */
export const IS_RELEASED = sql`(
  exists (select from integration_table_mapping own
    join integration_table_mapping other on other.connection_id = own.connection_id
      and jsonb_exists(s.waits_for_mappings, other.name)
    join coupling met on met.connection_id = own.connection_id and met.local_table = other.definition->>'localTable'
      and met.local_id = s.waits_for_id and met.mapping_id = other.id
    where own.id = s.mapping_id and s.waits_for_side = 'LOCAL')
  or exists (select from integration_table_mapping own
    join integration_table_mapping other on other.connection_id = own.connection_id
      and jsonb_exists(s.waits_for_mappings, other.name)
    join coupling met on met.connection_id = own.connection_id
      and met.integration_table = other.definition->>'integrationTable'
      and met.integration_id = s.waits_for_id and met.mapping_id = other.id
    where own.id = s.mapping_id and s.waits_for_side = 'INTEGRATION')
  or exists (select from mapping_version v where v.mapping_id = s.mapping_id and v.at > s.changed_at))`

/** A record whose wait is over. */
export interface ReleasedRecord {
  readonly mappingId: string
  readonly couplingId: string | null
  readonly side: Side
  readonly recordId: string
}

interface DbReleased {
  mapping_id: string
  coupling_id: string | null
  side: Side
  record_id: string
}

/**
 * Lets one transaction at a time compare couplings made with records that wait, so that of two at once the later sees the
 * other. Held until the transaction ends; taken last.
 */
export async function lockDependencies(em: EntityManager, connectionId: string): Promise<void> {
  await run(em, sql`select pg_advisory_xact_lock(hashtextextended(${`dependencies of ${connectionId}`}, 0))`)
}

const NO_WAIT = sql`due_at_run = 0, waits_for_mappings = null, waits_for_side = null, waits_for_id = null, pulled_at = null`

/**
 * Ends the wait of every record that waits for one of these, coupled now through the mapping of that name. A state that another
 * transaction holds is left to it: it looks itself whether the wait is over.
 */
export async function releaseByCouplings(
  em: EntityManager,
  mapping: { readonly connectionId: string; readonly name: string },
  pairs: readonly { readonly localId: string; readonly integrationId: string }[],
): Promise<readonly ReleasedRecord[]> {
  if (pairs.length === 0) return []
  return fromRows(
    await run<DbReleased>(
      em,
      sql`update record_state r set ${NO_WAIT} where r.id in (
            select s.id from record_state s join integration_table_mapping own on own.id = s.mapping_id
            where own.connection_id = ${mapping.connectionId}
              and jsonb_exists(s.waits_for_mappings, ${mapping.name}) and s.state = 'PENDING'
              and ((s.waits_for_side = 'LOCAL' and s.waits_for_id = any(${texts(pairs.map((pair) => pair.localId))}))
                or (s.waits_for_side = 'INTEGRATION'
                  and s.waits_for_id = any(${texts(pairs.map((pair) => pair.integrationId))})))
            for update of s skip locked)
          returning r.mapping_id, r.coupling_id, r.side, r.record_id`,
    ),
  )
}

/** Of the records of a mapping that wait since this transaction: those whose wait is over already. */
export async function releaseCoupledMeanwhile(
  em: EntityManager,
  mappingId: string,
  waitedFor: readonly string[],
): Promise<readonly ReleasedRecord[]> {
  if (waitedFor.length === 0) return []
  return fromRows(
    await run<DbReleased>(
      em,
      sql`update record_state r set ${NO_WAIT} where r.id in (
            select s.id from record_state s
            where s.mapping_id = ${mappingId} and s.waits_for_id = any(${texts(waitedFor)}) and s.state = 'PENDING'
              and ${IS_RELEASED}
            for update of s skip locked)
          returning r.mapping_id, r.coupling_id, r.side, r.record_id`,
    ),
  )
}

function fromRows(rows: readonly DbReleased[]): readonly ReleasedRecord[] {
  return rows.map((row) => ({
    mappingId: row.mapping_id,
    couplingId: row.coupling_id,
    side: row.side,
    recordId: row.record_id,
  }))
}

/** A record that others wait for, with the mapping through which it could be coupled. */
export interface MissingRecord {
  readonly mappingId: string
  readonly side: Side
  readonly id: string
}

/**
 * The records that those of a mapping wait for and that nobody has asked for yet, in the mappings of these names; they count as
 * asked for from here on. Left out: what such a mapping knows to be unsettled already, mappings that do not read that side. What
 * waits for a paused mapping is taken when that goes on.
 */
export async function takeMissing(
  em: EntityManager,
  mapping: { readonly id: string; readonly connectionId: string },
  names: readonly string[],
): Promise<readonly MissingRecord[]> {
  if (names.length === 0) return []
  const rows = await run<{ mapping_id: string; side: Side; id: string }>(
    em,
    sql`with asked as (
          update record_state r set pulled_at = clock_timestamp() where r.id in (
            select s.id from record_state s
            where s.mapping_id = ${mapping.id} and s.waits_for_id is not null and s.pulled_at is null and s.state = 'PENDING'
              and not exists (select from integration_table_mapping paused
                where paused.connection_id = ${mapping.connectionId} and paused.paused_at is not null
                  and jsonb_exists(s.waits_for_mappings, paused.name))
            for update of s skip locked)
          returning r.waits_for_mappings, r.waits_for_side, r.waits_for_id)
        select distinct other.id as mapping_id, a.waits_for_side as side, a.waits_for_id as id
        from asked a join integration_table_mapping other on other.connection_id = ${mapping.connectionId}
          and jsonb_exists(a.waits_for_mappings, other.name) and other.name = any(${texts(names)})
          and other.paused_at is null
          and other.definition->>'direction' in ('BIDIRECTIONAL',
            case a.waits_for_side when 'LOCAL' then 'TO_INTEGRATION_TABLE' else 'FROM_INTEGRATION_TABLE' end)
        where not exists (select from record_state known where known.mapping_id = other.id
          and known.coupling_id is null and known.side = a.waits_for_side and known.record_id = a.waits_for_id)
        order by 1, 2, 3`,
  )
  return rows.map((row) => ({ mappingId: row.mapping_id, side: row.side, id: row.id }))
}
