import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { Connection } from '../../persistence/entities/connection.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import type { SynchJob } from '../../persistence/entities/synch-job.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import type { ApiContext } from '../context.js'
import { CONNECTION_ARGUMENT, NAME_ARGUMENT } from '../descriptions.js'
import { JobType } from '../synch-job/synch-job.type.js'
import { RunType } from '../synch-run/synch-run.type.js'
import { ConnectionType } from '../connection/connection.type.js'
import { findMapping } from './find-mapping.js'
import { IntegrationTableMappingType } from './mapping.type.js'

@Resolver(() => IntegrationTableMappingType)
export class MappingResolver {
  @Authorized(Role.viewer)
  @Query(() => [IntegrationTableMappingType], {
    description: 'All mappings, in the order in which they depend on one another.',
  })
  async integrationTableMappings(@Ctx() { em }: ApiContext): Promise<IntegrationTableMappingType[]> {
    return em.find(
      Mapping,
      {},
      { orderBy: { connectionId: 'asc', position: 'asc', name: 'asc' }, disableIdentityMap: true },
    )
  }

  @Authorized(Role.viewer)
  @Query(() => IntegrationTableMappingType, {
    nullable: true,
    description: 'NOT_FOUND names those that exist.',
  })
  async integrationTableMapping(
    @Arg('name', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() { em }: ApiContext,
  ): Promise<IntegrationTableMappingType> {
    return findMapping(em, name, connection)
  }

  @FieldResolver(() => ConnectionType)
  async connection(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<Connection | null> {
    return loaders.connection.load(mapping.connectionId)
  }

  @FieldResolver(() => RunType, { nullable: true, description: 'The run that was asked for last.' })
  async lastRun(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<SynchRun | null> {
    return loaders.lastRunOfMapping.load(mapping.id)
  }

  @FieldResolver(() => [JobType], { description: 'The latest job of each direction.' })
  async lastJobs(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<readonly SynchJob[]> {
    return loaders.lastJobsOfMapping.load(mapping.id)
  }

  @FieldResolver(() => Int, { description: 'Number of errors that no later success has resolved.' })
  async openErrors(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.openErrorCount.load(mapping.id)
  }

  @FieldResolver(() => Int, { description: 'Number of skipped synch. records: they wait for a person.' })
  async skippedRecords(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.skippedCount.load(mapping.id)
  }

  @FieldResolver(() => Int, { description: 'Number of records that a later run tries again.' })
  async pendingRecords(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.pendingCount.load(mapping.id)
  }

  @FieldResolver(() => Int, { description: 'Number of coupled pairs.' })
  async couplings(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.couplingCount.load(mapping.id)
  }
}
