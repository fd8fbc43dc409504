import { Arg, Authorized, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { AccessToken } from '../../persistence/entities/access-token.js'
import type { Connection } from '../../persistence/entities/connection.js'
import { ConnectionType } from '../connection/connection.type.js'
import type { ApiContext } from '../context.js'
import { parseId } from '../identifiers.js'
import { AccessTokenInput, AccessTokenType, CreatedAccessTokenType } from './access-token.type.js'
import { createAccessToken, revokeAccessToken } from './access-tokens.js'

@Resolver(() => AccessTokenType)
export class AccessTokenResolver {
  @Authorized(Role.administrator)
  @Query(() => [AccessTokenType], {
    description:
      'The access tokens that let somebody in, by name; with those that do not any more, if asked for.',
  })
  async accessTokens(
    @Arg('includeEnded', () => Boolean, {
      defaultValue: false,
      description: 'Also revoked and expired ones.',
    })
    includeEnded: boolean,
    @Ctx() { em }: ApiContext,
  ): Promise<AccessToken[]> {
    return em.find(
      AccessToken,
      includeEnded ? {} : { revokedAt: null, $or: [{ expiresAt: null }, { expiresAt: { $gt: new Date() } }] },
      { orderBy: { name: 'asc', createdAt: 'desc' }, disableIdentityMap: true },
    )
  }

  @Authorized(Role.administrator)
  @Mutation(() => CreatedAccessTokenType, {
    description: 'Makes an access token for a program. BAD_USER_INPUT lists every problem at once.',
  })
  async createAccessToken(
    @Arg('input', () => AccessTokenInput) input: AccessTokenInput,
    @Ctx() context: ApiContext,
  ): Promise<CreatedAccessTokenType> {
    return createAccessToken(context, input)
  }

  @Authorized(Role.administrator)
  @Mutation(() => AccessTokenType, {
    description: 'From the next request on it lets nobody in. NOT_FOUND if there is none.',
  })
  async revokeAccessToken(
    @Arg('id', () => ID) id: string,
    @Ctx() context: ApiContext,
  ): Promise<AccessTokenType> {
    return revokeAccessToken(context, parseId(id, 'id'))
  }

  @FieldResolver(() => ConnectionType, {
    nullable: true,
    description: 'The only connection that it may be used for. Null: all.',
  })
  async connection(@Root() token: AccessToken, @Ctx() { loaders }: ApiContext): Promise<Connection | null> {
    return token.connectionId ? loaders.connection.load(token.connectionId) : null
  }
}
