import { Field, Float, Int, ObjectType } from 'type-graphql'
import { graphqlEnum } from '../enums.js'

/** How long a span of statistics is. */
export const StatisticsInterval = { hour: 'HOUR', day: 'DAY' } as const
export type StatisticsInterval = (typeof StatisticsInterval)[keyof typeof StatisticsInterval]

export const StatisticsIntervalEnum = graphqlEnum(
  'StatisticsInterval',
  StatisticsInterval,
  'How long a span of statistics is; spans begin at full hours and at midnight, UTC.',
  { HOUR: 'From one full hour to the next.', DAY: 'From one midnight to the next.' },
)

@ObjectType('SynchStatistics', {
  description: 'What the jobs of a mapping that began within a span of time did.',
})
export class SynchStatisticsType {
  mappingId!: string

  @Field(() => Date, { description: 'When the span begins.' })
  from!: Date

  @Field(() => Int, { description: 'Integration synch. jobs that began.' })
  jobs!: number

  @Field(() => Int, { description: 'Those of them that failed.' })
  failedJobs!: number

  @Field(() => Int, { description: 'Records that were written or deleted on the other side.' })
  written!: number

  @Field(() => Int, { description: 'Records that were compared and were equal.' })
  unchanged!: number

  @Field(() => Int, {
    description: 'Records that were left alone: outside the filter, known already, not coupled, an echo.',
  })
  leftOut!: number

  @Field(() => Int, {
    description: 'Times that a record was skipped, failed or met a conflict; both passes of a run count.',
  })
  apart!: number

  @Field(() => Float, {
    nullable: true,
    description: 'Seconds that the jobs took together. Null: none has ended.',
  })
  seconds!: number | null

  @Field(() => Float, {
    nullable: true,
    description:
      'Lag: the longest that a change made in time may have waited, in seconds from the start of one completed run to the end of the next. Null: none completed, or none before.',
  })
  longestLagSeconds!: number | null
}
