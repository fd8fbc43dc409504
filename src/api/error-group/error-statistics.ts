import type { ErrorClass } from '../../domain/failure.js'
import { run, sql } from '../../persistence/sql.js'
import type { ApiContext } from '../context.js'
import { badUserInput } from '../errors.js'
import { inTimeRange, oneOf, ofMapping, present } from '../paging/conditions.js'
import { allOf } from '../paging/keyset.js'
import type { TimeRangeInput } from '../paging/time-range.input.js'
import type { ErrorStatisticsType } from './error-statistics.type.js'

const DAY = 86_400_000
const MOST_DAYS = 400

export interface StatisticsFilter {
  readonly mapping: string | null
  readonly connection: string | null
  readonly errorClass: readonly ErrorClass[] | null
  /** Left out: the last thirty days. */
  readonly time: TimeRangeInput | null
}

/** By day, mapping and class, also of what was purged; the oldest day first. Throws BAD_USER_INPUT, NOT_FOUND. */
export async function errorStatistics(
  { em }: ApiContext,
  filter: StatisticsFilter,
): Promise<readonly ErrorStatisticsType[]> {
  const to = filter.time?.to ?? new Date()
  const from = filter.time?.from ?? new Date(to.getTime() - 30 * DAY)
  if (to.getTime() - from.getTime() > MOST_DAYS * DAY) {
    throw badUserInput([
      {
        argument: 'time',
        message: `Expected at most ${MOST_DAYS} days, got ${from.toISOString()} to ${to.toISOString()}.`,
      },
    ])
  }
  const conditions = present([
    await ofMapping(em, sql`s.mapping_id`, filter),
    oneOf(sql`s.error_class`, filter.errorClass),
    ...inTimeRange(sql`(s.day::timestamp at time zone 'UTC')`, { from, to }),
    // Also in terms of the column itself, for its index.
    sql`s.day >= (${from.toISOString()}::timestamptz at time zone 'UTC')::date`,
  ])
  return run<ErrorStatisticsType>(
    em,
    sql`select s.day::text as day, s.mapping_id as "mappingId", s.error_class as "errorClass", sum(s.occurrences)::integer as occurrences,
          sum(s.recorded)::integer as recorded, sum(s.resolved)::integer as resolved
        from error_statistics s where ${allOf(conditions)}
        group by s.day, s.mapping_id, s.error_class order by s.day, s.mapping_id, s.error_class`,
  )
}
