import { Arg, Authorized, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { nextStart, scheduleOffset } from '../../domain/schedule.js'
import type { Side } from '../../domain/value.js'
import { Connection } from '../../persistence/entities/connection.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import type { ApiContext } from '../context.js'
import { CONNECTION_ARGUMENT, NAME_ARGUMENT } from '../descriptions.js'
import { SideEnum } from '../enums.js'
import { parseId } from '../identifiers.js'
import { ConnectionType } from '../connection/connection.type.js'
import { findMapping } from '../mapping/find-mapping.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import { readRun } from '../synch-run/run-engine.js'
import { RunType } from '../synch-run/synch-run.type.js'
import { reportChanges } from './change-hint.js'
import { findConnection } from '../connection/find-connection.js'
import { StartsWork } from '../idempotency/starts-work.js'
import { setConnectionsPaused, setMappingPaused, setRunPaused } from './pausing.js'

const MAPPING_PAUSED =
  'Nothing of it starts by itself, a run under way waits between two pages; runs asked for are refused until it is resumed.'

/** When runs start, and how they are held back. */
@Resolver(() => IntegrationTableMappingType)
export class JobControlResolver {
  @Authorized(Role.operator)
  @Mutation(() => IntegrationTableMappingType, { description: `Pauses a mapping. ${MAPPING_PAUSED}` })
  async pauseIntegrationTableMapping(
    @Arg('name', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<IntegrationTableMappingType> {
    return setPaused(context, name, connection ?? null, true)
  }

  @Authorized(Role.operator)
  @Mutation(() => IntegrationTableMappingType, { description: 'A paused run goes on where it was.' })
  async resumeIntegrationTableMapping(
    @Arg('name', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<IntegrationTableMappingType> {
    return setPaused(context, name, connection ?? null, false)
  }

  @Authorized(Role.operator)
  @Mutation(() => [ConnectionType], {
    description: `Pauses every mapping of a connection; of all connections if none is named. ${MAPPING_PAUSED}`,
  })
  async pauseConnection(
    @Arg('name', () => String, { nullable: true }) name: string | null,
    @Ctx() context: ApiContext,
  ): Promise<Connection[]> {
    return setAllPaused(context, name ?? null, true)
  }

  @Authorized(Role.operator)
  @Mutation(() => [ConnectionType], {
    description:
      'Resumes what pauseConnection paused; a mapping that was paused by itself stays paused. Without a name: all connections.',
  })
  async resumeConnection(
    @Arg('name', () => String, { nullable: true }) name: string | null,
    @Ctx() context: ApiContext,
  ): Promise<Connection[]> {
    return setAllPaused(context, name ?? null, false)
  }

  @Authorized(Role.operator)
  @Mutation(() => RunType, { description: 'The run waits after the page at hand. Nothing is lost.' })
  async pauseSynchRun(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<RunType> {
    await setRunPaused(context, parseId(id, 'id'), true)
    return readRun(context, parseId(id, 'id'))
  }

  @Authorized(Role.operator)
  @Mutation(() => RunType, { description: 'A paused run goes on where it was.' })
  async resumeSynchRun(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<RunType> {
    await setRunPaused(context, parseId(id, 'id'), false)
    return readRun(context, parseId(id, 'id'))
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => [IntegrationTableMappingType], {
    description:
      'A change hint: records of a table have changed. Its mappings that are awake to hints and not paused run in half a minute, once for many hints, if there is something to do. Returns those mappings.',
  })
  async reportChanges(
    @Arg('side', () => SideEnum) side: Side,
    @Arg('table', () => String, { description: "The table's name in its system's API: customers, accounts." })
    table: string,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<IntegrationTableMappingType[]> {
    return reportChanges(context, side, table, connection ?? null)
  }

  @FieldResolver(() => Date, {
    nullable: true,
    description:
      'When its schedule is due next. Null: paused, by itself or with its connection, or the connection is disabled.',
  })
  async nextScheduledAt(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<Date | null> {
    const connection = await loaders.connection.load(mapping.connectionId)
    if (mapping.pausedAt || connection?.pausedAt || connection?.disabledAt) return null
    const { schedule } = mapping.definition
    const offset = schedule.kind === 'interval' ? scheduleOffset(mapping.id, schedule.minutes * 60_000) : 0
    return new Date(nextStart(schedule, offset, Date.now()))
  }

  @FieldResolver(() => Date, {
    nullable: true,
    description:
      'On hold with inactivity timeout: until then a due schedule only looks for changes, and runs if there are any. Null: awake.',
  })
  sleepsUntil(@Root() mapping: Mapping): Date | null {
    const until = mapping.sleepsUntil ?? null
    return until !== null && until.getTime() > Date.now() ? until : null
  }

  @FieldResolver(() => Date, { nullable: true, description: 'Since when it is paused by itself.' })
  pausedAt(@Root() mapping: Mapping): Date | null {
    return mapping.pausedAt ?? null
  }

  @FieldResolver(() => String, { nullable: true })
  pausedBy(@Root() mapping: Mapping): string | null {
    return mapping.pausedBy ?? null
  }
}

async function setPaused(
  context: ApiContext,
  name: string,
  connection: string | null,
  paused: boolean,
): Promise<IntegrationTableMappingType> {
  const { id } = await findMapping(context.em, name, connection)
  await setMappingPaused(context, id, paused)
  return context.em.findOneOrFail(Mapping, { id }, { disableIdentityMap: true })
}

async function setAllPaused(
  context: ApiContext,
  name: string | null,
  paused: boolean,
): Promise<Connection[]> {
  const ids =
    name === null
      ? (await context.em.find(Connection, {})).map((connection) => connection.id)
      : [(await findConnection(context.em, name)).id]
  await setConnectionsPaused(context, ids, paused)
  return context.em.find(
    Connection,
    { id: { $in: ids } },
    { disableIdentityMap: true, orderBy: { name: 'asc' } },
  )
}
