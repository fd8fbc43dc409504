import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { graphqlEnum } from '../enums.js'

export const RoleEnum = graphqlEnum(
  'Role',
  Role,
  'What somebody may do. Each may do what those before may.',
  {
    VIEWER: 'Reads everything but the states of secrets.',
    OPERATOR: 'Acts on records, errors and runs.',
    ADMINISTRATOR: 'Changes mappings, connections, settings and roles; deletes history.',
  },
)

@ObjectType('AccessToken', { description: 'What a program signs in with. The token itself is kept nowhere.' })
export class AccessTokenType {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  name!: string

  @Field(() => RoleEnum)
  role!: Role

  @Field(() => String, { description: 'The beginning of the token, to tell tokens apart.' })
  prefix!: string

  @Field(() => Date)
  createdAt!: Date

  @Field(() => String)
  createdBy!: string

  @Field(() => Date, { nullable: true, description: 'Null: it does not expire.' })
  expiresAt?: Date | null

  @Field(() => Date, { nullable: true, description: 'To the minute. Null: never.' })
  lastUsedAt?: Date | null

  @Field(() => Date, { nullable: true, description: 'Since when it lets nobody in.' })
  revokedAt?: Date | null

  @Field(() => String, { nullable: true })
  revokedBy?: string | null
}

@InputType()
export class AccessTokenInput {
  @Field(() => String, {
    description: 'What it is for, 1 to 100 characters. What is done with it is recorded under this name.',
  })
  name!: string

  @Field(() => RoleEnum, { defaultValue: Role.viewer })
  role!: Role

  @Field(() => String, {
    nullable: true,
    description: 'The only connection that it may be used for, by its name. Left out: all.',
  })
  connection?: string | null

  @Field(() => Int, {
    nullable: true,
    defaultValue: 90,
    description: 'Days until it expires, 1 to 3650. Null: it does not.',
  })
  expiresInDays?: number | null
}

@ObjectType('CreatedAccessToken')
export class CreatedAccessTokenType {
  @Field(() => AccessTokenType)
  accessToken!: AccessTokenType

  @Field(() => String, { description: 'The token. It is shown this once.' })
  token!: string
}
