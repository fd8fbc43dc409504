import { Field, ID, ObjectType } from 'type-graphql'
import { Advice, AdviceReason, FieldReason } from '../../domain/recommendation.js'
import { Side } from '../../domain/value.js'
import { ActionType } from '../action/action.type.js'
import { graphqlEnum, SideEnum } from '../enums.js'
import { RecordWriteType } from '../history/record-write.type.js'
import { ConflictStampsType, NamedFieldType, RecordVersionsType } from '../record/conflict.type.js'
import { RecordReferenceType } from '../record/record-reference.type.js'

export const ChangedBy = {
  local: Side.local,
  integration: Side.integration,
  both: 'BOTH',
  nobody: 'NOBODY',
} as const
export type ChangedBy = (typeof ChangedBy)[keyof typeof ChangedBy]

export const ChangedByEnum = graphqlEnum(
  'ChangedBy',
  ChangedBy,
  'Which side changed a field since both agreed.',
  {
    LOCAL: 'Business Central alone.',
    INTEGRATION: 'The system of the integration table alone.',
    BOTH: 'Both.',
    NOBODY: 'Neither; or there is no agreed past.',
  },
)

export const AdviceEnum = graphqlEnum('Advice', Advice, 'What is recommended for a skipped synch. record.', {
  KEEP_LOCAL: "Keep Business Central's changes.",
  KEEP_INTEGRATION: "Keep the integration table's changes.",
  MERGE: 'Merge: each side keeps what it alone changed.',
  PER_FIELD: 'Keep field by field, as recommended for each.',
  CHOOSE: 'Nothing tells which value is right: a person has to choose.',
  RESTORE_RECORDS: 'Restore the deleted record from the one that is left.',
  DELETE_COUPLING: 'Delete the coupling.',
  FIX_AND_RETRY: 'Put right what the error names, where it names it, then retry.',
  RETRY: 'Retry.',
})

export const AdviceReasonEnum = graphqlEnum('AdviceReason', AdviceReason, 'Why it is recommended.', {
  ONLY_ONE_SIDE_CHANGED: 'Only one of the two sides has news.',
  EACH_ITS_OWN_FIELDS: 'Each side changed fields of its own.',
  ONE_SIDE_DECIDES:
    'For every field that both changed the same side is recommended, by its owner or as the newer one.',
  SIDES_DIFFER_BY_FIELD: 'For some fields one side is recommended, for others the other one.',
  NOTHING_TELLS:
    'Both changed the same field to different values, it has no owner, and the stamps do not differ.',
  DESTINATION_DELETED: 'The record that was deleted may be made anew from the one that is left.',
  SOURCE_DELETED: 'The record was deleted at the source of a one-way mapping, into which nothing is written.',
  PERMANENT_FAILURE: 'The failure stays until somebody changes something.',
  MAY_HAVE_HEALED: 'The cause may have gone meanwhile.',
})

export const FieldReasonEnum = graphqlEnum(
  'FieldReason',
  FieldReason,
  'Why a value of a field is recommended.',
  {
    AGREES: 'Both sides agree on it.',
    ONE_WAY: 'It is carried one way: only its source counts.',
    ONLY_ONE_CHANGED: 'Only that side changed it.',
    OTHER_IS_BLANK: 'The other side is blank.',
    OWNER: 'That side owns the field.',
    NEWER: 'That record was changed later.',
    UNDECIDED: 'Nothing tells.',
    NOBODY_CHANGED: 'Nobody changed it since both agreed: a run leaves it as it is.',
  },
)

@ObjectType('ComparedField', {
  description: 'One mapped field, side by side, with what is recommended for it.',
})
export class ComparedFieldType extends NamedFieldType {
  @Field(() => ChangedByEnum)
  changedBy!: ChangedBy

  @Field(() => SideEnum, {
    nullable: true,
    description: 'The side whose changes count where both changed it.',
  })
  owner!: Side | null

  @Field(() => SideEnum, { nullable: true, description: 'The side whose value is recommended; null: none.' })
  recommended!: Side | null

  @Field(() => FieldReasonEnum)
  reason!: FieldReason
}

@ObjectType('ComparedRecord', { description: 'One of the two records of a comparison.' })
export class ComparedRecordType {
  @Field(() => RecordReferenceType)
  record!: RecordReferenceType

  @Field(() => Boolean, { nullable: true, description: 'Null: nobody has looked.' })
  found!: boolean | null

  @Field(() => Date, { nullable: true, description: 'When it was changed last, by its own system.' })
  modifiedAt!: Date | null

  @Field(() => String, {
    nullable: true,
    description: 'Who changed it last: as its system tells, or for whom Accord did. Null: not known.',
  })
  modifiedBy!: string | null

  @Field(() => Boolean, { description: 'Its present version is one that Accord wrote.' })
  writtenByAccord!: boolean

  @Field(() => [String], { description: 'Captions of the fields that were changed in it since both agreed.' })
  changedFields!: readonly string[]

  @Field(() => RecordWriteType, { nullable: true, description: 'What Accord wrote to it last.' })
  lastWrite!: RecordWriteType | null
}

@ObjectType('Recommendation', { description: 'What to do with a skipped synch. record, and why.' })
export class RecommendationType {
  @Field(() => AdviceEnum)
  advice!: Advice

  @Field(() => AdviceReasonEnum)
  reason!: AdviceReason

  @Field(() => ActionType, {
    nullable: true,
    description:
      'The call that does it, bound to the versions of this comparison. Null: a person has to choose first.',
  })
  action!: ActionType | null
}

@ObjectType('Comparison', {
  description: 'A skipped synch. record with both records side by side, and what is recommended.',
})
export class ComparisonType {
  @Field(() => ID, { description: 'Id of the skipped synch. record.' })
  id!: string

  @Field(() => Date, { description: 'As of when: just now, or when it was skipped.' })
  asOf!: Date

  @Field(() => Boolean, { description: 'Whether the systems were looked at for this answer.' })
  fresh!: boolean

  @Field(() => Boolean, { description: 'There is no agreed past: the records met for the first time.' })
  firstContact!: boolean

  @Field(() => ComparedRecordType, { nullable: true, description: 'Null: there is no such record.' })
  local!: ComparedRecordType | null

  @Field(() => ComparedRecordType, { nullable: true, description: 'Null: there is no such record.' })
  integration!: ComparedRecordType | null

  @Field(() => RecordVersionsType, {
    description: 'Hand them back as `seenVersions` to bind a choice to them.',
  })
  versions!: RecordVersionsType

  @Field(() => ConflictStampsType, { nullable: true })
  stamps!: ConflictStampsType | null

  @Field(() => [ComparedFieldType], {
    description: 'Every mapped field. Empty where no values are stored: ask with fresh: true.',
  })
  fields!: readonly ComparedFieldType[]

  @Field(() => RecommendationType)
  recommendation!: RecommendationType
}
