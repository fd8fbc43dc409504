import { createUnionType, Field, ID, ObjectType } from 'type-graphql'
import { graphqlEnum } from '../enums.js'
import { ConflictFieldType, ConflictStampsType, RecordVersionsType } from '../record/conflict.type.js'

@ObjectType('Applied', { description: 'The changes that were kept now stand on both sides.' })
export class AppliedType {
  @Field(() => ID, { description: 'Id of the skipped synch. record, as it was given.' })
  id!: string

  @Field(() => ID)
  couplingId!: string

  @Field(() => ID, { nullable: true, description: 'The run that did it.' })
  runId!: string | null

  @Field(() => Boolean, { description: 'False: both sides agreed already and nothing was written.' })
  written!: boolean

  constructor(values: AppliedType) {
    Object.assign(this, values)
  }
}

@ObjectType('ChangedSince', {
  description:
    'Nothing was written: a record is no longer as it was when it was looked at. The new state is shown; choose again.',
})
export class ChangedSinceType {
  @Field(() => ID, { description: 'Id of the skipped synch. record, as it was given.' })
  id!: string

  @Field(() => ID)
  couplingId!: string

  @Field(() => ID, { nullable: true, description: 'The run that looked.' })
  runId!: string | null

  @Field(() => String)
  message!: string

  @Field(() => RecordVersionsType, { description: 'The versions as they are now.' })
  versions!: RecordVersionsType

  @Field(() => ConflictStampsType, { nullable: true })
  stamps!: ConflictStampsType | null

  @Field(() => [ConflictFieldType])
  fields!: readonly ConflictFieldType[]

  constructor(values: ChangedSinceType) {
    Object.assign(this, values)
  }
}

export const ResolveFailure = {
  unknownRecord: 'UNKNOWN_RECORD',
  notSkipped: 'NOT_SKIPPED',
  notCoupled: 'NOT_COUPLED',
  stillRunning: 'STILL_RUNNING',
  notDone: 'NOT_DONE',
} as const
export type ResolveFailure = (typeof ResolveFailure)[keyof typeof ResolveFailure]

export const ResolveFailureEnum = graphqlEnum(
  'ResolveFailure',
  ResolveFailure,
  'Why the changes kept were not applied.',
  {
    UNKNOWN_RECORD: 'There is no skipped synch. record of that id.',
    NOT_SKIPPED: 'Its skip was lifted already.',
    NOT_COUPLED: 'It has no partner, so there is nothing to choose between.',
    STILL_RUNNING: 'The run has not ended within the time an answer waits.',
    NOT_DONE: 'A system refused it, or the run stopped before it.',
  },
)

@ObjectType('Failed', { description: 'The changes that were to be kept were not applied.' })
export class FailedType {
  @Field(() => ID, { description: 'Id of the skipped synch. record, as it was given.' })
  id!: string

  @Field(() => ResolveFailureEnum)
  reason!: ResolveFailure

  @Field(() => String, { description: 'What happened.' })
  message!: string

  @Field(() => String, { description: 'What to do about it.' })
  remedy!: string

  @Field(() => ID, { nullable: true, description: 'The run that tried. Null: none did.' })
  runId!: string | null

  constructor(values: FailedType) {
    Object.assign(this, values)
  }
}

export type ResolveResult = AppliedType | ChangedSinceType | FailedType

/** Fields of one name are of one type in all members, so that a client may ask for them side by side. */
export const ResolveSkippedSynchRecordResult = createUnionType({
  name: 'ResolveSkippedSynchRecordResult',
  description: 'What became of one skipped synch. record.',
  types: () => [AppliedType, ChangedSinceType, FailedType] as const,
})
