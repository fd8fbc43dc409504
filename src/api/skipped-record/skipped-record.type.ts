import { Field, ID, Int, ObjectType } from 'type-graphql'
import { connectionType } from '../paging/connection.type.js'
import { RunType } from '../synch-run/synch-run.type.js'

@ObjectType('SkippedSynchRecord', {
  description:
    'A record that no run touches until a person has decided: a conflict, or a failure met too often.',
})
export class SkippedSynchRecordType {
  @Field(() => ID)
  id!: string

  @Field(() => Int, { description: 'Attempts before it was skipped.' })
  attempts!: number
}

export const SkippedSynchRecordConnection = connectionType('SkippedSynchRecord', SkippedSynchRecordType)

@ObjectType('RetryAllResult', { description: 'What Retry All has lifted.' })
export class RetryAllResultType {
  @Field(() => Int, { description: 'How many records were restored for synchronization.' })
  restored!: number

  @Field(() => String)
  message!: string

  @Field(() => [RunType], { description: 'One run a mapping.' })
  runs!: readonly RunType[]
}
