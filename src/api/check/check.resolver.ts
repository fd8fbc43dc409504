import { Arg, Authorized, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { Connection } from '../../persistence/entities/connection.js'
import type { ApiContext } from '../context.js'
import { apiError, badUserInput, ErrorCode } from '../errors.js'
import { parseId } from '../identifiers.js'
import { findConnection } from '../connection/find-connection.js'
import { ConnectionType } from '../connection/connection.type.js'
import { StartsWork } from '../idempotency/starts-work.js'
import { checkConnection } from './check-connection.js'
import { ConnectionCheckType } from './check.type.js'

@Resolver(() => ConnectionType)
export class ConnectionCheckResolver {
  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => ConnectionCheckType, {
    description:
      'Looks for everything that would keep the connection from working, and tells cause and remedy of all it finds. Changes nothing in either system. Waits 25 seconds, then ENGINE_UNAVAILABLE; the check goes on.',
  })
  async checkConnection(
    @Arg('connectionId', () => ID, { nullable: true, description: 'The connection by its id.' })
    connectionId: string | null,
    @Arg('connection', () => String, {
      nullable: true,
      description: 'The connection by its name. With neither, the only one there is.',
    })
    name: string | null,
    @Ctx() context: ApiContext,
  ): Promise<ConnectionCheckType> {
    const { id } = await find(context, connectionId ?? null, name ?? null)
    return checkConnection(context, id, context.principal.name)
  }

  @FieldResolver(() => ConnectionCheckType, {
    nullable: true,
    description: 'The check that was made last, of whatever reason. Null: there was none yet.',
  })
  async lastCheck(
    @Root() { id }: Connection,
    @Ctx() { loaders }: ApiContext,
  ): Promise<ConnectionCheckType | null> {
    return loaders.lastCheck.load(id)
  }
}

async function find(
  { em }: ApiContext,
  connectionId: string | null,
  name: string | null,
): Promise<Pick<Connection, 'id'>> {
  if (connectionId === null) return findConnection(em, name)
  if (name !== null)
    throw badUserInput([{ argument: 'connection', message: 'Give connectionId or connection, not both.' }])
  const id = parseId(connectionId, 'connectionId')
  const found = await em.findOne(Connection, { id }, { disableIdentityMap: true })
  if (found !== null) return found
  throw apiError(ErrorCode.notFound, `There is no connection ${id}.`)
}
