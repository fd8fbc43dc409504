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
 * measured for the old one no longer applies. The revision tells a run under way that it was set meanwhile. A table that is read by
 * its delta token must also be told which way the mark was moved.
 */
async function setToWatermark(em: EntityManager, mapping: Mapping, mark: Date | null): Promise<void> {
  if (mark === null) {
    mapping.toToken = null
    mapping.toTokenFields = null
    mapping.toWatermarkSet = null
  } else if (mapping.tokenOf(Side.local) !== null) {
    mapping.toWatermarkSet = await directionOf(em, mapping, Side.local, mark)
  }
  mapping.toWatermark = mark
  mapping.toWatermarkRevision += 1
  mapping.toClockOffset = null
  await forgetHandled(em, mapping.id, Side.local, mark)
}

/** See {@link setToWatermark}. */
async function setFromWatermark(em: EntityManager, mapping: Mapping, mark: Date | null): Promise<void> {
  if (mark === null) {
    mapping.fromToken = null
    mapping.fromTokenFields = null
    mapping.fromWatermarkSet = null
  } else if (mapping.tokenOf(Side.integration) !== null) {
    mapping.fromWatermarkSet = await directionOf(em, mapping, Side.integration, mark)
  }
  mapping.fromWatermark = mark
  mapping.fromWatermarkRevision += 1
  mapping.fromClockOffset = null
  await forgetHandled(em, mapping.id, Side.integration, mark)
}

async function directionOf(
  em: EntityManager,
  mapping: Mapping,
  side: Side,
  mark: Date,
): Promise<'BACK' | 'FORWARD'> {
  const present = await tokenTime(em, mapping, side)
  return present !== null && mark.getTime() <= present ? 'BACK' : 'FORWARD'
}

/**
 * The time up to which the delta token has read, epoch milliseconds: the watermark, unless that was set by hand already
 * and no pass has obeyed it yet; then the source's clock in the last completed pass.
 */
async function tokenTime(em: EntityManager, mapping: Mapping, side: Side): Promise<number | null> {
  const mark = (side === Side.local ? mapping.toWatermark : mapping.fromWatermark)?.getTime() ?? null
  if (mapping.watermarkSetOf(side) === null) return mark
  const direction = side === Side.local ? 'TO_INTEGRATION_TABLE' : 'FROM_INTEGRATION_TABLE'
  const [last] = await run<{ clock: string | null }>(
    em,
    sql`select (extract(epoch from clock_at) * 1000)::bigint::text as clock from synch_job
        where mapping_id = ${mapping.id} and direction = ${direction} and status = 'COMPLETED'
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
