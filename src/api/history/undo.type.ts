import { Field, ObjectType } from 'type-graphql'
import { UndoneFieldOutcome, UndoOutcome } from '../../domain/undo.js'
import { graphqlEnum } from '../enums.js'
import { connectionType } from '../paging/connection.type.js'

export const UndoOutcomeEnum = graphqlEnum('UndoOutcome', UndoOutcome, 'What became of undoing a write.', {
  UNDONE: 'The record is as it was before the write.',
  CHANGED_SINCE:
    'Someone has changed some of it since: that stays as it is, and `fields` tells it with both values. The rest is set back. Ask again with `overwrite: true` to set back everything.',
  GONE: 'The record does not exist any more.',
  NOT_POSSIBLE: 'Nothing was written; `message` says why.',
})

export const UndoneFieldOutcomeEnum = graphqlEnum(
  'UndoneFieldOutcome',
  UndoneFieldOutcome,
  'What became of one field.',
  {
    SET_BACK: 'It holds the value from before the write again.',
    AS_BEFORE: 'It held the value from before already.',
    CHANGED_SINCE: 'It holds neither the value of the write nor the one from before: it was left alone.',
    NOT_WRITABLE: 'The system does not let it be changed, or does not have it any more.',
  },
)

@ObjectType('UndoneField', { description: 'One field of a write that was undone.' })
export class UndoneFieldType {
  @Field(() => String, { description: 'By its name in that system.' })
  field!: string

  @Field(() => String)
  caption!: string

  @Field(() => String, { nullable: true, description: 'What stood there before the write.' })
  before!: string | null

  @Field(() => String, { nullable: true, description: 'What the write had put there.' })
  after!: string | null

  @Field(() => String, { nullable: true, description: 'What was found there.' })
  current!: string | null

  @Field(() => UndoneFieldOutcomeEnum)
  outcome!: UndoneFieldOutcome
}

@ObjectType('UndoneWrite', { description: 'What became of a write that was to be undone.' })
export class UndoneWriteType {
  @Field(() => UndoOutcomeEnum, {
    nullable: true,
    description: 'Null: the run has not come to it yet, or ended before.',
  })
  outcome?: UndoOutcome | null

  @Field(() => String, { nullable: true, description: 'What happened, and what to do about it.' })
  message?: string | null
}

export const UndoneWriteConnection = connectionType('UndoneWrite', UndoneWriteType)
