import { Arg, Authorized, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { Soon } from '../relation.js'
import type { ApiContext } from '../context.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import { TimeRangeInput } from '../paging/time-range.input.js'
import { synchStatistics } from './synch-statistics.js'
import { StatisticsInterval, StatisticsIntervalEnum, SynchStatisticsType } from './synch-statistics.type.js'

@Resolver(() => SynchStatisticsType)
export class SynchStatisticsResolver {
  @Authorized(Role.viewer)
  @Query(() => [SynchStatisticsType], {
    description:
      'What jobs did over time: throughput and lag by span and mapping, the oldest first; spans without jobs are left out. At most 400 spans.',
  })
  async synchStatistics(
    @Arg('mapping', () => String, { nullable: true, description: 'Name of the mapping.' })
    mapping: string | null,
    @Arg('connection', () => String, { nullable: true, description: 'Name of the connection.' })
    connection: string | null,
    @Arg('time', () => TimeRangeInput, {
      nullable: true,
      description: 'When jobs began. Left out: the last 24 hours, or the last thirty days.',
    })
    time: TimeRangeInput | null,
    @Arg('interval', () => StatisticsIntervalEnum, { defaultValue: StatisticsInterval.hour })
    interval: StatisticsInterval,
    @Ctx() context: ApiContext,
  ): Promise<readonly SynchStatisticsType[]> {
    return synchStatistics(context, { mapping, connection, time, interval })
  }

  @FieldResolver(() => IntegrationTableMappingType)
  mapping(@Root() row: SynchStatisticsType, @Ctx() { loaders }: ApiContext): Soon<Mapping | null> {
    return loaders.mapping.get(row.mappingId)
  }
}
