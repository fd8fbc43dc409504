import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { BY_ITSELF } from '../../domain/error-group.js'
import { resolvableBy, type Failure } from '../../domain/failure.js'
import { run, sql, storable, texts } from '../sql.js'

const TODAY = sql`(clock_timestamp() at time zone 'UTC')::date`

/**
 * Whoever adds, resolves or removes errors of mappings takes this once for all of them, until the end of the transaction: errors and the
 * counts of their groups then change together. It comes before any coupling and any state of a record is locked, since those who remove
 * errors change states after it: two would lock each other out else.
 */
export async function lockErrorGroups(em: EntityManager, mappingIds: readonly string[]): Promise<void> {
  for (const id of [...new Set(mappingIds)].toSorted())
    await run(em, sql`select pg_advisory_xact_lock(hashtextextended(${`errors of ${id}`}, 0))`)
}

/**
 * The groups of these failures, by fingerprint; made where there is none yet, and reopened where one had been resolved. Their words
 * become those of the failure met last. {@link lockErrorGroups} comes first.
 */
export async function groupsOf(
  em: EntityManager,
  mappingId: string,
  met: readonly { readonly failure: Failure; readonly fingerprint: string }[],
): Promise<ReadonlyMap<string, string>> {
  const distinct = [...new Map(met.map((one) => [one.fingerprint, one])).values()]
  const failures = distinct.map(({ failure }) => failure)
  const rows = await run<{ id: string; fingerprint: string }>(
    em,
    sql`with resolved as (
          select id from error_group where mapping_id = ${mappingId} and resolved_at is not null
            and fingerprint = any(${texts(distinct.map(({ fingerprint }) => fingerprint))})),
        reopened as (
          insert into error_group_event (id, group_id, kind, actor)
          select gen_random_uuid(), id, 'REOPENED', ${BY_ITSELF} from resolved)
        insert into error_group as g (id, mapping_id, fingerprint, error_class, resolvable_by, message, cause, remedy, field, code,
                                      diagnosis)
        select id::uuid, ${mappingId}, fingerprint, error_class, resolvable_by, message, cause, remedy, field, code, diagnosis
        from unnest(${texts(distinct.map(() => randomUUID()))}, ${texts(distinct.map(({ fingerprint }) => fingerprint))},
          ${texts(failures.map(({ errorClass }) => errorClass))},
          ${texts(failures.map(({ errorClass }) => resolvableBy(errorClass)))},
          ${texts(failures.map(({ message }) => storable(message)))}, ${texts(failures.map(({ cause }) => storable(cause)))},
          ${texts(failures.map(({ remedy }) => storable(remedy)))}, ${texts(failures.map(({ field }) => field ?? null))},
          ${texts(failures.map(({ code }) => code ?? null))}, ${texts(failures.map(({ diagnosis }) => diagnosis ?? null))})
          as new(id, fingerprint, error_class, resolvable_by, message, cause, remedy, field, code, diagnosis)
        on conflict (mapping_id, fingerprint) do update set message = excluded.message, cause = excluded.cause,
          remedy = excluded.remedy, field = excluded.field, code = excluded.code, diagnosis = excluded.diagnosis,
          last_seen = clock_timestamp(), resolved_at = null, resolved_by = null,
          reopened = g.reopened + case when g.resolved_at is null then 0 else 1 end,
          version = g.version + case when g.resolved_at is null then 0 else 1 end
        returning id, fingerprint`,
  )
  return new Map(rows.map((row) => [row.fingerprint, row.id]))
}

/** Counts what {@link groupsOf} was asked for: new entries, and those that were met again by another run (`counts`). */
export async function countRecorded(
  em: EntityManager,
  entries: readonly { readonly groupId: string; readonly isNew: boolean; readonly counts: boolean }[],
): Promise<void> {
  const counted = [...Map.groupBy(entries, ({ groupId }) => groupId)].flatMap(([groupId, all]) => {
    const occurrences = all.filter(({ counts }) => counts).length
    return occurrences === 0
      ? []
      : [{ groupId, occurrences, recorded: all.filter(({ isNew }) => isNew).length }]
  })
  if (counted.length === 0) return
  await run(
    em,
    sql`with counted as (
          select id::uuid, occurrences::integer, recorded::integer
          from unnest(${texts(counted.map(({ groupId }) => groupId))}, ${texts(counted.map((c) => String(c.occurrences)))},
            ${texts(counted.map((c) => String(c.recorded)))}) as c(id, occurrences, recorded)),
        summed as (
          update error_group g set open_count = g.open_count + c.recorded, occurrences = g.occurrences + c.occurrences
          from counted c where g.id = c.id
          returning g.mapping_id, g.fingerprint, g.error_class, c.occurrences, c.recorded)
        insert into error_statistics as s (day, mapping_id, error_class, fingerprint, occurrences, recorded)
        select ${TODAY}, mapping_id, error_class, fingerprint, occurrences, recorded from summed
        on conflict (mapping_id, fingerprint, day, error_class) do update
          set occurrences = s.occurrences + excluded.occurrences, recorded = s.recorded + excluded.recorded`,
  )
}

