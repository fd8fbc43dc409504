import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { AppUser } from '../../persistence/entities/app-user.js'
import { sql } from '../../persistence/sql.js'
import { RoleEnum } from '../access-token/access-token.type.js'
import type { ApiContext } from '../context.js'
import { AFTER_ARGUMENT, FIRST_ARGUMENT } from '../descriptions.js'
import { parseId } from '../identifiers.js'
import { findByIds } from '../loaders.js'
import { page, type Page } from '../paging/connection.type.js'
import { KeyType } from '../paging/cursor.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { SEEN_VERSION } from '../seen-version.js'
import { PrincipalType, SignInLinkType, UserConnection, UserType } from './user.type.js'
import { createSignInLink, disableUser, enableUser, setUserRole } from './users.js'

@Resolver(() => UserType)
export class UserResolver {
  @Authorized(Role.viewer)
  @Query(() => PrincipalType, { description: 'Who asks, and what he may do.' })
  me(@Ctx() { principal }: ApiContext): PrincipalType {
    return principal
  }

  @Authorized(Role.administrator)
  @Query(() => UserConnection, { description: 'Everybody who has signed in at the provider, by name.' })
  async users(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Ctx() { em }: ApiContext,
  ): Promise<Page<AppUser>> {
    return page(
      em,
      { from: sql`app_user u`, id: sql`u.id`, conditions: [] },
      { key: sql`u.name`, keyType: KeyType.text, descending: false },
      { first, after, order: 'NAME' },
      (ids) => findByIds(em, AppUser, ids),
    )
  }

  @Authorized(Role.administrator)
  @Mutation(() => UserType, { description: 'Gives somebody a role. NOT_FOUND if there is no such user.' })
  async setUserRole(
    @Arg('id', () => ID) id: string,
    @Arg('role', () => RoleEnum, {
      nullable: true,
      description: 'Null: what the claims of the provider say counts again.',
    })
    role: Role | null,
    @Arg('version', () => Int, { nullable: true, description: SEEN_VERSION }) version: number | null,
    @Ctx() context: ApiContext,
  ): Promise<AppUser> {
    return setUserRole(context, { id: parseId(id, 'id'), version }, role ?? null)
  }

  @Authorized(Role.administrator)
  @Mutation(() => UserType, {
    description:
      'From the next request on he is let in no more; his sessions end. NOT_FOUND if there is no such user.',
  })
  async disableUser(
    @Arg('id', () => ID) id: string,
    @Arg('version', () => Int, { nullable: true, description: SEEN_VERSION }) version: number | null,
    @Ctx() context: ApiContext,
  ): Promise<AppUser> {
    return disableUser(context, { id: parseId(id, 'id'), version })
  }

  @Authorized(Role.administrator)
  @Mutation(() => UserType, { description: 'He may sign in again. NOT_FOUND if there is no such user.' })
  async enableUser(
    @Arg('id', () => ID) id: string,
    @Arg('version', () => Int, { nullable: true, description: SEEN_VERSION }) version: number | null,
    @Ctx() context: ApiContext,
  ): Promise<AppUser> {
    return enableUser(context, { id: parseId(id, 'id'), version })
  }

  @Authorized(Role.administrator)
  @Mutation(() => SignInLinkType, {
    description:
      'A link that signs a browser on this machine in as its administrator, once, within ten minutes. For who holds the token of this machine alone.',
  })
  async createSignInLink(@Ctx() context: ApiContext): Promise<SignInLinkType> {
    return createSignInLink(context)
  }

  @FieldResolver(() => RoleEnum, { nullable: true, description: 'What he may do. Null: he may not sign in.' })
  role(@Root() { claimedRole, givenRole }: AppUser): Role | null {
    return givenRole ?? claimedRole ?? null
  }
}
