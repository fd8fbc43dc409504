import { Field, ID, ObjectType } from 'type-graphql'
import { connectionType } from '../paging/connection.type.js'

@ObjectType('Coupling', {
  description:
    'CRM Integration Record: one record of the local table paired with one of the integration table.',
})
export class CouplingType {
  @Field(() => ID)
  id!: string

  @Field(() => Date, { nullable: true, description: 'When Accord last compared or wrote both records.' })
  lastSynchronizedAt?: Date | null

  @Field(() => Date)
  createdAt!: Date
}

export const CouplingConnection = connectionType('Coupling', CouplingType)
