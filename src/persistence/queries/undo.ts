import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import type { UndoableWrite, UndoResult, VersionStep } from '../../domain/undo.js'
import type { Side, Value } from '../../domain/value.js'
import type { WriteKind } from '../../domain/write.js'
import { json, run, sql, storable, texts } from '../sql.js'

/** Which writes of a mapping: those named, or all of a run. `both`: also what the same run wrote to the other record of the pair. */
export interface WritesToUndo {
  readonly mappingId: string
  readonly writes: { readonly ids: readonly string[]; readonly both: boolean } | { readonly runId: string }
}

function chosenIds({ mappingId, writes }: WritesToUndo): RawBuilder<unknown> {
  if ('runId' in writes) {
    return sql`select id from record_write where run_id = ${writes.runId} and mapping_id = ${mappingId}`
  }
  const named = sql`select id from record_write where id = any(${texts(writes.ids)}::uuid[]) and mapping_id = ${mappingId}`
  if (!writes.both) return named
  return sql`${named}
    union select o.id from record_write w join record_write o
      on o.run_id = w.run_id and o.mapping_id = w.mapping_id and o.side <> w.side
        and o.local_id = w.local_id and o.integration_id = w.integration_id
    where w.id = any(${texts(writes.ids)}::uuid[]) and w.mapping_id = ${mappingId}`
}

/** The sides that these writes had written; none: there are no such writes. */
export async function sidesWritten(em: EntityManager, wanted: WritesToUndo): Promise<readonly Side[]> {
  const rows = await run<{ side: Side }>(
    em,
    sql`select distinct side from record_write where id in (${chosenIds(wanted)}) order by side`,
  )
  return rows.map((row) => row.side)
}

/**
 * Lists the writes that a run is to undo, record by record. Records that had the same partner come one after the other, the one
 * written last first, never on one page.
 */
export async function insertUndoItems(em: EntityManager, runId: string, wanted: WritesToUndo): Promise<void> {
  await run(
    em,
    sql`insert into undo_item (run_id, write_id, side, record_id, source_id, rank, number)
        select ${runId}::uuid, id, side, record_id, source_id, rank,
               dense_rank() over (partition by side order by rank, source_id, record_id)
        from (
          select id, side, record_id, source_id,
                 dense_rank() over (partition by side, source_id order by last desc, record_id) as rank
          from (
            select id, side, record_id, coalesce(source_id, record_id) as source_id,
                   max(at) over (partition by side, record_id) as last
            from (
              select id, side, at, case side when 'LOCAL' then local_id else integration_id end as record_id,
                     case side when 'LOCAL' then integration_id else local_id end as source_id
              from record_write where id in (${chosenIds(wanted)})) as written
            where record_id is not null) as dated) as ranked`,
  )
}

/** A record whose writes are undone; `number` is its place. */
export interface UndoPlace {
  readonly number: number
  readonly sourceId: string
}

/** One page of the records of a side, no partner twice. */
export async function undoPage(
  em: EntityManager,
  runId: string,
  side: Side,
  after: number,
  limit: number,
): Promise<readonly UndoPlace[]> {
  const rows = await run<{ number: number; source_id: string; rank: number }>(
    em,
    sql`select distinct number, source_id, rank from undo_item
        where run_id = ${runId} and side = ${side} and number > ${after} order by number limit ${limit}`,
  )
  return rows
    .filter((row) => row.rank === rows[0]?.rank)
    .map((row) => ({ number: row.number, sourceId: row.source_id }))
}

/** A record of the side that is written, with the writes that are to be undone, newest first. */
export interface UndoTarget {
  readonly sourceId: string
  readonly recordId: string
  readonly writes: readonly UndoableWrite[]
}

