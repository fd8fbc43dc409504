import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { ConflictDetail } from '../../domain/conflict.js'
import { ErrorClass, fingerprintOf, resolvableBy, type Failure } from '../../domain/failure.js'
import type { PassDirection } from '../../domain/mapping.js'
import { Side } from '../../domain/value.js'
import { json, run, sql, storable, texts } from '../sql.js'

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
  await turnDeletions(
    em,
    at,
    distinct.filter((error) => error.failure.errorClass === ErrorClass.deletedRecord),
  )
  const rows = await run<{ id: string; record_key: string }>(
    em,
    sql`insert into integration_synch_error (id, mapping_id, run_id, job_id, direction, coupling_id, record_key, error_class,
          resolvable_by, message, cause, remedy, field, code, http_status, fingerprint, source_side, source_id, source_name,
          destination_id, destination_name, detail, diagnosis, evidence)
        select id::uuid, ${at.mappingId}, ${at.runId}, ${at.jobId}::uuid, ${at.direction}, coupling_id::uuid, record_key, error_class,
          resolvable_by, message, cause, remedy, field, code, http_status::integer, fingerprint, source_side, source_id,
          source_name, destination_id, destination_name, detail::json, diagnosis, evidence
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
          ${texts(distinct.map((e) => e.failure.diagnosis ?? null))}, ${texts(distinct.map((e) => nullable(e.failure.evidence ?? null)))})
          as new(id, coupling_id, record_key, error_class, resolvable_by, message, cause, remedy, field, code, http_status,
                 fingerprint, source_side, source_id, source_name, destination_id, destination_name, detail, diagnosis, evidence)
        on conflict (mapping_id, record_key, direction, fingerprint) where resolved_at is null
          do update set occurrences = integration_synch_error.occurrences
              + case when integration_synch_error.run_id = excluded.run_id then 0 else 1 end, last_seen = clock_timestamp(),
            run_id = excluded.run_id, job_id = excluded.job_id, message = excluded.message, cause = excluded.cause,
            remedy = excluded.remedy, diagnosis = excluded.diagnosis, evidence = excluded.evidence, detail = excluded.detail, source_name = excluded.source_name,
            destination_id = excluded.destination_id, destination_name = excluded.destination_name
        returning id, record_key`,
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
): Promise<void> {
  if (errors.length === 0) return
  await run(
    em,
    sql`update integration_synch_error e
        set direction = ${at.direction}, fingerprint = new.fingerprint, source_side = new.source_side, source_id = new.source_id
        from unnest(${texts(errors.map((e) => e.recordKey))},
          ${texts(errors.map((e) => storable(fingerprintOf(e.failure, e.table))))},
          ${texts(errors.map((e) => e.sourceSide))}, ${texts(errors.map((e) => e.sourceId))})
          as new(record_key, fingerprint, source_side, source_id)
        where e.mapping_id = ${at.mappingId} and e.record_key = new.record_key and e.resolved_at is null
          and e.error_class = ${ErrorClass.deletedRecord} and e.direction <> ${at.direction}
          and not exists (select from integration_synch_error other
            where other.mapping_id = e.mapping_id and other.record_key = e.record_key and other.resolved_at is null
              and other.direction = ${at.direction} and other.fingerprint = new.fingerprint)`,
  )
}

/** A later success resolves a record's open errors; they are kept as resolved until purged. */
export async function resolveErrors(
  em: EntityManager,
  mappingId: string,
  recordKeys: readonly string[],
): Promise<void> {
  if (recordKeys.length === 0) return
  await run(
    em,
    sql`update integration_synch_error set resolved_at = clock_timestamp()
        where mapping_id = ${mappingId} and resolved_at is null and record_key = any(${texts(recordKeys)})`,
  )
}

function nullable(text: string | null): string | null {
  return text === null ? null : storable(text)
}
