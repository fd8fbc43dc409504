import type { RawBuilder } from 'kysely'
import type { RecordResultOutcome, RunScope } from '../../domain/run.js'
import type { Side } from '../../domain/value.js'
import { sql, texts } from '../sql.js'

/** What an entry of a record's time line tells of. */
export const TimelineKind = {
  coupled: 'COUPLED',
  written: 'WRITTEN',
  decided: 'DECIDED',
  failed: 'FAILED',
  resolved: 'RESOLVED',
  skipped: 'SKIPPED',
  skipEnded: 'SKIP_ENDED',
} as const
export type TimelineKind = (typeof TimelineKind)[keyof typeof TimelineKind]

/** A record, or a pair of records, of a mapping. */
export interface TimelineOf {
  readonly mappingId: string
  readonly couplingId: string | null
  readonly localId: string | null
  readonly integrationId: string | null
}

/** One entry as it is read. Of each kind only what belongs to it is there. */
export interface DbTimelineEntry {
  readonly id: string
  readonly kind: TimelineKind
  /** Epoch milliseconds. */
  readonly at: number
  readonly ref: string | null
  readonly run_id: string | null
  readonly coupling_id: string | null
  readonly side: Side | null
  readonly reason: string | null
  readonly attempts: number | null
  readonly outcome: RecordResultOutcome | null
  readonly message: string | null
  readonly detail: string | null
  readonly scope: RunScope | null
  readonly by: string | null
}

/**
 * Everything that is kept of a record as one table `t` of entries: its couplings, what was written to either record, what people
 * decided, what failed and was resolved, what was skipped and until when. Each entry has an id of its own, the same every time.
 */
export function timelineOf({
  mappingId,
  couplingId,
  localId,
  integrationId,
}: TimelineOf): RawBuilder<unknown> {
  const errorKeys = [
    ...(couplingId === null ? [] : [couplingId]),
    ...(localId === null ? [] : [`LOCAL:${localId}`]),
    ...(integrationId === null ? [] : [`INTEGRATION:${integrationId}`]),
  ]
  const ids = sql`(w.local_id = ${localId}::text or w.integration_id = ${integrationId}::text)`
  const skips = sql`(s.mapping_id = ${mappingId}::uuid and (s.coupling_id = ${couplingId}::uuid
    or ((s.side = 'LOCAL' and s.record_id = ${localId}::text) or (s.side = 'INTEGRATION' and s.record_id = ${integrationId}::text))))`
  const ofKind = (kind: TimelineKind, id: RawBuilder<unknown>) =>
    sql`md5(${`${kind} `} || ${id})::uuid, ${kind}::text`
  return sql`(
    select ${ofKind('COUPLED', sql`c.id::text`)}, c.created_at, null::text, null::uuid, c.id, null::text, null::text, null::integer,
      null::text, null::text, null::text, null::text, null::text
      from coupling c where c.id = ${couplingId}::uuid and c.mapping_id = ${mappingId}::uuid
    union all
    select ${ofKind('WRITTEN', sql`w.id::text`)}, w.at, w.id::text, w.run_id, w.coupling_id, w.side, w.decision_row, null, null, null,
      null, null, w.requested_by
      from record_write w where w.mapping_id = ${mappingId}::uuid and ${ids}
    union all
    select ${ofKind('DECIDED', sql`r.run_id::text || r.record_key`)}, coalesce(u.finished_at, u.started_at, u.requested_at), null, u.id,
      r.coupling_id, null, null, null, r.outcome, r.message, r.detail::text, u.scope::text, u.requested_by
      from record_result r join synch_run u on u.id = r.run_id where r.coupling_id = ${couplingId}::uuid and u.mapping_id = ${mappingId}::uuid
    union all
    select ${ofKind('FAILED', sql`e.id::text`)}, e.first_seen, e.id::text, e.run_id, e.coupling_id, e.source_side, e.error_class,
      e.occurrences, null, e.message, null, null, null
      from integration_synch_error e where e.mapping_id = ${mappingId}::uuid and e.record_key = any(${texts(errorKeys)})
    union all
    select ${ofKind('RESOLVED', sql`e.id::text`)}, e.resolved_at, e.id::text, null, e.coupling_id, e.source_side, e.error_class,
      e.occurrences, null, e.message, null, null, null
      from integration_synch_error e where e.mapping_id = ${mappingId}::uuid and e.record_key = any(${texts(errorKeys)})
        and e.resolved_at is not null
    union all
    select ${ofKind('SKIPPED', sql`s.id::text`)}, s.skipped_at, s.error_id::text, null, s.coupling_id, s.side, s.reason, s.attempts,
      null, null, null, null, null from record_skip s where ${skips}
    union all
    select ${ofKind('SKIP_ENDED', sql`s.id::text`)}, s.ended_at, s.error_id::text, null, s.coupling_id, s.side, s.reason, s.attempts,
      null, null, null, null, null from record_skip s where ${skips} and s.ended_at is not null
  ) as t(id, kind, at, ref, run_id, coupling_id, side, reason, attempts, outcome, message, detail, scope, by)`
}

/** The columns of an entry, for {@link DbTimelineEntry}. */
export const TIMELINE_COLUMNS = sql.raw(
  `t.id, t.kind, (extract(epoch from t.at) * 1000)::float8 as at, t.ref, t.run_id, t.coupling_id, t.side, t.reason, t.attempts,
   t.outcome, t.message, t.detail, t.scope::json as scope, t.by`,
)
