import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { ConflictDetail } from '../../domain/conflict.js'
import { ErrorClass, fingerprintOf, resolvableBy, type Failure } from '../../domain/failure.js'
import type { PassDirection } from '../../domain/mapping.js'
import { Side } from '../../domain/value.js'
import { currentTraceId } from '../../telemetry/tracing.js'
import { json, run, sql, storable, texts } from '../sql.js'
import { countRecorded, groupsOf, lockErrorGroups, moveOpen, resolveWhere } from './error-groups.js'

/** The key of a failure that concerns a whole pass. */
export const RUN_KEY = 'run'

/** The key under which a record's errors are kept: its coupling's id, else side and id. */
export function recordKey(couplingId: string | null, side: Side, recordId: string): string {
  return couplingId ?? `${side}:${recordId}`
}

export interface NewError {
  readonly recordKey: string
  readonly couplingId: string | null
  readonly failure: Failure
  /** Table named in the fingerprint. */
  readonly table: string
  readonly sourceSide: Side | null
  readonly sourceId: string | null
  readonly sourceName: string | null
  readonly destinationId: string | null
  readonly destinationName: string | null
  readonly detail: ConflictDetail | null
}

/**
 * Records failures: one open row per record, direction and fingerprint, whose occurrences rise once per run that meets it,
 * however many attempts that run makes. Returns the rows' ids by record key.
 */
export async function recordErrors(
  em: EntityManager,
  at: {
    readonly mappingId: string
    readonly runId: string
    readonly jobId: string | null
    readonly direction: PassDirection
  },
  errors: readonly NewError[],
): Promise<ReadonlyMap<string, string>> {
  if (errors.length === 0) return new Map()
  const distinct = [
    ...new Map(
      errors.map((error) => [`${error.recordKey}|${fingerprintOf(error.failure, error.table)}`, error]),
    ).values(),
  ]
  await lockErrorGroups(em, [at.mappingId])
  const groups = await groupsOf(
    em,
    at.mappingId,
    distinct.map((error) => ({
      failure: error.failure,
      fingerprint: storable(fingerprintOf(error.failure, error.table)),
    })),
  )
  await turnDeletions(
    em,
    at,
    distinct.filter((error) => error.failure.errorClass === ErrorClass.deletedRecord),
    groups,
  )
  const rows = await run<{
    id: string
    record_key: string
    group_id: string
    is_new: boolean
    counts: boolean
  }>(
    em,
    sql`with known as (
          select id, run_id from integration_synch_error where mapping_id = ${at.mappingId} and direction = ${at.direction}
            and resolved_at is null and record_key = any(${texts(distinct.map((e) => e.recordKey))})),
        upserted as (
        insert into integration_synch_error (id, mapping_id, run_id, job_id, direction, coupling_id, record_key, error_class,
          resolvable_by, message, cause, remedy, field, code, http_status, fingerprint, source_side, source_id, source_name,
          destination_id, destination_name, detail, diagnosis, evidence, group_id, trace_id)
        select id::uuid, ${at.mappingId}, ${at.runId}, ${at.jobId}::uuid, ${at.direction}, coupling_id::uuid, record_key, error_class,
          resolvable_by, message, cause, remedy, field, code, http_status::integer, fingerprint, source_side, source_id,
          source_name, destination_id, destination_name, detail::json, diagnosis, evidence, group_id::uuid, ${currentTraceId()}::text
        from unnest(${texts(distinct.map(() => randomUUID()))}, ${texts(distinct.map((e) => e.couplingId))},
          ${texts(distinct.map((e) => e.recordKey))}, ${texts(distinct.map((e) => e.failure.errorClass))},
          ${texts(distinct.map((e) => resolvableBy(e.failure.errorClass)))}, ${texts(distinct.map((e) => storable(e.failure.message)))},
          ${texts(distinct.map((e) => storable(e.failure.cause)))}, ${texts(distinct.map((e) => storable(e.failure.remedy)))},
          ${texts(distinct.map((e) => e.failure.field ?? null))}, ${texts(distinct.map((e) => e.failure.code ?? null))},
          ${texts(distinct.map((e) => (e.failure.status === undefined ? null : String(e.failure.status))))},
          ${texts(distinct.map((e) => storable(fingerprintOf(e.failure, e.table))))}, ${texts(distinct.map((e) => e.sourceSide))},
          ${texts(distinct.map((e) => e.sourceId))}, ${texts(distinct.map((e) => nullable(e.sourceName)))},
          ${texts(distinct.map((e) => e.destinationId))}, ${texts(distinct.map((e) => nullable(e.destinationName)))},
          ${texts(distinct.map((e) => (e.detail === null ? null : json(e.detail))))},
          ${texts(distinct.map((e) => e.failure.diagnosis ?? null))}, ${texts(distinct.map((e) => nullable(e.failure.evidence ?? null)))},
          ${texts(distinct.map((e) => groups.get(storable(fingerprintOf(e.failure, e.table))) ?? null))})
          as new(id, coupling_id, record_key, error_class, resolvable_by, message, cause, remedy, field, code, http_status,
                 fingerprint, source_side, source_id, source_name, destination_id, destination_name, detail, diagnosis, evidence, group_id)
        on conflict (mapping_id, record_key, direction, fingerprint) where resolved_at is null
          do update set occurrences = integration_synch_error.occurrences
              + case when integration_synch_error.run_id = excluded.run_id then 0 else 1 end, last_seen = clock_timestamp(),
            run_id = excluded.run_id, job_id = excluded.job_id, trace_id = excluded.trace_id, message = excluded.message, cause = excluded.cause,
            remedy = excluded.remedy, diagnosis = excluded.diagnosis, evidence = excluded.evidence, detail = excluded.detail, source_name = excluded.source_name,
            destination_id = excluded.destination_id, destination_name = excluded.destination_name, group_id = excluded.group_id
        returning id, record_key, group_id)
        select u.id, u.record_key, u.group_id, k.id is null as is_new,
               k.id is null or k.run_id is distinct from ${at.runId}::uuid as counts
        from upserted u left join known k on k.id = u.id`,
  )
  await countRecorded(
    em,
    rows.map((row) => ({ groupId: row.group_id, isNew: row.is_new, counts: row.counts })),
  )
  return new Map(rows.map((row) => [row.record_key, row.id]))
}

