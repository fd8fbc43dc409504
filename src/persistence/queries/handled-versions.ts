import type { EntityManager } from '@mikro-orm/postgresql'
import { run, sql, stamps, texts } from '../sql.js'
import { Side } from '../../domain/value.js'

export interface HandledVersion {
  readonly recordId: string
  readonly version: string
  readonly jobId: string
}

/** Which versions of these records a scheduled pass has handled; kept as far back as the next pass can read again. */
export async function handledVersions(
  em: EntityManager,
  mappingId: string,
  side: Side,
  ids: readonly string[],
): Promise<ReadonlyMap<string, HandledVersion>> {
  if (ids.length === 0) return new Map()
  const rows = await run<{ record_id: string; version: string; job_id: string }>(
    em,
    sql`select record_id, version, job_id from handled_version
        where mapping_id = ${mappingId} and side = ${side} and record_id = any(${texts(ids)})`,
  )
  return new Map(
    rows.map((row) => [row.record_id, { recordId: row.record_id, version: row.version, jobId: row.job_id }]),
  )
}

/** Marks versions as handled, unless the watermark was set by hand since the job began (`revision`; null: no check). */
export async function markHandled(
  em: EntityManager,
  mark: {
    readonly mappingId: string
    readonly side: Side
    readonly jobId: string
    readonly revision: number | null
  },
  versions: readonly { readonly id: string; readonly version: string; readonly stamp: number }[],
): Promise<void> {
  if (versions.length === 0) return
  const revisionColumn = sql.raw(
    mark.side === Side.local ? 'to_watermark_revision' : 'from_watermark_revision',
  )
  await run(
    em,
    sql`insert into handled_version (mapping_id, side, record_id, version, stamp, job_id)
        select ${mark.mappingId}, ${mark.side}, id, version, stamp, ${mark.jobId}
        from unnest(${texts(versions.map((v) => v.id))}, ${texts(versions.map((v) => v.version))},
                    ${stamps(versions.map((v) => v.stamp))}) as new(id, version, stamp)
        where ${mark.revision}::integer is null or exists (
          select 1 from integration_table_mapping where id = ${mark.mappingId} and ${revisionColumn} = ${mark.revision})
        order by id
        on conflict (mapping_id, side, record_id)
          do update set version = excluded.version, stamp = excluded.stamp, job_id = excluded.job_id`,
  )
}

/** Forgets versions that no pass can read again: those stamped before the watermark. */
export async function forgetHandledBefore(
  em: EntityManager,
  mappingId: string,
  side: Side,
  watermark: Date,
): Promise<void> {
  await run(
    em,
    sql`delete from handled_version where mapping_id = ${mappingId} and side = ${side}
          and stamp < ${watermark.toISOString()}::timestamptz`,
  )
}
