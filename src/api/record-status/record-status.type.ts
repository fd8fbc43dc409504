import { Field, ID, ObjectType } from 'type-graphql'
import { StatusReason } from '../../domain/record-status.js'
import { ActionType } from '../action/action.type.js'
import { ConnectionType } from '../connection/connection.type.js'
import { CouplingType } from '../coupling/coupling.type.js'
import { graphqlEnum } from '../enums.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import { RecordReferenceType } from '../record/record-reference.type.js'
import { SkippedSynchRecordType } from '../skipped-record/skipped-record.type.js'
import { SynchErrorType } from '../synch-error/synch-error.type.js'

export const StatusReasonEnum = graphqlEnum(
  'RecordStatusReason',
  StatusReason,
  'Why a record is, or is not, in sync: always exactly one. Where several hold, the one that stands here first is told.',
  {
    UNKNOWN_RECORD: 'It is not there, may not be read, or nothing is known of it.',
    CONNECTION_STOPPED: 'Its connection is disabled or paused.',
    CONFLICT: 'Both records were changed, and a person has to choose.',
    SKIPPED: 'Runs leave it alone until a person lifts that.',
    DELETION_REVIEW: 'One of many deletions at once, which wait until they are allowed or rejected.',
    FILTERED: 'It lies outside the filter of its mapping.',
    NOT_COUPLED: 'It has no partner, and runs make none.',
    WAITS_FOR: 'It refers to a record that is not coupled yet.',
    MAPPING_PAUSED: 'Its mapping is paused.',
    MAPPING_STOPPED: 'A failure of a system or of the set-up stops the runs of its mapping.',
    BACK_OFF: 'Its last attempt failed; a later run tries it again.',
    PENDING_NEXT_RUN: 'The next run looks at it.',
    IN_SYNC: 'It agrees with its partner.',
  },
)

@ObjectType('RecordStatus', { description: 'Why a record is, or is not, in sync, and what to do about it.' })
export class RecordStatusType {
  @Field(() => StatusReasonEnum)
  reason!: StatusReason

  @Field(() => String, { description: 'The reason in one sentence.' })
  message!: string

  @Field(() => [String], { description: 'What the reason rests on, each a sentence.' })
  evidence!: readonly string[]

  @Field(() => RecordReferenceType)
  record!: RecordReferenceType

  @Field(() => RecordReferenceType, { nullable: true, description: 'Null: it has none.' })
  partner!: RecordReferenceType | null

  @Field(() => ConnectionType)
  connection!: ConnectionType

  @Field(() => IntegrationTableMappingType, {
    description: 'The mapping that the reason is of: the one that coupled it, else the nearest to do so.',
  })
  mapping!: IntegrationTableMappingType

  @Field(() => CouplingType, { nullable: true })
  coupling!: CouplingType | null

  @Field(() => SkippedSynchRecordType, { nullable: true, description: 'Of CONFLICT and SKIPPED.' })
  skippedSynchRecord!: SkippedSynchRecordType | null

  @Field(() => SynchErrorType, { nullable: true, description: 'The error that brought it about.' })
  error!: SynchErrorType | null

  @Field(() => RecordReferenceType, { nullable: true, description: 'Of WAITS_FOR: the record it waits for.' })
  waitsFor!: RecordReferenceType | null

  @Field(() => String, {
    nullable: true,
    description: 'Of FILTERED: the clause that keeps it out, in words.',
  })
  clause!: string | null

  @Field(() => Date, { nullable: true, description: 'Since when it is so; null: not known.' })
  since!: Date | null

  @Field(() => Date, {
    nullable: true,
    description: 'Of BACK_OFF and PENDING_NEXT_RUN: when a run comes to it by the schedule.',
  })
  until!: Date | null

  @Field(() => Date, { nullable: true, description: 'As of when both agreed; null: they never did.' })
  inSyncAsOf!: Date | null

  @Field(() => Boolean, { description: 'Whether the systems were looked at for this answer.' })
  fresh!: boolean

  @Field(() => ActionType, {
    nullable: true,
    description: 'What to call next; null: nothing, or it is done in the system itself.',
  })
  nextStep!: ActionType | null

  @Field(() => ID, { nullable: true, description: 'Of DELETION_REVIEW.' })
  deletionReviewId!: string | null
}