/** Open entries that went from one group to another. */
export async function moveOpen(
  em: EntityManager,
  moved: readonly { readonly before: string | null; readonly after: string | null; readonly count: number }[],
): Promise<void> {
  if (moved.length === 0) return
  const changes = moved.flatMap(({ before, after, count }) => [
    ...(before === null ? [] : [{ id: before, by: -count }]),
    ...(after === null ? [] : [{ id: after, by: count }]),
  ])
  await run(
    em,
    sql`with changes as (
          select id::uuid, sum(by::integer) as by
          from unnest(${texts(changes.map(({ id }) => id))}, ${texts(changes.map(({ by }) => String(by)))}) as c(id, by) group by id),
        summed as (
          update error_group g set open_count = g.open_count + c.by, ${endsWhen(sql`g.open_count + c.by`, null)}
          from changes c where g.id = c.id returning g.id, g.resolved_at)
        ${noteEnded(null)}`,
  )
}

/** How many errors were resolved. */
export interface ResolvedErrors {
  readonly count: number
}

/**
 * Resolves the open errors `e` that a condition lets in, in one statement, with the counts of their groups; a group of which none is
 * open any more is resolved. `by` null: by success. {@link lockErrorGroups} comes first.
 */
export async function resolveWhere(
  em: EntityManager,
  condition: RawBuilder<unknown>,
  by: string | null,
): Promise<ResolvedErrors> {
  const [row] = await run<{ count: string }>(
    em,
    sql`with resolved as (
          update integration_synch_error e set resolved_at = clock_timestamp(), resolved_by = ${by}::text
          where ${condition} and e.resolved_at is null returning e.group_id),
        counted as (select group_id, count(*)::integer as count from resolved where group_id is not null group by group_id),
        summed as (
          update error_group g set open_count = g.open_count - c.count, resolved_count = g.resolved_count + c.count,
            ${endsWhen(sql`g.open_count - c.count`, by)}
          from counted c where g.id = c.group_id
          returning g.id, g.resolved_at, g.mapping_id, g.error_class, g.fingerprint, c.count),
        noted as (${noteEnded(by)}),
        told as (
          insert into error_statistics as s (day, mapping_id, error_class, fingerprint, resolved)
          select ${TODAY}, mapping_id, error_class, fingerprint, count from summed
          on conflict (mapping_id, fingerprint, day, error_class) do update set resolved = s.resolved + excluded.resolved)
        select count(*) as count from resolved`,
  )
  return { count: Number(row?.count ?? 0) }
}

/**
 * Deletes the entries `e` of the error log that a condition lets in, in one statement, with the counts of their groups; records that
 * point to them forget the pointer. `given`: common table expressions that the condition refers to. {@link lockErrorGroups} comes
 * first. Returns how many.
 */
export async function deleteErrors(
  em: EntityManager,
  condition: RawBuilder<unknown>,
  given: RawBuilder<unknown> | null = null,
): Promise<number> {
  const [row] = await run<{ deleted: string }>(
    em,
    sql`with ${given === null ? sql`` : sql`${given},`}
        gone as (
          delete from integration_synch_error where id in (select e.id from integration_synch_error e where ${condition})
          returning id, group_id, resolved_at),
        unlinked as (update record_state set error_id = null where id in (
          select id from record_state where error_id in (select id from gone) order by id for update)),
        counted as (
          select group_id, count(*) filter (where resolved_at is null)::integer as open,
            count(*) filter (where resolved_at is not null)::integer as resolved
          from gone where group_id is not null group by group_id),
        summed as (
          update error_group g set open_count = g.open_count - c.open, resolved_count = g.resolved_count - c.resolved,
            ${endsWhen(sql`g.open_count - c.open`, null)}
          from counted c where g.id = c.group_id returning g.id, g.resolved_at),
        noted as (${noteEnded(null)})
        select count(*) as deleted from gone`,
  )
  return Number(row?.deleted ?? 0)
}

/** Settings of an update of `error_group g`: with no open entry left it is resolved, and no longer snoozed. */
function endsWhen(open: RawBuilder<unknown>, by: string | null): RawBuilder<unknown> {
  const ends = sql`${open} <= 0 and g.resolved_at is null`
  return sql`resolved_at = case when ${ends} then clock_timestamp() else g.resolved_at end,
    resolved_by = case when ${ends} then ${by}::text else g.resolved_by end,
    snoozed_until = case when ${ends} then null else g.snoozed_until end,
    version = g.version + case when ${ends} then 1 else 0 end`
}

/** Of `summed`: those that were resolved by it. The old row is what this statement's snapshot still sees. */
function noteEnded(by: string | null): RawBuilder<unknown> {
  return sql`insert into error_group_event (id, group_id, kind, actor)
    select gen_random_uuid(), s.id, 'RESOLVED', ${by ?? BY_ITSELF} from summed s join error_group before on before.id = s.id
    where s.resolved_at is not null and before.resolved_at is null`
}
