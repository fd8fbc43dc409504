import { Field, ID, Int, ObjectType } from 'type-graphql'
import { RecordResultOutcome } from '../../domain/run.js'
import type { Side } from '../../domain/value.js'
import { TimelineKind } from '../../persistence/queries/timeline.js'
import { ActionType } from '../action/action.type.js'
import { graphqlEnum, RecordResultOutcomeEnum, SideEnum } from '../enums.js'
import { RecordWriteType } from '../history/record-write.type.js'
import { connectionType } from '../paging/connection.type.js'
import { ConflictDetailType, RecordVersionsType } from '../record/conflict.type.js'
import { SynchErrorType } from '../synch-error/synch-error.type.js'
import { RunType } from '../synch-run/synch-run.type.js'

export const TimelineKindEnum = graphqlEnum(
  'TimelineKind',
  TimelineKind,
  'What an entry of a time line tells of.',
  {
    COUPLED: 'The two records were coupled.',
    WRITTEN: 'Accord wrote to one of the two records.',
    DECIDED: 'A person or program chose what to do with it.',
    FAILED: 'A failure was met for the first time.',
    RESOLVED: 'It was resolved.',
    SKIPPED: 'From here on runs left it alone.',
    SKIP_ENDED: 'From here on runs looked at it again, or it was settled.',
  },
)

@ObjectType('DecidedOnField', {
  description: 'One mapped field as it was when a write was decided. Null is blank.',
})
export class DecidedOnFieldType {
  @Field(() => String)
  name!: string

  @Field(() => String, {
    nullable: true,
    description: 'What both last agreed on, as Business Central held it.',
  })
  base!: string | null

  @Field(() => String, { nullable: true })
  local!: string | null

  @Field(() => String, { nullable: true })
  integration!: string | null
}

@ObjectType('DecidedOn', { description: 'What a write was decided on.' })
export class DecidedOnType {
  @Field(() => Int, { description: 'The version of the mapping that decided.' })
  mappingVersion!: number

  @Field(() => RecordVersionsType)
  versions!: RecordVersionsType

  @Field(() => Boolean, { description: 'There was no agreed past yet.' })
  firstContact!: boolean

  @Field(() => [DecidedOnFieldType])
  fields!: readonly DecidedOnFieldType[]
}

@ObjectType('TimelineEntry', { description: 'One thing that happened to a record.' })
export class TimelineEntryType {
  @Field(() => ID)
  id!: string

  @Field(() => Date)
  at!: Date

  @Field(() => TimelineKindEnum)
  kind!: TimelineKind

  @Field(() => String, { description: 'What happened, one sentence.' })
  text!: string

  @Field(() => String, {
    nullable: true,
    description: 'Who, where it was somebody: of a schedule, `schedule`.',
  })
  by!: string | null

  @Field(() => SideEnum, {
    nullable: true,
    description: 'The side that was written, or that was the source of a failure.',
  })
  side!: Side | null

  @Field(() => RunType, { nullable: true })
  run!: RunType | null

  @Field(() => RecordWriteType, {
    nullable: true,
    description: 'Of WRITTEN: fields, values before and after, versions.',
  })
  write!: RecordWriteType | null

  @Field(() => DecidedOnType, {
    nullable: true,
    description: 'Of WRITTEN by a run: what that was decided on.',
  })
  decidedOn!: DecidedOnType | null

  @Field(() => RecordResultOutcomeEnum, { nullable: true, description: 'Of DECIDED: what came of it.' })
  outcome!: RecordResultOutcome | null

  @Field(() => ConflictDetailType, {
    nullable: true,
    description: 'Of DECIDED that was not carried out: the state that stood in its way.',
  })
  state!: ConflictDetailType | null

  @Field(() => SynchErrorType, { nullable: true, description: 'Null also where it was purged.' })
  error!: SynchErrorType | null

  @Field(() => ActionType, {
    nullable: true,
    description: 'Of WRITTEN: the call that undoes it; null: it was undone.',
  })
  undo!: ActionType | null
}

export const TimelineConnection = connectionType('Timeline', TimelineEntryType)
