import { GraphQLJSONObject } from 'graphql-scalars'
import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql'
import { Role } from '../../domain/role.js'
import { systemCaption } from '../../domain/system-caption.js'
import { Side } from '../../domain/value.js'
import { Connection } from '../../persistence/entities/connection.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import type { ApiContext } from '../context.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import { SEEN_VERSION } from '../seen-version.js'
import { applyConnections, toDocument } from './apply-connections.js'
import { createConnection, deleteConnection, updateConnection } from './change-connection.js'
import { ConnectionInput, UpdateConnectionInput } from './connection.input.js'
import {
  AppliedConnectionType,
  ConnectedSystemType,
  ConnectionType,
  DeletedConnectionType,
} from './connection.type.js'
import { disableConnection, enableConnection } from './enabling.js'
import { findConnection } from './find-connection.js'
import { withoutSecrets } from './plan-system.js'

const ALL_AT_ONCE = 'BAD_USER_INPUT lists every problem at once; then nothing is changed.'
const NAME = 'Name of the connection.'

@ArgsType()
class ConnectionChangeArguments {
  @Field(() => String, { description: NAME })
  name!: string

  @Field(() => Int, {
    nullable: true,
    description:
      'The version that you have seen. CONFLICTING_STATE says who has changed it since, and nothing is changed. Left out: whatever it is.',
  })
  version?: number | null

  @Field(() => String, { nullable: true, description: 'Who makes the change. Left out: who is signed in.' })
  author?: string | null

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Lets a system have another address, company or database although there are couplings: their records must be the same ones there. Everything is read anew.',
  })
  allowOtherSystem!: boolean
}

@Resolver(() => ConnectionType)
export class ConnectionResolver {
  @Authorized(Role.viewer)
  @Query(() => [ConnectionType], { description: 'All connections, by name.' })
  async connections(@Ctx() { em }: ApiContext): Promise<Connection[]> {
    return em.find(Connection, {}, { orderBy: { name: 'asc' }, disableIdentityMap: true })
  }

  @Authorized(Role.viewer)
  @Query(() => ConnectionType, { nullable: true, description: 'NOT_FOUND names those that exist.' })
  async connection(
    @Arg('name', () => String, { description: NAME }) name: string,
    @Ctx() { em }: ApiContext,
  ): Promise<Connection> {
    return findConnection(em, name)
  }

  @Authorized(Role.administrator)
  @Mutation(() => ConnectionType, {
    description: `Makes a connection. It starts disabled: enableConnection checks and enables it. ${ALL_AT_ONCE}`,
  })
  async createConnection(
    @Arg('input', () => ConnectionInput) input: ConnectionInput,
    @Arg('author', () => String, { nullable: true, description: 'Who makes it. Left out: who is signed in.' })
    author: string | null,
    @Ctx() context: ApiContext,
  ): Promise<Connection> {
    return createConnection(context, input, author ?? null)
  }

  @Authorized(Role.administrator)
  @Mutation(() => ConnectionType, {
    description: `Changes name or settings; runs use them from their next step. ${ALL_AT_ONCE} A secret that is left out stays, unless the addresses that it is sent to change.`,
  })
  async updateConnection(
    @Arg('input', () => UpdateConnectionInput) input: UpdateConnectionInput,
    @Args(() => ConnectionChangeArguments) change: ConnectionChangeArguments,
    @Ctx() context: ApiContext,
  ): Promise<Connection> {
    const { id } = await findConnection(context.em, change.name)
    return updateConnection(context, id, input, {
      author: change.author ?? null,
      version: change.version ?? null,
      allowOtherSystem: change.allowOtherSystem,
    })
  }

  @Authorized(Role.administrator)
  @Mutation(() => [AppliedConnectionType], {
    description: `Makes connections what these documents say, all of them or none; others stay, new ones start disabled. ${ALL_AT_ONCE}`,
  })
  async applyConnections(
    @Arg('connections', () => [GraphQLJSONObject], {
      description: 'As Connection.document shows them. A secret that is left out stays.',
    })
    connections: object[],
    @Arg('dryRun', () => Boolean, {
      defaultValue: false,
      description: 'Tell what would be done; do nothing.',
    })
    dryRun: boolean,
    @Arg('author', () => String, {
      nullable: true,
      description: 'Who makes the change. Left out: who is signed in.',
    })
    author: string | null,
    @Arg('allowOtherSystem', () => Boolean, {
      defaultValue: false,
      description: 'As with updateConnection.',
    })
    allowOtherSystem: boolean,
    @Ctx() context: ApiContext,
  ): Promise<readonly AppliedConnectionType[]> {
    return applyConnections(context, {
      documents: connections,
      dryRun,
      author: author ?? null,
      allowOtherSystem,
    })
  }

