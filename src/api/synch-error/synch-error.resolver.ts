import type { GraphQLResolveInfo } from '../graphql.js'
import {
  Arg,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Info,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { CouplingRecord } from '../../persistence/entities/coupling.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { SynchError } from '../../persistence/entities/synch-error.js'
import type { SynchJob } from '../../persistence/entities/synch-job.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import type { ApiContext } from '../context.js'
import { ErrorGroupType } from '../error-group/error-group.type.js'
import { CouplingType } from '../coupling/coupling.type.js'
import { AFTER_ARGUMENT, FIRST_ARGUMENT } from '../descriptions.js'
import { apiError, ErrorCode } from '../errors.js'
import { parseId } from '../identifiers.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import type { Soon } from '../relation.js'
import type { Page } from '../paging/connection.type.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { errorField, stampsOf } from '../record/conflict.js'
import { propertiesAsked, type FieldsFrom } from '../paging/requested.js'
import { ConflictStampsType, SynchErrorFieldType } from '../record/conflict.type.js'
import { RecordReferenceType } from '../record/record-reference.type.js'
import { JobType } from '../synch-job/synch-job.type.js'
import { RunType } from '../synch-run/synch-run.type.js'
import { destinationOf, sourceOf } from './error-records.js'
import { listErrors } from './list-errors.js'
import { purgeErrors } from './purge-errors.js'
import { SynchErrorFilter, SynchErrorOrder, SynchErrorOrderEnum } from './synch-error.input.js'
import { DeletedSynchErrorsType, SynchErrorConnection, SynchErrorType } from './synch-error.type.js'

const STILL_RELEVANT_ARGUMENT =
  'Delete also entries whose record is not in sync now. Skips, pending records and conflicts stay with their records either way.'
const DRY_RUN_ARGUMENT = 'Count, and delete nothing.'

const FIELDS_FROM: FieldsFrom = {
  __typename: [],
  time: ['lastSeen'],
  mapping: ['mappingId'],
  group: ['groupId'],
  run: ['runId'],
  job: ['jobId'],
  coupling: ['couplingId'],
  source: ['mappingId', 'sourceSide', 'sourceId', 'sourceName'],
  destination: ['mappingId', 'sourceSide', 'destinationId', 'destinationName'],
  stamps: ['detail'],
  fields: ['detail', 'direction'],
}

@Resolver(() => SynchErrorType)
export class SynchErrorResolver {
  @Authorized(Role.viewer)
  @Query(() => SynchErrorType, {
    nullable: true,
    description: 'One entry of the error log. NOT_FOUND if there is none, or it was purged.',
  })
  async integrationSynchError(
    @Arg('id', () => ID) id: string,
    @Ctx() { em }: ApiContext,
  ): Promise<SynchErrorType & SynchError> {
    const found = await em.findOne(SynchError, { id: parseId(id, 'id') }, { disableIdentityMap: true })
    if (found === null) {
      throw apiError(
        ErrorCode.notFound,
        `There is no integration synch. error ${id}; it may have been deleted from the log.`,
      )
    }
    return found
  }

  @Authorized(Role.viewer)
  @Query(() => SynchErrorConnection, { description: 'The error log.' })
  async integrationSynchErrors(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Arg('filter', () => SynchErrorFilter, { nullable: true }) filter: SynchErrorFilter | null,
    @Arg('orderBy', () => SynchErrorOrderEnum, { defaultValue: SynchErrorOrder.timeDesc })
    order: SynchErrorOrder,
    @Ctx() { em }: ApiContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<SynchErrorType>> {
    const only = propertiesAsked(em, SynchError, info, FIELDS_FROM)
    return listErrors(em, filter, { first, after, order }, only)
  }

  @Authorized(Role.administrator)
  @Mutation(() => DeletedSynchErrorsType, {
    description:
      'Delete Entries Older Than: purges the error log of entries last met that many days ago or earlier.',
  })
  async deleteIntegrationSynchErrorsOlderThan(
    @Arg('days', () => Int, { defaultValue: 7 }) days: number,
    @Arg('filter', () => SynchErrorFilter, { nullable: true }) filter: SynchErrorFilter | null,
    @Arg('includeStillRelevant', () => Boolean, { defaultValue: false, description: STILL_RELEVANT_ARGUMENT })
    includeStillRelevant: boolean,
    @Arg('dryRun', () => Boolean, { defaultValue: false, description: DRY_RUN_ARGUMENT }) dryRun: boolean,
    @Ctx() context: ApiContext,
  ): Promise<DeletedSynchErrorsType> {
    return purgeErrors(context, { days, filter, includeStillRelevant, dryRun })
  }

  @Authorized(Role.administrator)
  @Mutation(() => DeletedSynchErrorsType, {
    description:
      'Delete All Entries: purges the error log. CONFIRMATION_REQUIRED, and nothing deleted, unless confirmed; a dry run needs no confirmation.',
  })
  async deleteAllIntegrationSynchErrors(
    @Arg('confirm', () => Boolean, { defaultValue: false }) confirm: boolean,
    @Arg('filter', () => SynchErrorFilter, { nullable: true }) filter: SynchErrorFilter | null,
    @Arg('includeStillRelevant', () => Boolean, { defaultValue: false, description: STILL_RELEVANT_ARGUMENT })
    includeStillRelevant: boolean,
    @Arg('dryRun', () => Boolean, { defaultValue: false, description: DRY_RUN_ARGUMENT }) dryRun: boolean,
    @Ctx() context: ApiContext,
  ): Promise<DeletedSynchErrorsType> {
    if (!confirm && !dryRun) {
      throw apiError(
        ErrorCode.confirmationRequired,
        'Deleting all entries of the error log cannot be undone. Ask again with confirm: true, or look first with dryRun: true. Nothing was deleted.',
      )
    }
    return purgeErrors(context, { days: null, filter, includeStillRelevant, dryRun })
  }

  @FieldResolver(() => Date, { description: 'When it was last met.' })
  time(@Root() error: SynchError): Date {
    return error.lastSeen
  }

  @FieldResolver(() => IntegrationTableMappingType)
  mapping(@Root() error: SynchError, @Ctx() { loaders }: ApiContext): Soon<Mapping | null> {
    return loaders.mapping.get(error.mappingId)
  }

  @FieldResolver(() => ErrorGroupType, { nullable: true, description: 'The group of its root cause.' })
  async group(@Root() error: SynchError, @Ctx() { loaders }: ApiContext): Promise<ErrorGroupType | null> {
    return error.groupId ? loaders.errorGroup.load(error.groupId) : null
  }

  @FieldResolver(() => RunType, { nullable: true, description: 'The run that met it last.' })
  async run(@Root() error: SynchError, @Ctx() { loaders }: ApiContext): Promise<SynchRun | null> {
    return error.runId ? loaders.run.load(error.runId) : null
  }

  @FieldResolver(() => JobType, { nullable: true, description: 'The job that met it last.' })
  async job(@Root() error: SynchError, @Ctx() { loaders }: ApiContext): Promise<SynchJob | null> {
    return error.jobId ? loaders.job.load(error.jobId) : null
  }

  @FieldResolver(() => CouplingType, { nullable: true })
  async coupling(@Root() error: SynchError, @Ctx() { loaders }: ApiContext): Promise<CouplingRecord | null> {
    return error.couplingId ? loaders.coupling.load(error.couplingId) : null
  }

  @FieldResolver(() => RecordReferenceType, {
    nullable: true,
    description: 'The record that was read. Null for a failure of the whole pass.',
  })
  source(@Root() error: SynchError, @Ctx() { loaders }: ApiContext): Soon<RecordReferenceType | null> {
    return sourceOf(loaders, error)
  }

  @FieldResolver(() => RecordReferenceType, {
    nullable: true,
    description: 'The record that was to be written. Null for a failure of the whole pass.',
  })
  destination(@Root() error: SynchError, @Ctx() { loaders }: ApiContext): Soon<RecordReferenceType | null> {
    return destinationOf(loaders, error)
  }

  @FieldResolver(() => ConflictStampsType, { nullable: true, description: 'Of a conflict.' })
  stamps(@Root() error: SynchError): ConflictStampsType | null {
    return error.detail ? stampsOf(error.detail) : null
  }

  @FieldResolver(() => [SynchErrorFieldType], { description: 'Of a conflict: its mapped fields.' })
  fields(@Root() error: SynchError): SynchErrorFieldType[] {
    return (error.detail?.fields ?? []).map((field) => errorField(field, error.direction))
  }
}
