import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql'
import { FullSynchAction, FullSynchLineStatus, FullSynchStatus } from '../../domain/full-synch.js'
import { graphqlEnum } from '../enums.js'

export const FullSynchActionEnum = graphqlEnum(
  'FullSynchAction',
  FullSynchAction,
  'What a line of a full synchronisation does.',
  {
    FULL: 'Everything is compared; records without a partner are matched, else created.',
    UNCONDITIONAL:
      'The same, modification stamps ignored: every difference is written. One-way mappings only.',
    COUPLE: 'Match-based coupling only.',
    NONE: 'Nothing.',
  },
)

export const FullSynchStatusEnum = graphqlEnum(
  'FullSynchStatus',
  FullSynchStatus,
  'Where a full synchronisation stands.',
  {
    REVIEW: 'Its list can be looked at and changed; nothing has begun.',
    RUNNING: 'At work.',
    COMPLETED: 'All lines are through. Single records may have failed or been skipped.',
    FAILED: 'Some lines are not through; they say why.',
    CANCELLED: 'Stopped by a person. What was done stands.',
  },
)

export const FullSynchLineStatusEnum = graphqlEnum(
  'FullSynchLineStatus',
  FullSynchLineStatus,
  'Where a line of a full synchronisation stands.',
  {
    WAITING: 'Waits for the start, or for the lines it depends on.',
    RUNNING: 'At work.',
    FINISHED: 'Through.',
    FAILED: 'Its run stopped early; the message says why.',
    BLOCKED: 'A line it depends on is not through.',
    CANCELLED: 'Stopped by a person.',
    LEFT_OUT: 'Nothing was to be done.',
  },
)

@ObjectType('FullSynchReviewLine', {
  description: 'Full Synch. Review: one mapping of a full synchronisation.',
})
export class FullSynchLineType {
  @Field(() => Int, {
    description: 'Lines are started in dependency order, those that are free of each other together.',
  })
  position!: number

  @Field(() => [String], { description: 'Dependency Filter: mappings that must be through before.' })
  dependsOn!: readonly string[]

  @Field(() => Int, {
    nullable: true,
    description: 'Records of the local table in its filter. Null: could not be counted.',
  })
  localCount?: number | null

  @Field(() => Int, { nullable: true, description: 'The same of the integration table.' })
  integrationCount?: number | null

  @Field(() => Int, { description: 'Coupled pairs when the list was made.' })
  coupledCount!: number

  @Field(() => FullSynchActionEnum, { description: 'Initial Synch Recommendation.' })
  recommendation!: FullSynchAction

  @Field(() => FullSynchActionEnum)
  action!: FullSynchAction

  @Field(() => FullSynchLineStatusEnum)
  status!: FullSynchLineStatus

  @Field(() => String, { nullable: true, description: 'Why it could not be counted, or is not through.' })
  message?: string | null
}

/** Records of a line that its run has dealt with. */
@ObjectType('FullSynchProgress', { description: 'How far a line is.' })
export class FullSynchProgressType {
  @Field(() => Int, { description: 'Records its run has looked at.' })
  done!: number

  @Field(() => Int, {
    nullable: true,
    description: 'Records to look at, counted when the list was made. Null: unknown.',
  })
  total!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Records a second, of the run under way. Null: nothing to measure yet.',
  })
  rate!: number | null
}

@ObjectType('FullSynch', {
  description:
    'A full synchronisation of a connection: a review list first, then its runs in dependency order.',
})
export class FullSynchType {
  @Field(() => ID)
  id!: string

  @Field(() => FullSynchStatusEnum)
  status!: FullSynchStatus

  @Field(() => String)
  requestedBy!: string

  @Field(() => Date)
  requestedAt!: Date

  @Field(() => Date, { nullable: true })
  startedAt?: Date | null

  @Field(() => Date, { nullable: true })
  finishedAt?: Date | null

  @Field(() => Date, { nullable: true, description: 'Since when it waits between two pages.' })
  pausedAt?: Date | null

  @Field(() => String, { nullable: true })
  message?: string | null
}

@InputType('FullSynchLineInput', { description: 'What a line is to do.' })
export class FullSynchLineInput {
  @Field(() => String, { description: 'Name of the mapping.' })
  mapping!: string

  @Field(() => FullSynchActionEnum)
  action!: FullSynchAction
}
