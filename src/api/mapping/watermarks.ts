import type { EntityManager } from '@mikro-orm/postgresql'
import { Side } from '../../domain/value.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { run, sql } from '../../persistence/sql.js'
import type { InputProblem } from '../errors.js'

/** A watermark further ahead than this is a slip of the pen: nothing would be read until then. */
const FURTHEST_AHEAD = 24 * 60 * 60 * 1000

/** Left out: stays as it is. Null: every record is read again. */
export interface Watermarks {
  readonly toWatermark?: Date | null | undefined
  readonly fromWatermark?: Date | null | undefined
}

export function watermarkProblems(marks: Watermarks, now: number): readonly InputProblem[] {
  return (['toWatermark', 'fromWatermark'] as const).flatMap((name) => {
    const mark = marks[name]
    if (mark === null || mark === undefined || mark.getTime() <= now + FURTHEST_AHEAD) return []
    return [
      {
        argument: `input.${name}`,
        message: `Expected a time no later than a day from now, got ${mark.toISOString()}: no change would be read until then.`,
      },
    ]
  })
}

/** Must be called with the mapping's row locked, with marks that have no problems. */
export async function setWatermarks(em: EntityManager, mapping: Mapping, marks: Watermarks): Promise<void> {
  if (marks.toWatermark !== undefined) await setToWatermark(em, mapping, marks.toWatermark)
  if (marks.fromWatermark !== undefined) await setFromWatermark(em, mapping, marks.fromWatermark)
}

/**
 * A watermark set by hand is exact: what is stamped at or after it counts as not yet read, and the clock difference
 * measured for the old one no longer applies. The revision tells a run under way that it was set meanwhile.
 */
async function setToWatermark(em: EntityManager, mapping: Mapping, mark: Date | null): Promise<void> {
  mapping.toWatermark = mark
  mapping.toWatermarkRevision += 1
  mapping.toClockOffset = null
  await forgetHandled(em, mapping.id, Side.local, mark)
}

/** See {@link setToWatermark}. A table that is read by its delta token must also be told which way the mark was moved. */
async function setFromWatermark(em: EntityManager, mapping: Mapping, mark: Date | null): Promise<void> {
  if (mark === null) {
    mapping.fromToken = null
    mapping.fromTokenFields = null
    mapping.fromWatermarkSet = null
  } else if ((mapping.fromToken ?? null) !== null) {
    const present = await tokenTime(em, mapping)
    mapping.fromWatermarkSet = present !== null && mark.getTime() <= present ? 'BACK' : 'FORWARD'
  }
  mapping.fromWatermark = mark
  mapping.fromWatermarkRevision += 1
  mapping.fromClockOffset = null
  await forgetHandled(em, mapping.id, Side.integration, mark)
}

/**
 * The time up to which the delta token has read, epoch milliseconds: the watermark, unless that was set by hand already
 * and no pass has obeyed it yet; then the source's clock in the last completed pass.
 */
async function tokenTime(em: EntityManager, mapping: Mapping): Promise<number | null> {
  const mark = mapping.fromWatermark?.getTime() ?? null
  if ((mapping.fromWatermarkSet ?? null) === null) return mark
  const [last] = await run<{ clock: string | null }>(
    em,
    sql`select (extract(epoch from clock_at) * 1000)::bigint::text as clock from synch_job
        where mapping_id = ${mapping.id} and direction = 'FROM_INTEGRATION_TABLE' and status = 'COMPLETED'
          and clock_at is not null
        order by start desc, id limit 1`,
  )
  return last?.clock === null || last?.clock === undefined ? mark : Number(last.clock)
}

async function forgetHandled(
  em: EntityManager,
  mappingId: string,
  side: Side,
  mark: Date | null,
): Promise<void> {
  const from = mark?.toISOString() ?? '-infinity'
  await run(
    em,
    sql`delete from handled_version
        where mapping_id = ${mappingId} and side = ${side} and stamp >= ${from}::timestamptz`,
  )
}
