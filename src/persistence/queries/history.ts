import type { EntityManager } from '@mikro-orm/postgresql'
import type { PairBefore } from '../../domain/pair-before.js'
import type { Side, Values } from '../../domain/value.js'
import type { WriteKind, WriteRow } from '../../domain/write.js'
import { currentTraceId } from '../../telemetry/tracing.js'
import { json, run, sql, storable, texts } from '../sql.js'

/** A write to record. What `after` lacks was deleted, what `before` lacks was blank. */
export interface NewWrite {
  /** The intent's: recorded twice, it is one write. */
  readonly id: string
  readonly couplingId: string | null
  /** The side that was written. */
  readonly side: Side
  readonly kind: WriteKind
  readonly localId: string | null
  readonly integrationId: string | null
  readonly localName: string | null
  readonly integrationName: string | null
  readonly row: WriteRow
  readonly fields: readonly string[]
  /** Null: the record was created. */
  readonly before: Values | null
  /** Null: the record was deleted. */
  readonly after: Values | null
  /** The fields of which `before` stood nowhere else. */
  readonly lost: readonly string[]
  /** The other record of the pair as it was read; null: there was none, or it is not known. */
  readonly source: Values | null
  /** All else that the decision was made on; null where it is not known in full. */
  readonly pair: PairBefore | null
  /** Null: not known, or there was none. */
  readonly versionBefore: string | null
  readonly versionAfter: string | null
}

/**
 * Records writes, in one statement, with the version of the mapping and who asked as the run says. Must run in the transaction
 * that records the outcomes. Safe to repeat: a write is recorded once under its intent's id.
 */
export async function recordWrites(
  em: EntityManager,
  at: { readonly mappingId: string; readonly runId: string; readonly jobId: string | null },
  writes: readonly NewWrite[],
): Promise<void> {
  if (writes.length === 0) return
  const valuesOf = (write: NewWrite, values: Values | null) =>
    values === null ? null : json(write.fields.map((field) => values[field] ?? null))
  const optional = (value: unknown) => (value === null ? null : json(value))
  await run(
    em,
    sql`insert into record_write (id, mapping_id, mapping_version, run_id, job_id, requested_by, coupling_id, side, kind, local_id,
          integration_id, local_name, integration_name, decision_row, fields, before, after, lost, source, pair, version_before,
          version_after, trace_id)
        select new.id::uuid, ${at.mappingId}::uuid, r.mapping_version, ${at.runId}::uuid, ${at.jobId}::uuid, r.requested_by,
          new.coupling_id::uuid, side, new.kind, local_id, integration_id, local_name, integration_name, decision_row,
          fields::text[], before::json, after::json, lost::text[], source::json, pair::json, version_before, version_after,
          ${currentTraceId()}::text
        from unnest(${texts(writes.map((w) => w.id))}, ${texts(writes.map((w) => w.couplingId))},
          ${texts(writes.map((w) => w.side))}, ${texts(writes.map((w) => w.kind))}, ${texts(writes.map((w) => w.localId))},
          ${texts(writes.map((w) => w.integrationId))}, ${texts(writes.map((w) => name(w.localName)))},
          ${texts(writes.map((w) => name(w.integrationName)))}, ${texts(writes.map((w) => String(w.row)))},
          ${texts(writes.map((w) => list(w.fields)))}, ${texts(writes.map((w) => valuesOf(w, w.before)))},
          ${texts(writes.map((w) => valuesOf(w, w.after)))},
          ${texts(writes.map((w) => (w.lost.length === 0 ? null : list(w.lost))))},
          ${texts(writes.map((w) => optional(w.source)))}, ${texts(writes.map((w) => optional(w.pair)))},
          ${texts(writes.map((w) => w.versionBefore))}, ${texts(writes.map((w) => w.versionAfter))})
          as new(id, coupling_id, side, kind, local_id, integration_id, local_name, integration_name, decision_row, fields, before,
                 after, lost, source, pair, version_before, version_after)
        left join synch_run r on r.id = ${at.runId}
        on conflict (id) do nothing`,
  )
}

/**
 * Deletes writes older than so many days, at most `limit` at once; how many there were. What lost in an update conflict that
 * still waits for a person is kept: he may want it back.
 */
export async function purgeWrites(em: EntityManager, days: number, limit: number): Promise<number> {
  const rows = await run(
    em,
    sql`delete from record_write where id in (
          select w.id from integration_table_mapping m join record_write w on w.mapping_id = m.id
          where w.at < statement_timestamp() - make_interval(days => ${days})
            and not (w.lost is not null and exists (
              select from record_state s where s.coupling_id = w.coupling_id and s.state = 'SKIPPED' and s.reason = 'CONFLICT'))
            and not exists (select from undo_item u join synch_run r on r.id = u.run_id
              where u.write_id = w.id and r.status in ('RUNNING', 'QUEUED'))
          limit ${limit})
        returning 1`,
  )
  return rows.length
}

/** Forgets skips that ended more than so many days ago, at most `limit` at once; how many there were. */
export async function purgeSkips(em: EntityManager, days: number, limit: number): Promise<number> {
  const rows = await run(
    em,
    sql`delete from record_skip where id in (
          select id from record_skip where ended_at < statement_timestamp() - make_interval(days => ${days}) limit ${limit})
        returning 1`,
  )
  return rows.length
}

/** An array of texts as PostgreSQL reads it from one text. */
function list(items: readonly string[]): string {
  return `{${items.map((item) => `"${item.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`
}

function name(text: string | null): string | null {
  return text === null ? null : storable(text)
}
