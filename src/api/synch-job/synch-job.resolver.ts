import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { IgnoredReason } from '../../domain/decision.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { SynchJob } from '../../persistence/entities/synch-job.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import type { ApiContext } from '../context.js'
import { AFTER_ARGUMENT, FIRST_ARGUMENT } from '../descriptions.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import type { Soon } from '../relation.js'
import type { Page } from '../paging/connection.type.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { RunType } from '../synch-run/synch-run.type.js'
import { listJobs } from './list-jobs.js'
import { JobFilter, JobOrder, JobOrderEnum } from './synch-job.input.js'
import { IgnoredCountType, JobConnection, JobType } from './synch-job.type.js'

@Resolver(() => JobType)
export class JobResolver {
  @Authorized(Role.viewer)
  @Query(() => JobConnection, { description: 'The log of passes.' })
  async integrationSynchJobs(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Arg('filter', () => JobFilter, { nullable: true }) filter: JobFilter | null,
    @Arg('orderBy', () => JobOrderEnum, { defaultValue: JobOrder.startDesc }) order: JobOrder,
    @Ctx() { em }: ApiContext,
  ): Promise<Page<JobType>> {
    return listJobs(em, filter, { first, after, order })
  }

  @FieldResolver(() => IntegrationTableMappingType)
  mapping(@Root() job: SynchJob, @Ctx() { loaders }: ApiContext): Soon<Mapping | null> {
    return loaders.mapping.get(job.mappingId)
  }

  @FieldResolver(() => RunType)
  async run(@Root() job: SynchJob, @Ctx() { loaders }: ApiContext): Promise<SynchRun | null> {
    return loaders.run.load(job.runId)
  }

  @FieldResolver(() => Int, { description: 'The version of the mapping that it carried out.' })
  async mappingVersion(@Root() job: SynchJob, @Ctx() { loaders }: ApiContext): Promise<number> {
    return (await loaders.run.load(job.runId))?.mappingVersion ?? 1
  }

  @FieldResolver(() => Int, { description: 'Records left out, for whatever reason.' })
  ignored(@Root() job: SynchJob): number {
    return this.ignoredByReason(job).reduce((sum, { count }) => sum + count, 0)
  }

  @FieldResolver(() => [IgnoredCountType], { description: 'Records left out, by reason.' })
  ignoredByReason(@Root() job: SynchJob): IgnoredCountType[] {
    const entries = Object.entries(job.ignored) as [IgnoredReason, number][]
    return entries.map(([reason, count]) => ({ reason, count }))
  }
}
