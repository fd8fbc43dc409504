import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { IgnoredReason } from '../../domain/decision.js'
import type { PassDirection } from '../../domain/mapping.js'
import type { RunStatus } from '../../domain/run.js'
import { IgnoredReasonEnum, PassDirectionEnum, RunStatusEnum } from '../enums.js'
import { connectionType } from '../paging/connection.type.js'

@ObjectType('IgnoredCount', { description: 'Records left out of a job for one reason.' })
export class IgnoredCountType {
  @Field(() => IgnoredReasonEnum)
  reason!: IgnoredReason

  @Field(() => Int)
  count!: number
}

@ObjectType('IntegrationSynchJob', {
  description: 'Integration synch. job: the log row of one pass. Every record it looked at is counted once.',
})
export class JobType {
  @Field(() => ID)
  id!: string

  @Field(() => PassDirectionEnum)
  direction!: PassDirection

  @Field(() => RunStatusEnum)
  status!: RunStatus

  @Field(() => Int, { description: 'Created at the destination and coupled.' })
  inserted!: number

  @Field(() => Int, { description: 'Written.' })
  modified!: number

  @Field(() => Int, { description: 'Deleted on both sides; the coupling was removed.' })
  deleted!: number

  @Field(() => Int, { description: 'Nothing to write.' })
  unchanged!: number

  @Field(() => Int, { description: 'Skipped synch. records: they wait for a person.' })
  skipped!: number

  @Field(() => Int, { description: 'Not written; each has an integration synch. error.' })
  failed!: number

  @Field(() => Int, {
    description: 'Changed on both sides, or deleted on one; each has an integration synch. error.',
  })
  conflicts!: number

  @Field(() => Int, { description: 'Of which had failed in an earlier attempt.' })
  retried!: number

  @Field(() => Int, { description: 'Of which were coupled with a record that existed already.' })
  coupled!: number

  @Field(() => Int, { description: 'Couplings that were removed while a record of them is left.' })
  uncoupled!: number

  @Field(() => Date)
  start!: Date

  @Field(() => Date, { nullable: true })
  finish?: Date | null

  @Field(() => String, { nullable: true, description: 'What stopped it, if it did not complete.' })
  message?: string | null
}

export const JobConnection = connectionType('IntegrationSynchJob', JobType)