  @Authorized(Role.administrator)
  @Mutation(() => ConnectionType, {
    description:
      'Checks both systems, and enables the connection where nothing was found that keeps it from working. CONFLICTING_STATE carries the findings.',
  })
  async enableConnection(
    @Arg('name', () => String, { description: NAME }) name: string,
    @Arg('force', () => String, {
      nullable: true,
      description: 'Why it is enabled without a check. The connection keeps the reason.',
    })
    force: string | null,
    @Arg('version', () => Int, { nullable: true, description: SEEN_VERSION }) version: number | null,
    @Ctx() context: ApiContext,
  ): Promise<Connection> {
    const { id } = await findConnection(context.em, name)
    return enableConnection(context, id, { force: force ?? null, version: version ?? null })
  }

  @Authorized(Role.administrator)
  @Mutation(() => ConnectionType, {
    description:
      'Nothing of it writes any more: no run starts, those under way wait after the page at hand. Checks, tables and plans go on.',
  })
  async disableConnection(
    @Arg('name', () => String, { description: NAME }) name: string,
    @Arg('author', () => String, { nullable: true, description: 'Who does it. Left out: who is signed in.' })
    author: string | null,
    @Arg('version', () => Int, { nullable: true, description: SEEN_VERSION }) version: number | null,
    @Ctx() context: ApiContext,
  ): Promise<Connection> {
    const { id } = await findConnection(context.em, name)
    return disableConnection(context, id, { author: author ?? null, version: version ?? null })
  }

  @Authorized(Role.administrator)
  @Mutation(() => DeletedConnectionType, {
    description:
      'Deletes a connection with its mappings, couplings and history; records stay in both systems. CONFLICTING_STATE while it is enabled or a run is under way; CONFIRMATION_REQUIRED unless confirmed.',
  })
  async deleteConnection(
    @Arg('name', () => String, { description: NAME }) name: string,
    @Arg('confirm', () => Boolean, { defaultValue: false }) confirm: boolean,
    @Arg('version', () => Int, { nullable: true, description: SEEN_VERSION }) version: number | null,
    @Ctx() context: ApiContext,
  ): Promise<DeletedConnectionType> {
    const { id } = await findConnection(context.em, name)
    return deleteConnection(context, id, { confirm, version: version ?? null })
  }

  @FieldResolver(() => ConnectedSystemType, { description: 'The system that mappings call local.' })
  localSystem(@Root() connection: Connection, @Ctx() context: ApiContext): ConnectedSystemType {
    return showSystem(context, connection, Side.local)
  }

  @FieldResolver(() => ConnectedSystemType, { description: 'The system of the integration tables.' })
  integrationSystem(@Root() connection: Connection, @Ctx() context: ApiContext): ConnectedSystemType {
    return showSystem(context, connection, Side.integration)
  }

  @Authorized(Role.administrator)
  @FieldResolver(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'Name and settings as applyConnections takes them, without stored secrets. Null, with FORBIDDEN, for who is no administrator.',
  })
  document(@Root() connection: Connection, @Ctx() context: ApiContext): object {
    return toDocument(context.settingsKeeper, connection)
  }

  @FieldResolver(() => [IntegrationTableMappingType], {
    description: 'Its mappings, in the order in which they depend on one another.',
  })
  async mappings(@Root() connection: Connection, @Ctx() { em }: ApiContext): Promise<Mapping[]> {
    return em.find(
      Mapping,
      { connectionId: connection.id },
      { orderBy: { position: 'asc', name: 'asc' }, disableIdentityMap: true },
    )
  }
}

function showSystem({ settingsKeeper }: ApiContext, connection: Connection, side: Side): ConnectedSystemType {
  const { kind, settings } = side === Side.local ? connection.localSystem : connection.integrationSystem
  return {
    kind,
    caption: systemCaption(kind),
    settings: withoutSecrets(settingsKeeper, settings),
    secrets: settingsKeeper.secrets(settings).flatMap(({ member, held, kind: kept }) => {
      // A secret as such is never stored; should one be there, it is not shown either.
      if (kept === null) return []
      const at = connection.secretsSetAt[`${side}.${member}`]
      return [
        {
          member,
          kind: kept,
          reference: kept === 'STORED' ? null : held,
          set: true,
          rotatedAt: at === undefined ? null : new Date(at),
        },
      ]
    }),
  }
}
