import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { FullSynch, FullSynchLine } from '../../persistence/entities/full-synch.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import type { Soon } from '../relation.js'
import type { ApiContext } from '../context.js'
import { parseId } from '../identifiers.js'
import { findConnection } from '../connection/find-connection.js'
import { StartsWork } from '../idempotency/starts-work.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import { RunType } from '../synch-run/synch-run.type.js'
import {
  cancelFullSynch,
  prepareFullSynch,
  readFullSynch,
  setFullSynchPaused,
  startFullSynch,
} from './full-synch.js'
import {
  FullSynchLineInput,
  FullSynchLineType,
  FullSynchProgressType,
  FullSynchType,
} from './full-synch.type.js'
import { progressOf } from './progress.js'

const LINES_ARGUMENT = 'Lines that are to do something other than recommended.'

@Resolver(() => FullSynchType)
export class FullSynchResolver {
  @Authorized(Role.viewer)
  @Query(() => FullSynchType, { nullable: true, description: 'NOT_FOUND if there is none.' })
  async fullSynch(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<FullSynchType> {
    return readFullSynch(context, parseId(id, 'id'))
  }

  @Authorized(Role.viewer)
  @Query(() => [FullSynchType], { description: 'Full synchronisations, those asked for last first.' })
  async fullSynchs(
    @Arg('connection', () => String, { nullable: true, description: 'Name of the connection.' })
    connection: string | null,
    @Ctx() { em }: ApiContext,
  ): Promise<FullSynchType[]> {
    const { id } = await findConnection(em, connection ?? null)
    return em.find(
      FullSynch,
      { connectionId: id },
      { orderBy: { requestedAt: 'desc' }, limit: 50, disableIdentityMap: true },
    )
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => FullSynchType, {
    description:
      'Full Synch. Review: counts both sides of every mapping and recommends what to do, in dependency order. Changes nothing; waits up to 25 seconds for the list.',
  })
  async prepareFullSynch(
    @Arg('connection', () => String, { nullable: true, description: 'Name of the connection.' })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<FullSynchType> {
    const { id } = await findConnection(context.em, connection ?? null)
    return prepareFullSynch(context, id)
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => FullSynchType, {
    description:
      'Starts what was reviewed. The mappings run in dependency order; their schedules hold until they are through.',
  })
  async startFullSynch(
    @Arg('id', () => ID) id: string,
    @Arg('lines', () => [FullSynchLineInput], { defaultValue: [], description: LINES_ARGUMENT })
    lines: FullSynchLineInput[],
    @Ctx() context: ApiContext,
  ): Promise<FullSynchType> {
    return startFullSynch(context, parseId(id, 'id'), lines)
  }

  @Authorized(Role.operator)
  @Mutation(() => FullSynchType, {
    description: 'Its runs wait between two pages, no further line starts. Nothing is lost.',
  })
  async pauseFullSynch(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<FullSynchType> {
    return setFullSynchPaused(context, parseId(id, 'id'), true)
  }

  @Authorized(Role.operator)
  @Mutation(() => FullSynchType, { description: 'It goes on where it was.' })
  async resumeFullSynch(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<FullSynchType> {
    return setFullSynchPaused(context, parseId(id, 'id'), false)
  }

  @Authorized(Role.operator)
  @Mutation(() => FullSynchType, {
    description: 'Its runs stop after the page at hand. What was done stands.',
  })
  async cancelFullSynch(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<FullSynchType> {
    return cancelFullSynch(context, parseId(id, 'id'))
  }

  @FieldResolver(() => [FullSynchLineType], {
    description: 'Empty while the list is being made.',
  })
  async lines(@Root() full: FullSynch, @Ctx() { em }: ApiContext): Promise<FullSynchLine[]> {
    return em.find(
      FullSynchLine,
      { fullSynchId: full.id },
      { orderBy: { position: 'asc' }, disableIdentityMap: true },
    )
  }
}

@Resolver(() => FullSynchLineType)
export class FullSynchLineResolver {
  @FieldResolver(() => IntegrationTableMappingType)
  mapping(@Root() line: FullSynchLine, @Ctx() { loaders }: ApiContext): Soon<Mapping | null> {
    return loaders.mapping.get(line.mappingId)
  }

  @FieldResolver(() => RunType, { nullable: true, description: 'The run that carries it out.' })
  async run(@Root() line: FullSynchLine, @Ctx() { loaders }: ApiContext): Promise<SynchRun | null> {
    return line.runId ? loaders.run.load(line.runId) : null
  }

  @FieldResolver(() => FullSynchProgressType)
  async progress(
    @Root() line: FullSynchLine,
    @Ctx() { loaders }: ApiContext,
  ): Promise<FullSynchProgressType> {
    const [jobs, mapping] = await Promise.all([
      line.runId ? loaders.jobsOfRun.load(line.runId) : [],
      loaders.mapping.load(line.mappingId),
    ])
    return progressOf(line, jobs, mapping?.direction ?? 'BIDIRECTIONAL', Date.now())
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Estimated seconds, at the rate of the latest jobs of this mapping that looked at a hundred records or more. Null: there are none.',
  })
  async estimatedSeconds(
    @Root() line: FullSynchLine,
    @Ctx() { loaders }: ApiContext,
  ): Promise<number | null> {
    const total = (line.localCount ?? 0) + (line.integrationCount ?? 0)
    const rate = await loaders.rateOfMapping.load(line.mappingId)
    return rate === null ? null : Math.ceil(total / rate)
  }
}
