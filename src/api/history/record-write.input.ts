import { Field, ID, InputType } from 'type-graphql'
import type { Side } from '../../domain/value.js'
import { WriteKind } from '../../domain/write.js'
import { graphqlEnum, SideEnum } from '../enums.js'
import { TimeRangeInput } from '../paging/time-range.input.js'

export const WriteKindEnum = graphqlEnum('WriteKind', WriteKind, 'What a write did with a record.', {
  CREATE: 'Created it.',
  UPDATE: 'Changed fields of it.',
  DELETE: 'Deleted it.',
})

@InputType('RecordWriteFilter', { description: 'All that is given must hold.' })
export class RecordWriteFilter {
  @Field(() => String, { nullable: true, description: 'Name of the mapping.' })
  mapping?: string | null

  @Field(() => String, { nullable: true, description: 'Name of the connection.' })
  connection?: string | null

  @Field(() => ID, { nullable: true, description: 'The coupling that the pair had when it was written.' })
  coupling?: string | null

  @Field(() => ID, { nullable: true })
  run?: string | null

  @Field(() => SideEnum, { nullable: true, description: 'The side that was written.' })
  side?: Side | null

  @Field(() => ID, { nullable: true, description: 'Id of either record of the pair.' })
  recordId?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'A field that was written, by its name in that system.',
  })
  field?: string | null

  @Field(() => [WriteKindEnum], { nullable: true })
  kind?: WriteKind[] | null

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it overwrote a value that stood nowhere else: one that lost, or that the sides had never agreed on.',
  })
  lost?: boolean | null

  @Field(() => TimeRangeInput, { nullable: true })
  time?: TimeRangeInput | null

  @Field(() => String, {
    nullable: true,
    description: 'Part of a name or of an id of the two records, without case.',
  })
  text?: string | null
}

export const RecordWriteOrder = { timeDesc: 'TIME_DESC', timeAsc: 'TIME_ASC' } as const
export type RecordWriteOrder = (typeof RecordWriteOrder)[keyof typeof RecordWriteOrder]

export const RecordWriteOrderEnum = graphqlEnum('RecordWriteOrder', RecordWriteOrder, 'Orders of writes.', {
  TIME_DESC: 'Newest first.',
  TIME_ASC: 'Oldest first.',
})
