import { Field, ID, InputType } from 'type-graphql'
import type { ErrorClass } from '../../domain/failure.js'
import type { Side, Value } from '../../domain/value.js'
import { ErrorClassEnum, graphqlEnum, SideEnum } from '../enums.js'
import { GraphQLFieldValue } from '../field-value.js'
import { TimeRangeInput } from '../paging/time-range.input.js'

@InputType('SkippedSynchRecordFilter', { description: 'All that is given must hold.' })
export class SkippedRecordFilter {
  @Field(() => String, { nullable: true, description: 'Name of the mapping.' })
  mapping?: string | null

  @Field(() => String, { nullable: true, description: 'Name of the connection.' })
  connection?: string | null

  @Field(() => ID, { nullable: true, description: 'The run that met its error last.' })
  run?: string | null

  @Field(() => ID, { nullable: true })
  coupling?: string | null

  @Field(() => [ErrorClassEnum], { nullable: true })
  errorClass?: ErrorClass[] | null

  @Field(() => String, {
    nullable: true,
    description: 'The fingerprint of its error: all that have the same cause.',
  })
  fingerprint?: string | null

  @Field(() => [String], {
    nullable: true,
    description: 'Conflicts over exactly these fields, by the names of their field mappings.',
  })
  fieldsInConflict?: string[] | null

  @Field(() => ID, {
    nullable: true,
    description:
      'All that are alike this skipped synch. record, itself among them: of the same mapping, class and cause (fingerprint), and over the same fields. NOT_FOUND if it is not skipped (any more).',
  })
  alikeTo?: string | null

  @Field(() => TimeRangeInput, { nullable: true, description: 'When it was skipped.' })
  time?: TimeRangeInput | null

  @Field(() => String, {
    nullable: true,
    description: "Part of the error's message, or of a name or an id of the two records, without case.",
  })
  text?: string | null
}

@InputType('SeenSkippedSynchRecord', {
  description: 'The versions (ETags) of a skipped synch. record that someone looked at.',
})
export class SeenSkippedRecordInput {
  @Field(() => ID, { description: 'Id of the skipped synch. record.' })
  id!: string

  @Field(() => String, { nullable: true })
  local?: string | null

  @Field(() => String, { nullable: true })
  integration?: string | null
}

@InputType('FieldChoice', {
  description:
    'Which value of one field is kept: that of a side, or one of your own. Exactly one of the two.',
})
export class FieldChoiceInput {
  @Field(() => String, { description: 'Name of the field mapping: local field, colon, integration field.' })
  name!: string

  @Field(() => SideEnum, { nullable: true })
  keep?: Side | null

  @Field(() => GraphQLFieldValue, {
    nullable: true,
    description: 'A value of your own, told as the local field would hold it; null: blank.',
  })
  value?: Value
}

@InputType('SkippedSynchRecordChoice', {
  description:
    'What is kept of one record: `keep`, `merge` or `fields`. A field that is not named keeps what one side alone changed.',
})
export class SkippedRecordChoiceInput {
  @Field(() => ID, { description: 'Id of the skipped synch. record.' })
  id!: string

  @Field(() => SideEnum, { nullable: true })
  keep?: Side | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'In place of keep: each side keeps what it alone changed.',
  })
  merge?: boolean | null

  @Field(() => [FieldChoiceInput], { nullable: true })
  fields?: FieldChoiceInput[] | null
}

export const SkippedRecordOrder = { timeDesc: 'TIME_DESC', timeAsc: 'TIME_ASC' } as const
export type SkippedRecordOrder = (typeof SkippedRecordOrder)[keyof typeof SkippedRecordOrder]

export const SkippedRecordOrderEnum = graphqlEnum(
  'SkippedSynchRecordOrder',
  SkippedRecordOrder,
  'Orders of skipped synch. records.',
  { TIME_DESC: 'Last skipped first.', TIME_ASC: 'First skipped first.' },
)
