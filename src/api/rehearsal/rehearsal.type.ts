import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { ErrorClass } from '../../domain/failure.js'
import { DecisionDifferenceKind } from '../../domain/rehearse-decision.js'
import { FieldDifferenceKind } from '../../domain/rehearsal.js'
import type { RunStatus } from '../../domain/run.js'
import type { Side } from '../../domain/value.js'
import { ErrorClassEnum, graphqlEnum, RunStatusEnum, SideEnum } from '../enums.js'

export const FieldDifferenceKindEnum = graphqlEnum(
  'FieldDifferenceKind',
  FieldDifferenceKind,
  'In what the outcome of a field differs between the mapping in force and the changed one.',
  {
    VALUE: 'Another value would be written.',
    NEWLY_FAILING: 'It would fail now.',
    NO_LONGER_FAILING: 'It would fail no more.',
    NEWLY_CARRIED: 'It would be carried now.',
    NO_LONGER_CARRIED: 'It would be carried no more.',
  },
)

export const DecisionDifferenceKindEnum = graphqlEnum(
  'DecisionDifferenceKind',
  DecisionDifferenceKind,
  'In what the decision about a pair differs between the mapping in force and the changed one.',
  {
    NEW_CONFLICT: 'It would be a conflict now.',
    NO_LONGER_CONFLICT: 'It would be a conflict no more.',
    NEWLY_FAILING: 'It would fail now.',
    NO_LONGER_FAILING: 'It would fail no more.',
    WRITTEN_OTHERWISE: 'Other fields or other sides would be written: merged otherwise.',
    NO_LONGER_WRITTEN: 'Nothing would be written now.',
    NEWLY_WRITTEN: 'Something would be written now.',
  },
)

@ObjectType('RehearsedFailure', { description: 'Why it fails, by whichever of the two mappings it does.' })
export class RehearsedFailureType {
  @Field(() => ErrorClassEnum)
  errorClass!: ErrorClass

  @Field(() => String)
  message!: string

  @Field(() => String)
  cause!: string

  @Field(() => String)
  remedy!: string
}

@ObjectType({ description: 'The recorded change that an example is of.' })
class RehearsedRecordType {
  @Field(() => ID)
  writeId!: string

  @Field(() => ID, { nullable: true, description: 'Id of the local record.' })
  localId!: string | null

  @Field(() => ID, { nullable: true })
  integrationId!: string | null

  @Field(() => String, { nullable: true })
  localName!: string | null

  @Field(() => String, { nullable: true })
  integrationName!: string | null
}

@ObjectType('RehearsedField', { description: 'One field of one recorded change.' })
export class RehearsedFieldType extends RehearsedRecordType {
  @Field(() => String, {
    nullable: true,
    description: 'By the mapping in force. Null is blank, or not carried.',
  })
  before!: string | null

  @Field(() => String, { nullable: true, description: 'By the changed one. Null is blank, or not carried.' })
  after!: string | null

  @Field(() => RehearsedFailureType, { nullable: true })
  failure!: RehearsedFailureType | null

  @Field(() => Boolean, {
    description: 'A value of the source was not recorded then, so it was read from the system now.',
  })
  readNow!: boolean
}

@ObjectType('RehearsedFieldDifference', {
  description: 'A field, and how many changes of it differ in one way.',
})
export class RehearsedFieldDifferenceType {
  @Field(() => SideEnum, { description: 'The side that is written.' })
  side!: Side

  @Field(() => String, { description: 'By its name in that system.' })
  field!: string

  @Field(() => String)
  caption!: string

  @Field(() => FieldDifferenceKindEnum)
  kind!: FieldDifferenceKind

  @Field(() => Int)
  count!: number

  @Field(() => [RehearsedFieldType], { description: 'At most 50.' })
  examples!: RehearsedFieldType[]
}

@ObjectType('RehearsedDecision', { description: 'One pair that would be decided otherwise.' })
export class RehearsedDecisionType extends RehearsedRecordType {
  @Field(() => [String], {
    description: 'What the mapping in force would have written: SIDE:field.',
  })
  before!: readonly string[]

  @Field(() => [String], { description: 'What the changed one would have written.' })
  after!: readonly string[]

  @Field(() => RehearsedFailureType, { nullable: true, description: 'The conflict or failure.' })
  failure!: RehearsedFailureType | null
}

@ObjectType('RehearsedDecisionDifference', {
  description: 'How many pairs would be decided otherwise in one way.',
})
export class RehearsedDecisionDifferenceType {
  @Field(() => DecisionDifferenceKindEnum)
  kind!: DecisionDifferenceKind

  @Field(() => Int)
  count!: number

  @Field(() => [RehearsedDecisionType], { description: 'At most 50.' })
  examples!: RehearsedDecisionType[]
}

@ObjectType('NotRehearsed', { description: 'What the rehearsal could not tell, and why.' })
export class NotRehearsedType {
  @Field(() => String)
  reason!: string

  @Field(() => Int)
  count!: number
}

@ObjectType('RehearsalReport', { description: 'In what the changed mapping would have done otherwise.' })
export class RehearsalReportType {
  @Field(() => Int, { description: 'Recorded changes that were rehearsed.' })
  changes!: number

  @Field(() => Int, { description: 'Of them those of which any field differs.' })
  differing!: number

  @Field(() => Date, { nullable: true, description: 'When the oldest of them was written.' })
  from!: Date | null

  @Field(() => Date, { nullable: true, description: 'When the newest of them was written.' })
  to!: Date | null

  @Field(() => Int, { description: 'Changes whose source lies inside the changed filter alone.' })
  entersFilter!: number

  @Field(() => Int, { description: 'Changes whose source lies inside the filter in force alone.' })
  leavesFilter!: number

  @Field(() => [RehearsedFieldDifferenceType], { description: 'The most frequent first.' })
  fields!: RehearsedFieldDifferenceType[]

  @Field(() => Int, { description: 'Pairs that were decided again, on the state that they had then.' })
  decided!: number

  @Field(() => [RehearsedDecisionDifferenceType])
  decisions!: RehearsedDecisionDifferenceType[]

  @Field(() => [NotRehearsedType])
  notRehearsed!: NotRehearsedType[]
}

@ObjectType('Rehearsal', {
  description:
    'The latest recorded changes of a mapping, run through a changed one beside the one in force. Nothing is written.',
})
export class RehearsalType {
  @Field(() => ID)
  id!: string

  @Field(() => RunStatusEnum, { description: 'COMPLETED: the report is there.' })
  status!: RunStatus

  @Field(() => Int, { description: 'The version in force that the changed mapping is compared with.' })
  mappingVersion!: number

  @Field(() => Int, { description: 'So many changes were asked for.' })
  last!: number

  @Field(() => String)
  requestedBy!: string

  @Field(() => Date)
  requestedAt!: Date

  @Field(() => Date, { nullable: true })
  finishedAt?: Date | null

  @Field(() => String, { nullable: true, description: 'Why there is no report.' })
  message?: string | null
}