/**
 * One deletion is one error (engine rule 7): met again by the other pass, its open row turns round and becomes the one of
 * that pass, unless that pass has one already.
 */
async function turnDeletions(
  em: EntityManager,
  at: { readonly mappingId: string; readonly direction: PassDirection },
  errors: readonly NewError[],
  groups: ReadonlyMap<string, string>,
): Promise<void> {
  if (errors.length === 0) return
  const moved = await run<{ before: string | null; after: string | null; count: number }>(
    em,
    sql`with turning as (
        select e.id, e.group_id as before, new.* from integration_synch_error e
        join unnest(${texts(errors.map((e) => e.recordKey))},
          ${texts(errors.map((e) => storable(fingerprintOf(e.failure, e.table))))},
          ${texts(errors.map((e) => e.sourceSide))}, ${texts(errors.map((e) => e.sourceId))},
          ${texts(errors.map((e) => groups.get(storable(fingerprintOf(e.failure, e.table))) ?? null))})
          as new(record_key, fingerprint, source_side, source_id, group_id) on e.record_key = new.record_key
        where e.mapping_id = ${at.mappingId} and e.resolved_at is null
          and e.error_class = ${ErrorClass.deletedRecord} and e.direction <> ${at.direction}
          and not exists (select from integration_synch_error other
            where other.mapping_id = e.mapping_id and other.record_key = e.record_key and other.resolved_at is null
              and other.direction = ${at.direction} and other.fingerprint = new.fingerprint)),
        turned as (
          update integration_synch_error e set direction = ${at.direction}, fingerprint = t.fingerprint,
            source_side = t.source_side, source_id = t.source_id, group_id = t.group_id::uuid
          from turning t where e.id = t.id returning t.before, e.group_id as after)
        select before, after, count(*)::integer as count from turned where before is distinct from after group by before, after`,
  )
  await moveOpen(em, moved)
}

/** A later success resolves a record's open errors; they are kept as resolved until purged. */
export async function resolveErrors(
  em: EntityManager,
  mappingId: string,
  recordKeys: readonly string[],
): Promise<void> {
  if (recordKeys.length === 0) return
  const chosen = sql`e.mapping_id = ${mappingId} and e.resolved_at is null and e.record_key = any(${texts(recordKeys)})`
  // Most records have none: they need not wait for others who count.
  const [found] = await run<{ one: number }>(
    em,
    sql`select 1 as one from integration_synch_error e where ${chosen} limit 1`,
  )
  if (found === undefined) return
  await lockErrorGroups(em, [mappingId])
  await resolveWhere(em, chosen, null)
}

function nullable(text: string | null): string | null {
  return text === null ? null : storable(text)
}
