import { GraphQLJSONObject } from 'graphql-scalars'
import { Authorized, Field, ID, Int, ObjectType } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { SystemKind } from '../../domain/schema.js'
import { graphqlEnum, SystemKindEnum } from '../enums.js'
import { SecretKind } from './settings-keeper.js'

export const SecretKindEnum = graphqlEnum('SecretKind', SecretKind, 'How a secret is kept.', {
  ENVIRONMENT: 'In an environment variable of the workers: env:NAME.',
  FILE: 'In a file that the workers read: file:PATH.',
  STORED: 'Encrypted in the database (AES-256-GCM). Nobody can read it back.',
})

@ObjectType('ConnectionSecret', {
  description: 'A secret of a connection. It is never shown, only that it is there.',
})
export class ConnectionSecretType {
  @Field(() => String, { description: 'Its path in the settings: signIn.clientSecret.' })
  member!: string

  @Field(() => SecretKindEnum)
  kind!: SecretKind

  @Field(() => String, { nullable: true, description: 'env:NAME or file:PATH; null: it is stored.' })
  reference!: string | null

  @Field(() => Boolean, { description: 'Always true: a secret that is not set is not listed.' })
  set!: boolean

  @Field(() => Date, {
    nullable: true,
    description: 'When it was entered last. Null: before that was noted.',
  })
  rotatedAt!: Date | null
}

@ObjectType('ConnectedSystem', { description: 'One end of a connection.' })
export class ConnectedSystemType {
  @Field(() => SystemKindEnum)
  kind!: SystemKind

  @Field(() => String, { description: 'What people call it: Business Central, Sales, PostgreSQL, OData.' })
  caption!: string

  @Field(() => GraphQLJSONObject, {
    description: 'Its settings by the names of docs/connections.md, without secrets.',
  })
  settings!: object

  @Authorized(Role.administrator)
  @Field(() => [ConnectionSecretType], {
    nullable: true,
    description: 'Null, with FORBIDDEN, for who is no administrator.',
  })
  secrets!: readonly ConnectionSecretType[]
}

@ObjectType('Connection', { description: 'Two systems whose records are kept in agreement.' })
export class ConnectionType {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  name!: string

  @Field(() => Int, { description: 'Rises with every change of name or settings.' })
  version!: number

  @Field(() => Date)
  createdAt!: Date

  @Field(() => Date)
  changedAt!: Date

  @Field(() => String)
  changedBy!: string

  @Field(() => Date, {
    nullable: true,
    description:
      'Since when it is disabled: nothing of it writes. Checks, tables and plans are there all the same. Null: enabled.',
  })
  disabledAt?: Date | null

  @Field(() => String, { nullable: true })
  disabledBy?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Why it was enabled although its check had found errors. Null: it had not.',
  })
  forcedReason?: string | null

  @Field(() => Date, { nullable: true, description: 'Since when all its mappings are paused.' })
  pausedAt?: Date | null

  @Field(() => String, { nullable: true })
  pausedBy?: string | null
}

@ObjectType('DeletedConnection', { description: 'What was deleted; the records in both systems stay.' })
export class DeletedConnectionType {
  @Field(() => String)
  name!: string

  @Field(() => Int)
  mappings!: number

  @Field(() => Int)
  couplings!: number
}

export const AppliedConnectionAction = {
  created: 'CREATED',
  changed: 'CHANGED',
  unchanged: 'UNCHANGED',
} as const
export type AppliedConnectionAction = (typeof AppliedConnectionAction)[keyof typeof AppliedConnectionAction]

const AppliedConnectionActionEnum = graphqlEnum(
  'AppliedConnectionAction',
  AppliedConnectionAction,
  'What applying a document does to a connection.',
)

@ObjectType('AppliedConnection', { description: 'What applying a document did, or would do.' })
export class AppliedConnectionType {
  @Field(() => String)
  name!: string

  @Field(() => AppliedConnectionActionEnum)
  action!: AppliedConnectionAction

  @Field(() => Int, { description: 'The version that it has then.' })
  version!: number

  @Field(() => [String], { description: 'Each change in words, without secrets.' })
  changes!: readonly string[]
}
