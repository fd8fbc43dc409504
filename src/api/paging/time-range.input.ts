import { Field, InputType } from 'type-graphql'

@InputType('TimeRange', { description: 'A span of time. Either end may be left open.' })
export class TimeRangeInput {
  @Field(() => Date, { nullable: true, description: 'Inclusive.' })
  from?: Date | null

  @Field(() => Date, { nullable: true, description: 'Exclusive.' })
  to?: Date | null
}
