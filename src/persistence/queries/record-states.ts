import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { clashingFields, type ConflictDetail } from '../../domain/conflict.js'
import type { ErrorClass, Failure } from '../../domain/failure.js'
import type { PassDirection } from '../../domain/mapping.js'
import type { PendingReason, RecordStatus } from '../../domain/run.js'
import type { Side } from '../../domain/value.js'
import { json, run, sql, storable, texts } from '../sql.js'
import { IS_RELEASED } from './dependencies.js'

/** The state of an unsettled record; see the entity RecordState. */
export interface StoredState {
  readonly id: string
  readonly couplingId: string | null
  readonly side: Side
  readonly recordId: string
  readonly state: RecordStatus
  readonly direction: PassDirection | null
  readonly reason: PendingReason | ErrorClass
  readonly attempts: number
  readonly localVersion: string | null
  readonly integrationVersion: string | null
  readonly detail: ConflictDetail | null
  readonly waitsFor: WaitsFor | null
}

/** The record that has to be coupled first, through one of these mappings. */
export type WaitsFor = NonNullable<Failure['waitsFor']>

interface DbState {
  id: string
  coupling_id: string | null
  side: Side
  record_id: string
  state: RecordStatus
  direction: PassDirection | null
  reason: PendingReason | ErrorClass
  attempts: number
  local_version: string | null
  integration_version: string | null
  detail: string | null
  waits_for_mappings: readonly string[] | null
  waits_for_side: Side | null
  waits_for_id: string | null
}

const COLUMNS = sql.raw(`s.id, s.coupling_id, s.side, s.record_id, s.state, s.direction, s.reason, s.attempts,
  s.local_version, s.integration_version, s.detail::text as detail, s.waits_for_mappings, s.waits_for_side, s.waits_for_id`)

function fromRow(row: DbState): StoredState {
  return {
    id: row.id,
    couplingId: row.coupling_id,
    side: row.side,
    recordId: row.record_id,
    state: row.state,
    direction: row.direction,
    reason: row.reason,
    attempts: row.attempts,
    localVersion: row.local_version,
    integrationVersion: row.integration_version,
    detail: row.detail === null ? null : (JSON.parse(row.detail) as ConflictDetail),
    waitsFor:
      row.waits_for_mappings === null || row.waits_for_side === null || row.waits_for_id === null
        ? null
        : { mappings: row.waits_for_mappings, side: row.waits_for_side, id: row.waits_for_id },
  }
}

/** States of couplings, and of uncoupled records of one side. */
export async function statesOf(
  em: EntityManager,
  mappingId: string,
  couplingIds: readonly string[],
  side: Side,
  uncoupledIds: readonly string[],
): Promise<readonly StoredState[]> {
  const rows = await run<DbState>(
    em,
    sql`select ${COLUMNS} from record_state s where s.coupling_id = any(${texts(couplingIds)}::uuid[])
        union all
        select ${COLUMNS} from record_state s
        where s.mapping_id = ${mappingId} and s.coupling_id is null and s.side = ${side} and s.record_id = any(${texts(uncoupledIds)})`,
  )
  return rows.map(fromRow)
}

/** A record that a pass must look at besides what changed. */
export interface PendingRecord {
  readonly stateId: string
  readonly recordId: string
}

/**
 * One page of the pending records of a pass, in order of their state's id: those due at this run, of couplings that wait
 * for this pass (or any), and of uncoupled records of its source side. A record that waits for another one is left out until
 * that one is coupled or the mapping has a new version; deletions are decided at the end of the pass.
 */
export async function pendingPage(
  em: EntityManager,
  mapping: { readonly id: string; readonly runCount: number },
  pass: PassDirection,
  source: Side,
  after: string | null,
  limit: number,
): Promise<readonly PendingRecord[]> {
  const idColumn = sql.raw(source === 'LOCAL' ? 'c.local_id' : 'c.integration_id')
  const rows = await run<{ id: string; record_id: string }>(
    em,
    sql`select s.id, coalesce(${idColumn}, s.record_id) as record_id
        from record_state s left join coupling c on c.id = s.coupling_id
        where s.mapping_id = ${mapping.id} and s.state = 'PENDING' and s.due_at_run <= ${mapping.runCount}
          and (s.direction is null or s.direction = ${pass})
          and (s.coupling_id is not null or s.side = ${source})
          and s.reason not in ('DELETION', 'DELETION_REVIEW', 'DELETION_ALLOWED')
          and (s.waits_for_id is null or ${IS_RELEASED})
          and (${after}::uuid is null or s.id > ${after}::uuid)
        order by s.id limit ${limit}`,
  )
  return rows.map((row) => ({ stateId: row.id, recordId: row.record_id }))
}

/** A state to write. */
export interface NewState {
  readonly couplingId: string | null
  readonly side: Side
  readonly recordId: string
  readonly state: RecordStatus
  readonly direction: PassDirection | null
  readonly reason: PendingReason | ErrorClass
  readonly attempts: number
  readonly dueAtRun: number
  readonly localVersion: string | null
  readonly integrationVersion: string | null
  readonly detail: ConflictDetail | null
  readonly errorId: string | null
  readonly waitsFor?: WaitsFor | null
  /** Of a deletion. */
  readonly goneSide?: Side | null
}

