import type { EntityManager } from '@mikro-orm/postgresql'
import DataLoader from 'dataloader'
import { ErrorGroup, ErrorGroupEvent } from '../../persistence/entities/error-group.js'
import { SynchError } from '../../persistence/entities/synch-error.js'
import { rowsByIds } from '../../persistence/read-rows.js'
import { run, sql, texts } from '../../persistence/sql.js'
import type { ErrorGroupDayType } from './error-group.type.js'

/** What the groups of one answer show, each kind read in one statement for all of them. */
export interface ErrorGroupLoaders {
  readonly errorGroup: DataLoader<string, ErrorGroup | null>
  /** The days, of the last thirty, on which something happened. */
  readonly daysOfGroup: DataLoader<string, readonly ErrorGroupDayType[]>
  /** Errors last met within the hour. */
  readonly lastHourOfGroup: DataLoader<string, number>
  /** The three errors met last, open ones first. */
  readonly samplesOfGroup: DataLoader<string, readonly SynchError[]>
  /** Records of other mappings that wait for records of its open errors. */
  readonly waitingForGroup: DataLoader<string, number>
  /** Records that are not in sync because of it. */
  readonly heldByGroup: DataLoader<string, number>
  /** Its last hundred steps, the last one first. */
  readonly eventsOfGroup: DataLoader<string, readonly ErrorGroupEvent[]>
}

const SAMPLES = 3
const EVENTS = 100

export function errorGroupLoaders(em: EntityManager): ErrorGroupLoaders {
  const perGroup = <T>(read: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>, without: T) =>
    new DataLoader<string, T>(
      async (ids) => {
        const found = await read(ids)
        return ids.map((id) => found.get(id) ?? without)
      },
      { cache: false },
    )
  return {
    errorGroup: perGroup<ErrorGroup | null>(async (ids) => byId(await rowsByIds(em, ErrorGroup, ids)), null),
    daysOfGroup: perGroup<readonly ErrorGroupDayType[]>((ids) => daysOf(em, ids), []),
    lastHourOfGroup: perGroup((ids) => counted(em, lastHour(ids)), 0),
    samplesOfGroup: perGroup<readonly SynchError[]>((ids) => samplesOf(em, ids), []),
    waitingForGroup: perGroup((ids) => counted(em, waiting(ids)), 0),
    heldByGroup: perGroup((ids) => counted(em, held(ids)), 0),
    eventsOfGroup: perGroup<readonly ErrorGroupEvent[]>((ids) => eventsOf(em, ids), []),
  }
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.id, row]))
}

async function counted(
  em: EntityManager,
  statement: ReturnType<typeof sql<{ id: string; count: number }>>,
): Promise<ReadonlyMap<string, number>> {
  const rows = await run<{ id: string; count: number }>(em, statement)
  return new Map(rows.map((row) => [row.id, row.count]))
}

const lastHour = (ids: readonly string[]) => sql<{ id: string; count: number }>`
  select g.id, (select count(*)::integer from integration_synch_error e
    where e.group_id = g.id and e.last_seen >= statement_timestamp() - interval '1 hour') as count
  from unnest(${texts(ids)}::uuid[]) as g(id)`

const waiting = (ids: readonly string[]) => sql<{ id: string; count: number }>`
  select e.group_id as id, count(distinct s.id)::integer as count
  from record_state s
  join integration_synch_error e on e.source_id = s.waits_for_id and e.source_side = s.waits_for_side and e.resolved_at is null
  join integration_table_mapping m on m.id = e.mapping_id and jsonb_exists(s.waits_for_mappings, m.name)
  join integration_table_mapping own on own.id = s.mapping_id and own.connection_id = m.connection_id
  where s.waits_for_id is not null and e.group_id = any(${texts(ids)}::uuid[]) group by e.group_id`

/** Pending and skipped records by their last error; where a whole run stopped, writes that it had begun with and did not carry through. */
const held = (ids: readonly string[]) => sql<{ id: string; count: number }>`
  select held.id, sum(held.count)::integer as count from (
    select e.group_id as id, count(*) as count from record_state s join integration_synch_error e on e.id = s.error_id
    where e.resolved_at is null and e.group_id = any(${texts(ids)}::uuid[]) group by e.group_id
    union all
    select e.group_id, (select count(*) from intent i left join synch_run r on r.id = i.run_id
      where i.mapping_id = e.mapping_id and r.status is distinct from 'RUNNING')
    from integration_synch_error e
    where e.record_key = 'run' and e.resolved_at is null and e.group_id = any(${texts(ids)}::uuid[])) held
  group by held.id`

async function daysOf(
  em: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly ErrorGroupDayType[]>> {
  const rows = await run<ErrorGroupDayType & { id: string }>(
    em,
    sql`select g.id, s.day::text as day, s.occurrences, s.recorded, s.resolved
        from error_group g join error_statistics s on s.mapping_id = g.mapping_id and s.fingerprint = g.fingerprint
        where g.id = any(${texts(ids)}::uuid[]) and s.day > (statement_timestamp() at time zone 'UTC')::date - 30
        order by s.day`,
  )
  return Map.groupBy(rows, (row) => row.id)
}

async function samplesOf(
  em: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly SynchError[]>> {
  const chosen = await run<{ group_id: string; id: string }>(
    em,
    sql`select g.id as group_id, e.id from unnest(${texts(ids)}::uuid[]) as g(id)
        cross join lateral (
          (select id, 0 as rank, last_seen from integration_synch_error where group_id = g.id and resolved_at is null
           order by last_seen desc, id limit ${SAMPLES})
          union all
          (select id, 1, last_seen from integration_synch_error where group_id = g.id order by last_seen desc, id limit ${SAMPLES})
        ) e order by e.rank, e.last_seen desc, e.id`,
  )
  const errors = byId(
    await rowsByIds(
      em,
      SynchError,
      chosen.map(({ id }) => id),
    ),
  )
  return new Map(
    [...Map.groupBy(chosen, (row) => row.group_id)].map(([groupId, rows]) => [
      groupId,
      [...new Set(rows.map(({ id }) => id))].slice(0, SAMPLES).flatMap((id) => errors.get(id) ?? []),
    ]),
  )
}

async function eventsOf(
  em: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly ErrorGroupEvent[]>> {
  const rows = await run<{ id: string }>(
    em,
    sql`select v.id from unnest(${texts(ids)}::uuid[]) as g(id)
        cross join lateral (select id from error_group_event where group_id = g.id order by at desc, id limit ${EVENTS}) v`,
  )
  const events = await em.find(
    ErrorGroupEvent,
    { id: { $in: rows.map(({ id }) => id) } },
    { disableIdentityMap: true, orderBy: { at: 'desc', id: 'asc' } },
  )
  return Map.groupBy(events, (event) => event.groupId)
}
