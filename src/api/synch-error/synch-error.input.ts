import { Field, ID, InputType } from 'type-graphql'
import type { ErrorClass, ResolvableBy } from '../../domain/failure.js'
import type { PassDirection } from '../../domain/mapping.js'
import { ErrorClassEnum, graphqlEnum, PassDirectionEnum, ResolvableByEnum } from '../enums.js'
import { TimeRangeInput } from '../paging/time-range.input.js'

export const SynchErrorStatus = { open: 'OPEN', resolved: 'RESOLVED' } as const
export type SynchErrorStatus = (typeof SynchErrorStatus)[keyof typeof SynchErrorStatus]

export const SynchErrorStatusEnum = graphqlEnum(
  'IntegrationSynchErrorStatus',
  SynchErrorStatus,
  'Whether an error stands.',
  { OPEN: 'No later success has resolved it.', RESOLVED: 'A later success has; kept until purged.' },
)

@InputType('IntegrationSynchErrorFilter', { description: 'All that is given must hold.' })
export class SynchErrorFilter {
  @Field(() => String, { nullable: true, description: 'Name of the mapping.' })
  mapping?: string | null

  @Field(() => String, { nullable: true, description: 'Name of the connection.' })
  connection?: string | null

  @Field(() => ID, { nullable: true, description: 'The run that met it last.' })
  run?: string | null

  @Field(() => ID, { nullable: true, description: 'The job that met it last.' })
  job?: string | null

  @Field(() => ID, { nullable: true })
  coupling?: string | null

  @Field(() => ID, { nullable: true, description: 'The group of its root cause.' })
  group?: string | null

  @Field(() => String, { nullable: true, description: 'Who looks after it.' })
  assignee?: string | null

  @Field(() => [ErrorClassEnum], { nullable: true })
  errorClass?: ErrorClass[] | null

  @Field(() => ResolvableByEnum, { nullable: true })
  resolvableBy?: ResolvableBy | null

  @Field(() => PassDirectionEnum, { nullable: true })
  direction?: PassDirection | null

  @Field(() => SynchErrorStatusEnum, { nullable: true })
  status?: SynchErrorStatus | null

  @Field(() => TimeRangeInput, { nullable: true, description: 'When it was last met.' })
  time?: TimeRangeInput | null

  @Field(() => String, {
    nullable: true,
    description:
      'Words of the message or of a name of the two records, each by its beginning (of one letter: whole), without case; or the id of a record.',
  })
  text?: string | null
}

export const SynchErrorOrder = {
  timeDesc: 'TIME_DESC',
  timeAsc: 'TIME_ASC',
  firstSeenDesc: 'FIRST_SEEN_DESC',
  firstSeenAsc: 'FIRST_SEEN_ASC',
  occurrencesDesc: 'OCCURRENCES_DESC',
} as const
export type SynchErrorOrder = (typeof SynchErrorOrder)[keyof typeof SynchErrorOrder]

export const SynchErrorOrderEnum = graphqlEnum(
  'IntegrationSynchErrorOrder',
  SynchErrorOrder,
  'Orders of errors.',
  {
    TIME_DESC: 'Last met first.',
    TIME_ASC: 'Last met last.',
    FIRST_SEEN_DESC: 'Newest first.',
    FIRST_SEEN_ASC: 'Oldest first.',
    OCCURRENCES_DESC: 'Most frequent first.',
  },
)
