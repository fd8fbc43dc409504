import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import type { ErrorClass } from '../../domain/failure.js'
import { Role } from '../../domain/role.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { Soon } from '../relation.js'
import type { ApiContext } from '../context.js'
import { ErrorClassEnum } from '../enums.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { TimeRangeInput } from '../paging/time-range.input.js'
import { purgePreview } from '../synch-error/purge-preview.js'
import { PurgePreviewGroupType, PurgePreviewType } from '../synch-error/purge-preview.type.js'
import { SynchErrorFilter } from '../synch-error/synch-error.input.js'
import { errorStatistics } from './error-statistics.js'
import { ErrorStatisticsType } from './error-statistics.type.js'
import { ErrorGroupType } from './error-group.type.js'

@Resolver(() => ErrorStatisticsType)
export class ErrorStatisticsResolver {
  @Authorized(Role.viewer)
  @Query(() => [ErrorStatisticsType], {
    description:
      'Errors by day, mapping and class, purged ones included; the oldest day first. At most 400 days.',
  })
  async errorStatistics(
    @Arg('mapping', () => String, { nullable: true, description: 'Name of the mapping.' })
    mapping: string | null,
    @Arg('connection', () => String, { nullable: true, description: 'Name of the connection.' })
    connection: string | null,
    @Arg('errorClass', () => [ErrorClassEnum], { nullable: true }) errorClass: ErrorClass[] | null,
    @Arg('time', () => TimeRangeInput, { nullable: true, description: 'Left out: the last thirty days.' })
    time: TimeRangeInput | null,
    @Ctx() context: ApiContext,
  ): Promise<readonly ErrorStatisticsType[]> {
    return errorStatistics(context, { mapping, connection, errorClass, time })
  }

  @FieldResolver(() => IntegrationTableMappingType)
  mapping(@Root() row: ErrorStatisticsType, @Ctx() { loaders }: ApiContext): Soon<Mapping | null> {
    return loaders.mapping.get(row.mappingId)
  }
}

@Resolver(() => PurgePreviewGroupType)
export class PurgePreviewResolver {
  @Authorized(Role.viewer)
  @Query(() => PurgePreviewType, {
    description:
      'What Delete Entries Older Than (or, without days, Delete All Entries) would meet, by root cause.',
  })
  async purgePreview(
    @Arg('days', () => Int, {
      nullable: true,
      description: 'Entries last met that many days ago or earlier. Null: all.',
    })
    days: number | null | undefined,
    @Arg('filter', () => SynchErrorFilter, { nullable: true }) filter: SynchErrorFilter | null,
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: 'Groups, at most 500.' })
    first: number,
    @Ctx() context: ApiContext,
  ): Promise<PurgePreviewType> {
    return purgePreview(context, { days: days ?? null, filter }, first)
  }

  @FieldResolver(() => ErrorGroupType, { nullable: true })
  async group(
    @Root() row: PurgePreviewGroupType,
    @Ctx() { loaders }: ApiContext,
  ): Promise<ErrorGroupType | null> {
    return row.groupId === null ? null : loaders.errorGroup.load(row.groupId)
  }
}
