import { Field, Float, Int, ObjectType } from 'type-graphql'
import { Lane } from '../../domain/lane.js'
import { graphqlEnum } from '../enums.js'

export const LaneEnum = graphqlEnum(
  'Lane',
  Lane,
  'Why a call to a system is made: who goes first where its limits let not all through.',
  {
    PERSON: 'A person waits for it.',
    LIVE: 'Changes of the day.',
    RETRY: 'Records that failed before.',
    BACKFILL: 'Everything, for the first time or again.',
  },
)

@ObjectType('GovernorUse', { description: 'How far a limit is used up.' })
export class GovernorUseType {
  @Field(() => Float)
  used!: number

  @Field(() => Float, { nullable: true, description: 'Null: there is no such limit.' })
  limit!: number | null

  @Field(() => Float, {
    description:
      'The part of the limit that Accord makes use of: 1, and less for a while after the system has throttled.',
  })
  believed!: number
}

@ObjectType('GovernorLane', { description: 'Calls of one lane.' })
export class GovernorLaneType {
  @Field(() => LaneEnum)
  lane!: Lane

  @Field(() => Int)
  running!: number

  @Field(() => Int, { description: 'Calls that wait for their turn.' })
  waiting!: number
}

@ObjectType('GovernorGauge', {
  description:
    'What is used up of the limits that a system sets to one application or user, by all workers and mappings together.',
})
export class GovernorGaugeType {
  @Field(() => String, { description: 'Origin of the system’s address.' })
  endpoint!: string

  @Field(() => String, { description: 'The application’s client id, or the name of the user.' })
  principal!: string

  @Field(() => Int, { description: 'The sliding window over which calls are added up, in milliseconds.' })
  windowMilliseconds!: number

  @Field(() => GovernorUseType, { description: 'Requests in the window.' })
  requests!: GovernorUseType

  @Field(() => GovernorUseType, { description: 'Milliseconds of execution time in the window.' })
  executionMilliseconds!: GovernorUseType

  @Field(() => GovernorUseType, { description: 'Calls that run now.' })
  concurrency!: GovernorUseType

  @Field(() => [GovernorLaneType], { description: 'First who goes first.' })
  lanes!: readonly GovernorLaneType[]

  @Field(() => Date, {
    nullable: true,
    description: 'The system has throttled: no call begins before. Null: calls may begin.',
  })
  blockedUntil!: Date | null
}
