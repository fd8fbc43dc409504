import { Field, ID, ObjectType } from 'type-graphql'
import type { SystemKind } from '../../domain/schema.js'
import { SystemKindEnum } from '../enums.js'

@ObjectType('ConnectedSystem', { description: 'One end of a connection.' })
export class ConnectedSystemType {
  @Field(() => SystemKindEnum)
  kind!: SystemKind
}

@ObjectType('Connection', { description: 'Two systems whose records are kept in agreement.' })
export class ConnectionType {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  name!: string

  @Field(() => Date, { nullable: true, description: 'Since when all its mappings are paused.' })
  pausedAt?: Date | null

  @Field(() => String, { nullable: true })
  pausedBy?: string | null

  @Field(() => ConnectedSystemType, { description: 'Business Central.' })
  localSystem!: ConnectedSystemType

  @Field(() => ConnectedSystemType, { description: 'The system of the integration tables.' })
  integrationSystem!: ConnectedSystemType
}
