import { Field, ID, Int, ObjectType } from 'type-graphql'
import { connectionType } from '../paging/connection.type.js'

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
