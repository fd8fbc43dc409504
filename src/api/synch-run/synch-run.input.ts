import { Field, InputType } from 'type-graphql'
import type { RunKind, RunStatus } from '../../domain/run.js'
import { RunKindEnum, RunStatusEnum } from '../enums.js'
import { TimeRangeInput } from '../paging/time-range.input.js'

@InputType('SynchRunFilter', { description: 'All that is given must hold.' })
export class RunFilter {
  @Field(() => String, { nullable: true, description: 'Name of the mapping.' })
  mapping?: string | null

  @Field(() => String, { nullable: true, description: 'Name of the connection.' })
  connection?: string | null

  @Field(() => [RunStatusEnum], { nullable: true })
  status?: RunStatus[] | null

  @Field(() => [RunKindEnum], { nullable: true })
  kind?: RunKind[] | null

  @Field(() => TimeRangeInput, { nullable: true, description: 'When it was asked for.' })
  time?: TimeRangeInput | null
}

@InputType('SeenVersions', {
  description: 'The versions (ETags) that someone looked at; nothing is written if they no longer stand.',
})
export class SeenVersionsInput {
  @Field(() => String, { nullable: true })
  local?: string | null

  @Field(() => String, { nullable: true })
  integration?: string | null
}
