import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { Direction } from '../../domain/mapping.js'
import { graphqlEnum } from '../enums.js'
import { ConflictFieldType, RecordVersionsType } from '../record/conflict.type.js'

export const SynchronizeDirectionEnum = graphqlEnum(
  'SynchronizeDirection',
  { to: Direction.toIntegrationTable, from: Direction.fromIntegrationTable, merge: 'MERGE' },
  'Which way chosen records are synchronized.',
  {
    TO_INTEGRATION_TABLE: 'Send data update to the integration table.',
    FROM_INTEGRATION_TABLE: 'Get data update from the integration table.',
    MERGE: "Merge data: each side's own changes. Where they clash nothing is written, and it is told.",
  },
)

export const SelectedOutcome = {
  applied: 'APPLIED',
  unchanged: 'UNCHANGED',
  running: 'RUNNING',
  skipped: 'SKIPPED',
  failed: 'FAILED',
} as const
export type SelectedOutcome = (typeof SelectedOutcome)[keyof typeof SelectedOutcome]

export const SelectedOutcomeEnum = graphqlEnum(
  'SelectedOutcome',
  SelectedOutcome,
  'What became of one of the records that were chosen.',
  {
    APPLIED: 'Written.',
    UNCHANGED: 'Both sides agreed already.',
    RUNNING: 'Not done within the time an answer waits; the run goes on.',
    SKIPPED:
      'Left alone: not coupled, a skipped synch. record, or a write would lose an edit of the other side.',
    FAILED: 'Not written; the message says why.',
  },
)

@InputType('SeenCoupling', { description: 'The versions (ETags) of a coupled pair that someone looked at.' })
export class SeenCouplingInput {
  @Field(() => ID)
  couplingId!: string

  @Field(() => String, { nullable: true })
  local?: string | null

  @Field(() => String, { nullable: true })
  integration?: string | null
}

@ObjectType('SynchronizedRecord')
export class SynchronizedRecordType {
  @Field(() => ID)
  couplingId!: string

  @Field(() => SelectedOutcomeEnum)
  outcome!: SelectedOutcome

  @Field(() => String, { nullable: true, description: 'Why it was skipped or failed.' })
  message!: string | null

  @Field(() => RecordVersionsType, {
    nullable: true,
    description: 'Where an edit would have been lost: the versions as they are now.',
  })
  versions!: RecordVersionsType | null

  @Field(() => [ConflictFieldType], { description: 'Where an edit would have been lost: all mapped fields.' })
  fields!: readonly ConflictFieldType[]
}

@ObjectType('SynchronizedRecords', { description: 'What became of a selection of records.' })
export class SynchronizedRecordsType {
  @Field(() => String, { description: "Business Central's sentence about the whole selection." })
  message!: string

  @Field(() => Int)
  total!: number

  @Field(() => Int, { description: 'Synchronized, or under way.' })
  scheduled!: number

  @Field(() => Int)
  failed!: number

  @Field(() => Int)
  skipped!: number

  @Field(() => [SynchronizedRecordType], { description: 'One per id, in the order of the ids.' })
  records!: readonly SynchronizedRecordType[]

  @Field(() => [ID], { description: 'The runs that did it, one per mapping.' })
  runIds!: readonly string[]
}