/** By source id, the record of `side` whose turn it is: of several with one partner the first that is not dealt with. */
export async function undoTargets(
  em: EntityManager,
  runId: string,
  side: Side,
  sourceIds: readonly string[],
): Promise<ReadonlyMap<string, UndoTarget>> {
  const rows = await run<DbTarget>(
    em,
    sql`select u.source_id, u.record_id, u.write_id, w.kind, w.fields, w.before::text as before, w.after::text as after, w.lost,
               w.version_before, w.version_after
        from undo_item u join record_write w on w.id = u.write_id
        where u.run_id = ${runId} and u.side = ${side} and u.source_id = any(${texts(sourceIds)}) and u.outcome is null
        order by u.rank, w.at desc, w.id desc`,
  )
  const targets = new Map<string, { sourceId: string; recordId: string; writes: UndoableWrite[] }>()
  for (const row of rows) {
    const known = targets.get(row.source_id)
    if (known === undefined) {
      targets.set(row.source_id, {
        sourceId: row.source_id,
        recordId: row.record_id,
        writes: [writeOf(row)],
      })
    } else if (known.recordId === row.record_id) known.writes.push(writeOf(row))
  }
  return targets
}

interface DbTarget {
  source_id: string
  record_id: string
  write_id: string
  kind: WriteKind
  fields: readonly string[]
  before: string | null
  after: string | null
  lost: readonly string[] | null
  version_before: string | null
  version_after: string | null
}

function writeOf(row: DbTarget): UndoableWrite {
  const [before, after] = [row.before, row.after].map((text) =>
    text === null ? null : (JSON.parse(text) as readonly Value[]),
  )
  return {
    id: row.write_id,
    kind: row.kind,
    fields: row.fields.map((field, place) => ({
      field,
      before: before?.[place] ?? null,
      after: after?.[place] ?? null,
      lost: row.lost?.includes(field) ?? false,
    })),
    versionBefore: row.version_before,
    versionAfter: row.version_after,
  }
}

/** By record id of a side, all our writes to it since it was last created, oldest first. */
export async function versionSteps(
  em: EntityManager,
  mappingId: string,
  side: Side,
  recordIds: readonly string[],
): Promise<ReadonlyMap<string, readonly VersionStep[]>> {
  if (recordIds.length === 0) return new Map()
  const id = sql.raw(side === 'LOCAL' ? 'w.local_id' : 'w.integration_id')
  const rows = await run<{
    record_id: string
    kind: WriteKind
    version_before: string | null
    version_after: string | null
  }>(
    em,
    sql`select ${id} as record_id, w.kind, w.version_before, w.version_after from record_write w
        where ${id} = any(${texts(recordIds)}) and w.side = ${side} and w.mapping_id = ${mappingId}
        order by w.at, w.id`,
  )
  const steps = new Map<string, VersionStep[]>()
  for (const row of rows) {
    const step = { kind: row.kind, versionBefore: row.version_before, versionAfter: row.version_after }
    const known = steps.get(row.record_id)
    if (known === undefined || row.kind === 'CREATE') steps.set(row.record_id, [step])
    else known.push(step)
  }
  return steps
}

/** Keeps what became of writes; a result stands once it is told. */
export async function saveUndoResults(
  em: EntityManager,
  runId: string,
  results: readonly UndoResult[],
): Promise<void> {
  if (results.length === 0) return
  await run(
    em,
    sql`update undo_item u set outcome = r.outcome, message = r.message, fields = r.fields::json
        from unnest(${texts(results.map((r) => r.writeId))}, ${texts(results.map((r) => r.outcome))},
          ${texts(results.map((r) => (r.message === null ? null : storable(r.message))))},
          ${texts(results.map((r) => json(r.fields)))}) as r(write_id, outcome, message, fields)
        where u.run_id = ${runId} and u.write_id = r.write_id::uuid and u.outcome is null`,
  )
}

/** Of these runs those that undo. */
export async function undoRunsAmong(
  em: EntityManager,
  runIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (runIds.length === 0) return new Set()
  const rows = await run<{ id: string }>(
    em,
    sql`select id from synch_run where id = any(${texts(runIds)}::uuid[]) and scope->>'kind' = 'undo'`,
  )
  return new Set(rows.map((row) => row.id))
}
