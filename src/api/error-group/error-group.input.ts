import { Field, ID, InputType, Int } from 'type-graphql'
import { ErrorGroupState } from '../../domain/error-group.js'
import type { ErrorClass, ResolvableBy } from '../../domain/failure.js'
import { ErrorClassEnum, graphqlEnum, ResolvableByEnum } from '../enums.js'
import { TimeRangeInput } from '../paging/time-range.input.js'

export const ErrorGroupStateEnum = graphqlEnum(
  'ErrorGroupState',
  ErrorGroupState,
  'Where a group of errors stands.',
  {
    OPEN: 'Somebody has to look at it.',
    ASSIGNED: 'Somebody looks after it.',
    SNOOZED: 'Out of sight until its time is over; it then stands as before by itself.',
    RESOLVED: 'None of its errors is open: by later success, or by hand. It reopens when it happens again.',
  },
)

@InputType('ErrorGroupFilter', { description: 'All that is given must hold.' })
export class ErrorGroupFilter {
  @Field(() => String, { nullable: true, description: 'Name of the mapping.' })
  mapping?: string | null

  @Field(() => String, { nullable: true, description: 'Name of the connection.' })
  connection?: string | null

  @Field(() => [ErrorGroupStateEnum], { nullable: true })
  state?: ErrorGroupState[] | null

  @Field(() => [ErrorClassEnum], { nullable: true })
  errorClass?: ErrorClass[] | null

  @Field(() => ResolvableByEnum, { nullable: true })
  resolvableBy?: ResolvableBy | null

  @Field(() => String, {
    nullable: true,
    description: 'Name of a table, of either side, in its system: customers, accounts.',
  })
  table?: string | null

  @Field(() => String, { nullable: true, description: 'A tag that it has.' })
  tag?: string | null

  @Field(() => String, { nullable: true, description: 'Who looks after it.' })
  assignee?: string | null

  @Field(() => TimeRangeInput, { nullable: true, description: 'When it was last met.' })
  time?: TimeRangeInput | null

  @Field(() => String, {
    nullable: true,
    description: 'Part of the message, the cause, the remedy, the field or the code, without case.',
  })
  text?: string | null
}

@InputType('ErrorGroupVersion', { description: 'A group as somebody looked at it.' })
export class ErrorGroupVersionInput {
  @Field(() => ID)
  id!: string

  @Field(() => Int, {
    nullable: true,
    description: 'The version that was looked at. Left out: whatever it is now.',
  })
  version?: number | null
}

export const ErrorGroupOrder = {
  openDesc: 'OPEN_DESC',
  occurrencesDesc: 'OCCURRENCES_DESC',
  lastSeenDesc: 'LAST_SEEN_DESC',
  lastSeenAsc: 'LAST_SEEN_ASC',
  firstSeenDesc: 'FIRST_SEEN_DESC',
  firstSeenAsc: 'FIRST_SEEN_ASC',
} as const
export type ErrorGroupOrder = (typeof ErrorGroupOrder)[keyof typeof ErrorGroupOrder]

export const ErrorGroupOrderEnum = graphqlEnum('ErrorGroupOrder', ErrorGroupOrder, 'Orders of groups.', {
  OPEN_DESC: 'Most open errors first.',
  OCCURRENCES_DESC: 'Most frequent first.',
  LAST_SEEN_DESC: 'Last met first.',
  LAST_SEEN_ASC: 'Last met last.',
  FIRST_SEEN_DESC: 'Newest first.',
  FIRST_SEEN_ASC: 'Oldest first.',
})
