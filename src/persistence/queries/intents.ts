import type { EntityManager } from '@mikro-orm/postgresql'
import type { LostValue } from '../../domain/decision.js'
import type { Failure } from '../../domain/failure.js'
import type { RecordSnapshot } from '../../domain/record.js'
import type { Side, Values } from '../../domain/value.js'
import type { WriteRow } from '../../domain/write.js'
import { json, run, sql, stamps, texts } from '../sql.js'
import { withCalls } from './intent-calls.js'
import { LeaseLostError } from './pages.js'

/**
 * CREATE: of an uncoupled source. RESTORE: the gone side of a coupling is created anew from the survivor. DELETE: the survivor
 * of a coupling, whose other side is gone, is deleted.
 */
export type IntentKind = 'CREATE' | 'UPDATE' | 'RESTORE' | 'DELETE'

/**
 * A write that was committed to before its request is sent. It stays while the outcome is not recorded, so that a crash at
 * any point leads back to it (engine rule 9).
 */
export interface Intent {
  readonly id: string
  readonly jobId: string
  readonly runId: string
  readonly pageId: string | null
  readonly couplingId: string | null
  readonly kind: IntentKind
  /** The side that is written. */
  readonly side: Side
  /** The record updated, or the id chosen for the record created; null where the system assigns it. */
  readonly recordId: string | null
  /** The key assigned to a record that is created where the system assigns the id. */
  readonly assignedKey: string | null
  readonly sourceSide: Side
  readonly sourceId: string
  readonly values: Values
  /** The version compared; null where a record is created. */
  readonly version: string | null
  /** The source as it was read. Of a RESTORE and a DELETE: the survivor, whichever side it is on. */
  readonly source: RecordSnapshot
  readonly lost: readonly LostValue[]
  /** Why it is written; null: an earlier version of Accord did not keep it. */
  readonly decisionRow: WriteRow | null
  /** What the record holds in the fields that are written, of a DELETE in all that was read; null where it is created. */
  readonly before: Values | null
  /** Epoch milliseconds; the request is not sent after it. */
  readonly deadline: number
  /** Epoch milliseconds when the request was last handed to the connector; null: certainly never sent. */
  readonly sentAt: number | null
  /** It may have been sent by a message without versions: until no request of it can be running any more nothing else is sent. */
  readonly unconditional: boolean
  readonly answer: IntentAnswer | null
}

/** What the system answered, kept until it is recorded. */
export type IntentAnswer =
  | { readonly kind: 'written'; readonly record: RecordSnapshot; readonly adopted: boolean }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'refused'; readonly failure: Failure }

interface DbIntent {
  id: string
  job_id: string
  run_id: string
  page_id: string | null
  coupling_id: string | null
  kind: IntentKind
  side: Side
  record_id: string | null
  assigned_key: string | null
  source_side: Side
  source_id: string
  values: string
  version: string | null
  source: string
  lost: string
  decision_row: string | null
  before: string | null
  deadline: number
  sent_at: number | null
  unconditional: boolean
  answer: string | null
}

const COLUMNS =
  sql.raw(`i.id, i.job_id, i.run_id, i.page_id, i.coupling_id, i.kind, i.side, i.record_id, i.assigned_key,
  i.source_side, i.source_id, i.values::text as values, i.version, i.source::text as source, i.lost::text as lost,
  i.decision_row, i.before::text as before,
  (extract(epoch from i.deadline) * 1000)::float8 as deadline, (extract(epoch from i.sent_at) * 1000)::float8 as sent_at,
  i.unconditional, i.answer::text as answer`)

function fromRow(row: DbIntent): Intent {
  return {
    id: row.id,
    jobId: row.job_id,
    runId: row.run_id,
    pageId: row.page_id,
    couplingId: row.coupling_id,
    kind: row.kind,
    side: row.side,
    recordId: row.record_id,
    assignedKey: row.assigned_key,
    sourceSide: row.source_side,
    sourceId: row.source_id,
    values: JSON.parse(row.values) as Values,
    version: row.version,
    source: JSON.parse(row.source) as RecordSnapshot,
    lost: JSON.parse(row.lost) as LostValue[],
    decisionRow: row.decision_row === null ? null : asRow(row.decision_row),
    before: row.before === null ? null : (JSON.parse(row.before) as Values),
    deadline: Math.round(row.deadline),
    sentAt: row.sent_at === null ? null : Math.round(row.sent_at),
    unconditional: row.unconditional,
    answer: row.answer === null ? null : (JSON.parse(row.answer) as IntentAnswer),
  }
}

