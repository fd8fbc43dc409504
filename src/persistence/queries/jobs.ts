import type { EntityManager } from '@mikro-orm/postgresql'
import type { IgnoredReason } from '../../domain/decision.js'
import type { ConflictDetail } from '../../domain/conflict.js'
import type { RecordResultOutcome } from '../../domain/run.js'
import { json, run, sql, storable, texts } from '../sql.js'

/** What a page adds to its job's counters: exactly one per record; `retried`, `coupled` and `uncoupled` are an "of which". */
export interface Counts {
  readonly inserted: number
  readonly modified: number
  readonly deleted: number
  readonly unchanged: number
  readonly skipped: number
  readonly failed: number
  readonly conflicts: number
  readonly ignored: Readonly<Partial<Record<IgnoredReason, number>>>
  readonly retried: number
  /** Pairs of existing records that were coupled, and couplings that were removed while a record of them is left. */
  readonly coupled: number
  readonly uncoupled: number
}

export const NO_COUNTS: Counts = {
  inserted: 0,
  modified: 0,
  deleted: 0,
  unchanged: 0,
  skipped: 0,
  failed: 0,
  conflicts: 0,
  ignored: {},
  retried: 0,
  coupled: 0,
  uncoupled: 0,
}

export async function addCounts(em: EntityManager, jobId: string, counts: Counts): Promise<void> {
  await run(
    em,
    sql`update synch_job set inserted = inserted + ${counts.inserted}, modified = modified + ${counts.modified},
          deleted = deleted + ${counts.deleted}, unchanged = unchanged + ${counts.unchanged}, skipped = skipped + ${counts.skipped},
          failed = failed + ${counts.failed}, conflicts = conflicts + ${counts.conflicts}, retried = retried + ${counts.retried},
          coupled = coupled + ${counts.coupled}, uncoupled = uncoupled + ${counts.uncoupled},
          ignored = (select coalesce(jsonb_object_agg(key, total), '{}') from (
            select key, sum(value::integer) as total from (
              select * from jsonb_each_text(ignored) union all select * from jsonb_each_text(${json(counts.ignored)}::jsonb)) as counts
            group by key having sum(value::integer) > 0) as sums)
        where id = ${jobId}`,
  )
}

/** What a run over chosen records did with each; the later pass of two overrules the earlier where it did more. */
export async function saveRecordResults(
  em: EntityManager,
  runId: string,
  results: readonly {
    /** The coupling's id, or side and id of the source where a person named records. */
    readonly recordKey: string
    readonly couplingId: string | null
    readonly localId: string | null
    readonly integrationId: string | null
    readonly outcome: RecordResultOutcome
    readonly message: string | null
    readonly detail: ConflictDetail | null
  }[],
): Promise<void> {
  if (results.length === 0) return
  await run(
    em,
    sql`insert into record_result (run_id, record_key, coupling_id, local_id, integration_id, outcome, message, detail)
        select ${runId}, record_key, coupling_id::uuid, local_id, integration_id, outcome, message, detail::json
        from unnest(${texts(results.map((r) => r.recordKey))}, ${texts(results.map((r) => r.couplingId))},
          ${texts(results.map((r) => r.localId))}, ${texts(results.map((r) => r.integrationId))}, ${texts(results.map((r) => r.outcome))},
          ${texts(results.map((r) => (r.message === null ? null : storable(r.message))))},
          ${texts(results.map((r) => (r.detail === null ? null : json(r.detail))))}) as new(record_key, coupling_id, local_id, integration_id, outcome, message, detail)
        on conflict (run_id, record_key) do update set coupling_id = excluded.coupling_id, local_id = excluded.local_id,
          integration_id = excluded.integration_id, outcome = excluded.outcome, message = excluded.message, detail = excluded.detail
          where excluded.outcome <> 'UNCHANGED'`,
  )
}
