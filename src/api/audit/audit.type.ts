import { GraphQLJSON, GraphQLJSONObject } from 'graphql-scalars'
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { AuditSubjectKind } from '../../domain/audit-subject.js'
import type { Role } from '../../domain/role.js'
import { RoleEnum } from '../access-token/access-token.type.js'
import { graphqlEnum } from '../enums.js'
import { connectionType } from '../paging/connection.type.js'
import { TimeRangeInput } from '../paging/time-range.input.js'
import { PrincipalKind } from '../sign-in/principal.js'

export const PrincipalKindEnum = graphqlEnum('PrincipalKind', PrincipalKind, 'What somebody signs in with.', {
  LOCAL: 'The token or a sign-in link of this machine.',
  TOKEN: 'An access token.',
  USER: 'A sign-in at the provider.',
})

@ObjectType('AuditActor', { description: 'Who did something, as it was then.' })
export class AuditActorType {
  @Field(() => String)
  id!: string

  @Field(() => String)
  name!: string

  @Field(() => PrincipalKindEnum)
  kind!: PrincipalKind

  @Field(() => RoleEnum)
  role!: Role
}

@ObjectType('AuditChange', { description: 'What an action has changed.' })
export class AuditChangeType {
  @Field(() => String, { description: 'What kind of thing: connection, mapping.' })
  kind!: string

  @Field(() => String)
  id!: string

  @Field(() => String)
  name!: string

  @Field(() => GraphQLJSON, { nullable: true, description: 'What differs, before. Null: it was made.' })
  before!: unknown

  @Field(() => GraphQLJSON, { nullable: true, description: 'What differs, after. Null: it was deleted.' })
  after!: unknown
}

export const AuditSubjectKindEnum = graphqlEnum(
  'AuditSubjectKind',
  AuditSubjectKind,
  'What kind of thing an action was about.',
  {
    CONNECTION: 'A connection.',
    MAPPING: 'A mapping, also by a plan, a review or a comparison of it.',
    RECORD: 'A record, or a pair of them.',
    RUN: 'A run, called by its mapping.',
    ERROR_GROUP: 'A root cause of errors, called by its message.',
    USER: 'Somebody who signs in at the provider.',
    ACCESS_TOKEN: 'An access token.',
    ALERT: 'An alert.',
    ALERT_RULE: 'A rule of alerts.',
    ALERT_CHANNEL: 'A channel over which alerts are told.',
  },
)

@ObjectType('AuditSubject', { description: 'A thing that an action was about.' })
export class AuditSubjectType {
  @Field(() => AuditSubjectKindEnum)
  kind!: AuditSubjectKind

  @Field(() => ID, {
    nullable: true,
    description: 'Of a record that of its coupling. Null: it had none, or there was nothing of that name.',
  })
  id!: string | null

  @Field(() => String, { description: 'As it was called then.' })
  name!: string

  @Field(() => String, { nullable: true, description: 'The connection it belonged to.' })
  connection!: string | null
}

@ObjectType('AuditEntry', { description: 'Something that somebody did, or was refused.' })
export class AuditEntryType {
  @Field(() => ID)
  id!: string

  @Field(() => Date)
  at!: Date

  @Field(() => AuditActorType)
  actor!: AuditActorType

  @Field(() => String, { description: 'Name of the mutation; signIn, signOut.' })
  action!: string

  @Field(() => GraphQLJSONObject, {
    description: 'As they were given, without secrets, long lists in short.',
  })
  arguments!: object

  @Field(() => String, {
    description:
      'OK, the code of the error, or UNDER_WAY: it is not over, or Accord was ended before it was noted.',
  })
  outcome!: string

  @Field(() => [AuditSubjectType], {
    description: 'What it was about, by name, the first five; none: what its arguments and changes tell.',
  })
  subjects!: readonly AuditSubjectType[]

  @Field(() => Int, { description: 'How many things it was about, where not all of them are named.' })
  subjectCount!: number

  @Field(() => [AuditChangeType])
  changes!: readonly AuditChangeType[]

  @Field(() => String, { description: 'The network address that it came from.' })
  address!: string
}

export const AuditEntryConnection = connectionType('AuditEntry', AuditEntryType)

@InputType({ description: 'What is left out does not filter.' })
export class AuditEntryFilter {
  @Field(() => [String], { nullable: true, description: 'Names of actors.' })
  actor?: readonly string[] | null

  @Field(() => [String], { nullable: true, description: 'Names of actions: updateConnection.' })
  action?: readonly string[] | null

  @Field(() => [String], { nullable: true })
  outcome?: readonly string[] | null

  @Field(() => TimeRangeInput, { nullable: true })
  time?: TimeRangeInput | null
}

export const AuditEntryOrder = { timeDesc: 'TIME_DESC', timeAsc: 'TIME_ASC' } as const
export type AuditEntryOrder = (typeof AuditEntryOrder)[keyof typeof AuditEntryOrder]
export const AuditEntryOrderEnum = graphqlEnum(
  'AuditEntryOrder',
  AuditEntryOrder,
  'Order of audit entries.',
  {
    TIME_DESC: 'The latest first.',
    TIME_ASC: 'The oldest first.',
  },
)
