import { run, sql } from '../../persistence/sql.js'
import type { ApiContext } from '../context.js'
import { badUserInput } from '../errors.js'
import { inTimeRange, ofMapping, present } from '../paging/conditions.js'
import { allOf } from '../paging/keyset.js'
import type { TimeRangeInput } from '../paging/time-range.input.js'
import { StatisticsInterval, type SynchStatisticsType } from './synch-statistics.type.js'

const HOUR = 3_600_000
const LENGTH: Readonly<Record<StatisticsInterval, number>> = { HOUR, DAY: 24 * HOUR }
const MOST_SPANS = 400
/** Spans that are told where no time is given. */
const USUAL: Readonly<Record<StatisticsInterval, number>> = { HOUR: 24, DAY: 30 }

export interface StatisticsFilter {
  readonly mapping: string | null
  readonly connection: string | null
  /** Left out: the last 24 hours, or the last thirty days. */
  readonly time: TimeRangeInput | null
  readonly interval: StatisticsInterval
}

/** By span and mapping, the oldest span first; spans without jobs are left out. Throws BAD_USER_INPUT, NOT_FOUND. */
export async function synchStatistics(
  { em }: ApiContext,
  { mapping, connection, time, interval }: StatisticsFilter,
): Promise<readonly SynchStatisticsType[]> {
  const to = time?.to ?? new Date()
  const from = time?.from ?? new Date(to.getTime() - USUAL[interval] * LENGTH[interval])
  if (to.getTime() - from.getTime() > MOST_SPANS * LENGTH[interval]) {
    throw badUserInput([
      {
        argument: 'time',
        message: `Expected at most ${MOST_SPANS} spans, got ${from.toISOString()} to ${to.toISOString()}.`,
      },
    ])
  }
  const of = await ofMapping(em, sql`m.id`, { mapping, connection })
  const within = allOf(present([...inTimeRange(sql`j.start`, { from, to })]))
  const span = sql`date_trunc(${interval === StatisticsInterval.hour ? 'hour' : 'day'}, j.start, 'UTC')`
  const rows = await run<Omit<SynchStatisticsType, 'from'> & { readonly from: string }>(
    em,
    sql`
      select told."from", m.id as "mappingId", told.jobs, told."failedJobs", told.written, told.unchanged, told."leftOut", told.apart, told.seconds,
        lag."longestLagSeconds"
      from integration_table_mapping m, lateral (
        select ${span} as "from", count(*)::integer as jobs, count(*) filter (where j.status = 'FAILED')::integer as "failedJobs",
          sum(j.inserted + j.modified + j.deleted)::integer as written,
          sum(j.unchanged)::integer as unchanged,
          sum(coalesce((select sum(value::integer) from jsonb_each_text(j.ignored)), 0))::integer as "leftOut",
          sum(j.skipped + j.failed + j.conflicts)::integer as apart,
          extract(epoch from sum(j.finish - j.start))::float8 as seconds
        from synch_job j where j.mapping_id = m.id and ${within} group by 1) as told
      left join lateral (
        select max(extract(epoch from r.finished_at - r.before))::float8 as "longestLagSeconds" from (
          select r.finished_at, lag(r.started_at) over (order by r.requested_at, r.id) as before
          from synch_run r
          where r.mapping_id = m.id and r.status = 'COMPLETED' and r.kind in ('SCHEDULED', 'MANUAL') and r.started_at is not null
            and r.requested_at >= told."from" - interval '1 day' and r.requested_at < told."from" + ${`1 ${interval}`}::interval) as r
        where r.finished_at >= told."from") as lag on true
      where ${allOf(present([of]))}
      order by told."from", m.position, m.id`,
  )
  return rows.map((row) => ({ ...row, from: new Date(row.from) }))
}
