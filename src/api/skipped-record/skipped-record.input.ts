import { Field, ID, InputType } from 'type-graphql'
import type { ErrorClass } from '../../domain/failure.js'
import { ErrorClassEnum, graphqlEnum } from '../enums.js'
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

export const SkippedRecordOrder = { timeDesc: 'TIME_DESC', timeAsc: 'TIME_ASC' } as const
export type SkippedRecordOrder = (typeof SkippedRecordOrder)[keyof typeof SkippedRecordOrder]

export const SkippedRecordOrderEnum = graphqlEnum(
  'SkippedSynchRecordOrder',
  SkippedRecordOrder,
  'Orders of skipped synch. records.',
  { TIME_DESC: 'Last skipped first.', TIME_ASC: 'First skipped first.' },
)