/** Writes states; one record has at most one. */
export async function saveStates(
  em: EntityManager,
  mappingId: string,
  states: readonly NewState[],
): Promise<void> {
  await upsertAll(em, mappingId, states, true)
}

/** Makes records pending unless they have a state already (a skip or another reason stays). */
export async function savePendingUnlessKnown(
  em: EntityManager,
  mappingId: string,
  states: readonly NewState[],
): Promise<void> {
  await upsertAll(em, mappingId, states, false)
}

/** Coupled and uncoupled records have a unique index each. */
async function upsertAll(
  em: EntityManager,
  mappingId: string,
  states: readonly NewState[],
  replace: boolean,
): Promise<void> {
  const coupled = states.filter((state) => state.couplingId !== null)
  const uncoupled = states.filter((state) => state.couplingId === null)
  await upsert(em, mappingId, coupled, '(coupling_id) where coupling_id is not null', replace)
  await upsert(em, mappingId, uncoupled, '(mapping_id, side, record_id) where coupling_id is null', replace)
}

async function upsert(
  em: EntityManager,
  mappingId: string,
  states: readonly NewState[],
  target: string,
  replace: boolean,
): Promise<void> {
  if (states.length === 0) return
  const action = replace
    ? sql.raw(`do update set side = excluded.side, record_id = excluded.record_id, state = excluded.state,
        direction = excluded.direction, reason = excluded.reason, attempts = excluded.attempts,
        due_at_run = excluded.due_at_run, local_version = excluded.local_version,
        integration_version = excluded.integration_version, detail = excluded.detail, clashing = excluded.clashing, error_id = excluded.error_id,
        gone_side = excluded.gone_side, waits_for_mappings = excluded.waits_for_mappings,
        waits_for_side = excluded.waits_for_side, waits_for_id = excluded.waits_for_id,
        pulled_at = case when record_state.waits_for_side = excluded.waits_for_side
          and record_state.waits_for_id = excluded.waits_for_id then record_state.pulled_at end,
        changed_at = clock_timestamp()`)
    : sql.raw('do nothing')
  await run(
    em,
    sql`insert into record_state (id, mapping_id, coupling_id, side, record_id, state, direction, reason, attempts, due_at_run,
                                  local_version, integration_version, detail, clashing, error_id, gone_side,
                                  waits_for_mappings, waits_for_side, waits_for_id)
        select id::uuid, ${mappingId}, coupling_id::uuid, side, record_id, state, direction, reason, attempts::integer,
               due_at_run::integer, local_version, integration_version, detail::json, clashing, error_id::uuid,
               gone_side, waits_for_mappings::jsonb, waits_for_side, waits_for_id
        from unnest(${texts(states.map(() => randomUUID()))}, ${texts(states.map((s) => s.couplingId))},
                    ${texts(states.map((s) => s.side))}, ${texts(states.map((s) => s.recordId))},
                    ${texts(states.map((s) => s.state))}, ${texts(states.map((s) => s.direction))},
                    ${texts(states.map((s) => s.reason))}, ${texts(states.map((s) => String(s.attempts)))},
                    ${texts(states.map((s) => String(s.dueAtRun)))}, ${texts(states.map((s) => s.localVersion))},
                    ${texts(states.map((s) => s.integrationVersion))},
                    ${texts(states.map((s) => (s.detail === null ? null : json(s.detail))))},
                    ${texts(states.map((s) => (s.detail === null ? null : storable(json(clashingFields(s.detail))))))},
                    ${texts(states.map((s) => s.errorId))}, ${texts(states.map((s) => s.goneSide ?? null))},
                    ${texts(states.map((s) => (s.waitsFor == null ? null : json(s.waitsFor.mappings))))},
                    ${texts(states.map((s) => s.waitsFor?.side ?? null))},
                    ${texts(states.map((s) => s.waitsFor?.id ?? null))})
          as new(id, coupling_id, side, record_id, state, direction, reason, attempts, due_at_run, local_version,
                 integration_version, detail, clashing, error_id, gone_side, waits_for_mappings, waits_for_side, waits_for_id)
        order by coupling_id, side, record_id
        on conflict ${sql.raw(target)} ${action}`,
  )
}

/** Settles couplings, and uncoupled records of one side that are coupled now. */
export async function removeStatesOf(
  em: EntityManager,
  mappingId: string,
  couplingIds: readonly string[],
  side: Side,
  recordIds: readonly string[],
): Promise<void> {
  if (couplingIds.length > 0) {
    await run(em, sql`delete from record_state where coupling_id = any(${texts(couplingIds)}::uuid[])`)
  }
  if (recordIds.length > 0) {
    await run(
      em,
      sql`delete from record_state where mapping_id = ${mappingId} and coupling_id is null and side = ${side}
            and record_id = any(${texts(recordIds)})`,
    )
  }
}
