import { Field, ID, InputType } from 'type-graphql'
import type { PassDirection } from '../../domain/mapping.js'
import type { RunStatus } from '../../domain/run.js'
import { graphqlEnum, PassDirectionEnum, RunStatusEnum } from '../enums.js'
import { TimeRangeInput } from '../paging/time-range.input.js'

@InputType('IntegrationSynchJobFilter', { description: 'All that is given must hold.' })
export class JobFilter {
  @Field(() => String, { nullable: true, description: 'Name of the mapping.' })
  mapping?: string | null

  @Field(() => String, { nullable: true, description: 'Name of the connection.' })
  connection?: string | null

  @Field(() => ID, { nullable: true })
  run?: string | null

  @Field(() => PassDirectionEnum, { nullable: true })
  direction?: PassDirection | null

  @Field(() => [RunStatusEnum], { nullable: true })
  status?: RunStatus[] | null

  @Field(() => TimeRangeInput, { nullable: true, description: 'When it began.' })
  time?: TimeRangeInput | null

  @Field(() => String, { nullable: true, description: 'Part of the message, without case.' })
  text?: string | null
}

export const JobOrder = { startDesc: 'START_DESC', startAsc: 'START_ASC' } as const
export type JobOrder = (typeof JobOrder)[keyof typeof JobOrder]

export const JobOrderEnum = graphqlEnum('IntegrationSynchJobOrder', JobOrder, 'Orders of jobs.', {
  START_DESC: 'Latest first.',
  START_ASC: 'Earliest first.',
})