function asRow(text: string): WriteRow {
  return (/^\d+$/.test(text) ? Number(text) : text) as WriteRow
}

/** Whether the intent brings a record into being. */
export function isCreation(intent: Pick<Intent, 'kind'>): boolean {
  return intent.kind === 'CREATE' || intent.kind === 'RESTORE'
}

export async function intentsOfPage(em: EntityManager, pageId: string): Promise<readonly Intent[]> {
  const rows = await run<DbIntent>(
    em,
    sql`select ${COLUMNS} from intent i where i.page_id = ${pageId} order by i.id`,
  )
  return withCalls(em, rows.map(fromRow))
}

/**
 * Open intents of a mapping that no live attempt holds: those of this run left from before (`runId`) and, unless `ownOnly`,
 * of runs that are over. Intents of other runs under way belong to their own workflows, those of a page under way to the
 * page's steps. Work on chosen records settles its own only: it runs beside others and must not wait for them.
 */
export async function orphanIntents(
  em: EntityManager,
  mappingId: string,
  runId: string,
  ownOnly: boolean,
  limit: number,
): Promise<readonly Intent[]> {
  const rows = await run<DbIntent>(
    em,
    sql`select ${COLUMNS} from intent i left join synch_run r on r.id = i.run_id
        where i.mapping_id = ${mappingId} and (
          (i.run_id = ${runId}
            and not exists (select 1 from synch_page p where p.id = i.page_id and p.state <> 'RECORDED'))
          or (${!ownOnly} and (r.id is null or r.status not in ('RUNNING', 'QUEUED'))))
        order by i.source_side, i.source_id, i.id limit ${limit}`,
  )
  const intents = await withCalls(em, rows.map(fromRow))
  if (intents.length < limit) return intents
  // The halves of a settlement stay together: the last record of a full batch may have another one behind it.
  const last = intents.at(-1)
  const whole = intents.filter((intent) => intent.sourceId !== last?.sourceId)
  return whole.length > 0 ? whole : intents
}

/** The tables of a mapping: what it writes may concern the other mappings of its connection that share one of them. */
export interface MappingTables {
  readonly id: string
  readonly connectionId: string
  readonly localTable: string
  readonly integrationTable: string
}

/**
 * Lets one transaction at a time commit to writes to records of the tables of these mappings, so that its re-checks see what every other
 * has committed to, through whatever mapping. Held until the transaction ends. The first of all locks of a transaction, and taken once for
 * all its mappings: everybody takes local tables first, by name, so nobody waits in a circle.
 */
