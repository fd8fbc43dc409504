import { GraphQLJSONObject } from 'graphql-scalars'
import { Field, InputType } from 'type-graphql'
import type { SystemKind } from '../../domain/schema.js'
import { SystemKindEnum } from '../enums.js'

export const SETTINGS =
  'Settings by the names of docs/connections.md. A secret is given as itself, and is then encrypted, or as a reference, env:NAME or file:PATH.'

@InputType('SystemInput', { description: 'One end of a connection.' })
export class SystemInput {
  @Field(() => SystemKindEnum)
  kind!: SystemKind

  @Field(() => GraphQLJSONObject, { description: SETTINGS })
  settings!: object
}

@InputType('ConnectionInput')
export class ConnectionInput {
  @Field(() => String, { description: '1 to 100 visible characters; unique.' })
  name!: string

  @Field(() => SystemInput)
  localSystem!: SystemInput

  @Field(() => SystemInput)
  integrationSystem!: SystemInput

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Makes Business Central's default mappings, which synchronize coupled records only. For Business Central with Dataverse; other pairs have none.",
  })
  withDefaultMappings?: boolean | null
}

@InputType('UpdateConnectionInput', { description: 'What is left out stays.' })
export class UpdateConnectionInput {
  @Field(() => String, { nullable: true, description: 'A new name.' })
  name?: string | null

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: `All settings of the local system. A secret that is left out stays; null takes an optional one away. ${SETTINGS}`,
  })
  localSettings?: object | null

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: `All settings of the integration system. A secret that is left out stays; null takes an optional one away. ${SETTINGS}`,
  })
  integrationSettings?: object | null
}
