import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { Role } from '../../domain/role.js'
import { RoleEnum } from '../access-token/access-token.type.js'
import { PrincipalKindEnum } from '../audit/audit.type.js'
import { connectionType } from '../paging/connection.type.js'
import type { PrincipalKind } from '../sign-in/principal.js'

@ObjectType('Principal', { description: 'Who asks.' })
export class PrincipalType {
  @Field(() => String)
  id!: string

  @Field(() => String, { description: 'What is recorded as the one who did something.' })
  name!: string

  @Field(() => RoleEnum)
  role!: Role

  @Field(() => PrincipalKindEnum)
  kind!: PrincipalKind
}

@ObjectType('User', {
  description: 'Somebody whom the provider of sign-in knows, and who has signed in here.',
})
export class UserType {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  name!: string

  @Field(() => String, { nullable: true })
  email?: string | null

  @Field(() => Boolean, { description: 'The provider vouches that the e-mail is his.' })
  isEmailVerified!: boolean

  @Field(() => String, { description: 'The provider that vouches for him.' })
  issuer!: string

  @Field(() => String, { description: 'Who he is there.' })
  subject!: string

  @Field(() => RoleEnum, {
    nullable: true,
    description: 'What the claims of the provider gave him last. Null: nothing.',
  })
  claimedRole?: Role | null

  @Field(() => RoleEnum, {
    nullable: true,
    description: 'What an administrator gave him, which counts more. Null: nothing.',
  })
  givenRole?: Role | null

  @Field(() => Date, { nullable: true, description: 'Since when he may not sign in.' })
  disabledAt?: Date | null

  @Field(() => String, { nullable: true })
  disabledBy?: string | null

  @Field(() => Int, {
    description:
      'Rises with every change by an administrator. Hand it back to change only what you have seen.',
  })
  version!: number

  @Field(() => Date)
  createdAt!: Date

  @Field(() => Date, { description: 'To the minute.' })
  lastSeenAt!: Date
}

export const UserConnection = connectionType('User', UserType)

@ObjectType('SignInLink', { description: 'Signs the administrator of this machine in, once.' })
export class SignInLinkType {
  @Field(() => String, { description: 'To be put after the address of Accord on this machine.' })
  path!: string

  @Field(() => Date)
  expiresAt!: Date
}