export async function lockCommitments(
  em: EntityManager,
  mappings: readonly Omit<MappingTables, 'id'>[],
): Promise<void> {
  const names = (tableOf: (mapping: Omit<MappingTables, 'id'>) => string) => [
    ...new Set(mappings.map((mapping) => `intents of ${mapping.connectionId} ${tableOf(mapping)}`)),
  ]
  const [local, integration] = [
    names(({ localTable }) => `LOCAL ${localTable}`),
    names(({ integrationTable }) => `INTEGRATION ${integrationTable}`),
  ]
  for (const name of [...local.toSorted(), ...integration.toSorted()])
    await run(em, sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`)
}

/** Commits to writes. Returns the ids that were accepted; the others meet another open intent on the same record or key. */
export async function insertIntents(
  em: EntityManager,
  tables: MappingTables,
  intents: readonly Omit<Intent, 'sentAt' | 'unconditional' | 'answer'>[],
): Promise<ReadonlySet<string>> {
  if (intents.length === 0) return new Set()
  const tableOf = (side: Side) => (side === 'LOCAL' ? tables.localTable : tables.integrationTable)
  const rows = await run<{ id: string }>(
    em,
    sql`insert into intent (id, mapping_id, connection_id, record_table, source_table, run_id, job_id, page_id, coupling_id, kind, side, record_id, assigned_key,
          source_side, source_id, values, version, source, lost, decision_row, before, deadline)
        select id::uuid, ${tables.id}, ${tables.connectionId}, record_table, source_table, run_id::uuid, job_id::uuid,
          page_id::uuid, coupling_id::uuid, kind, side, record_id, assigned_key, source_side, source_id, values::json, version, source::json, lost::json,
          decision_row, before::json, deadline
        from unnest(${texts(intents.map((i) => i.id))}, ${texts(intents.map((i) => i.runId))}, ${texts(intents.map((i) => i.jobId))},
          ${texts(intents.map((i) => i.pageId))}, ${texts(intents.map((i) => i.couplingId))}, ${texts(intents.map((i) => i.kind))},
          ${texts(intents.map((i) => i.side))}, ${texts(intents.map((i) => i.recordId))}, ${texts(intents.map((i) => i.assignedKey))},
          ${texts(intents.map((i) => i.sourceSide))}, ${texts(intents.map((i) => i.sourceId))},
          ${texts(intents.map((i) => json(i.values)))}, ${texts(intents.map((i) => i.version))},
          ${texts(intents.map((i) => json(i.source)))}, ${texts(intents.map((i) => json(i.lost)))},
          ${texts(intents.map((i) => (i.decisionRow === null ? null : String(i.decisionRow))))},
          ${texts(intents.map((i) => (i.before === null ? null : json(i.before))))},
          ${stamps(intents.map((i) => i.deadline))}, ${texts(intents.map((i) => tableOf(i.side)))},
          ${texts(intents.map((i) => tableOf(i.sourceSide)))})
          as new(id, run_id, job_id, page_id, coupling_id, kind, side, record_id, assigned_key, source_side, source_id, values,
                 version, source, lost, decision_row, before, deadline, record_table, source_table)
        on conflict do nothing returning id`,
  )
  return new Set(rows.map((row) => row.id))
}

/**
 * Marks intents as sent each on its own, right before the bulk call that carries them, while the page's lease is held: where no page
 * holds them, or updates among them may go without their versions (`unconditional`). Throws {@link LeaseLostError} when another attempt has taken the page over.
 */
export async function markSent(
  em: EntityManager,
  page: { readonly id: string; readonly lease: string } | null,
  ids: readonly string[],
  unconditional: boolean,
): Promise<void> {
  const rows = await run(
    em,
    page === null
      ? sql`update intent set sent_at = clock_timestamp(), unconditional = ${unconditional} and kind = 'UPDATE' where id = any(${texts(ids)}::uuid[]) returning 1`
      : sql`with held as (select 1 from synch_page where id = ${page.id} and lease = ${page.lease} for share)
            update intent set sent_at = clock_timestamp(), unconditional = ${unconditional} and kind = 'UPDATE' where id = any(${texts(ids)}::uuid[])
              and exists (select 1 from held) returning 1`,
  )
  if (rows.length < ids.length) throw new LeaseLostError(page?.id ?? 'of an intent')
}

/** No request of these updates is running: what carried them was answered, or was never sent. */
export async function markAtRest(em: EntityManager, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await run(
    em,
    sql`update intent set unconditional = false where id = any(${texts(ids)}::uuid[]) and unconditional`,
  )
}

/** Gives intents that were never sent, or whose last request certainly ended, a new deadline. */
export async function renewDeadlines(
  em: EntityManager,
  ids: readonly string[],
  deadline: number,
): Promise<void> {
  if (ids.length === 0) return
  await run(
    em,
    sql`update intent set deadline = ${new Date(deadline).toISOString()}::timestamptz where id = any(${texts(ids)}::uuid[])`,
  )
}

/** Keeps answers that were found by reading, or that no page holds, until they are recorded. */
export async function saveAnswers(
  em: EntityManager,
  answers: readonly { readonly id: string; readonly answer: IntentAnswer }[],
): Promise<void> {
  if (answers.length === 0) return
  await run(
    em,
    sql`update intent i set answer = a.answer::json
        from unnest(${texts(answers.map((a) => a.id))}, ${texts(answers.map((a) => json(a.answer)))}) as a(id, answer)
        where i.id = a.id::uuid`,
  )
}

/**
 * Closes intents; only together with what records their outcome. Returns the ids of those that were open still: somebody else has
 * recorded the others.
 */
export async function closeIntents(em: EntityManager, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await run<{ id: string }>(
    em,
    sql`delete from intent where id = any(${texts(ids)}::uuid[]) returning id`,
  )
  return new Set(rows.map((row) => row.id))
}

/**
 * Frees the space of closed intents and freed claims. Both tables are nearly empty, but every page writes thousands of rows
 * and deletes them again, faster than autovacuum comes by: without this, looking for open intents reads all that ever were.
 * Must be called outside a transaction.
 */
export async function reclaimSpace(em: EntityManager): Promise<void> {
  await run(em, sql`vacuum (skip_locked) intent, claim`)
}
