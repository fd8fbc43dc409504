import type { GraphQLResolveInfo } from '../graphql.js'
import { Arg, Authorized, Ctx, FieldResolver, ID, Info, Int, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { SynchronizedBy } from '../../domain/coupling.js'
import { RecordStatus } from '../../domain/run.js'
import { Side } from '../../domain/value.js'
import { CouplingRecord } from '../../persistence/entities/coupling.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { RecordState } from '../../persistence/entities/record-state.js'
import type { SynchError } from '../../persistence/entities/synch-error.js'
import type { SynchJob } from '../../persistence/entities/synch-job.js'
import type { ApiContext } from '../context.js'
import { AFTER_ARGUMENT, FIRST_ARGUMENT } from '../descriptions.js'
import { SideEnum, SynchronizedByEnum } from '../enums.js'
import { apiError, ErrorCode } from '../errors.js'
import { parseId } from '../identifiers.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import { propertiesAsked, type FieldsFrom } from '../paging/requested.js'
import type { Soon } from '../relation.js'
import type { Page } from '../paging/connection.type.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { coupledRecord, loadReference } from '../record/record-reference.js'
import { RecordReferenceType } from '../record/record-reference.type.js'
import { SkippedSynchRecordType } from '../skipped-record/skipped-record.type.js'
import { SynchErrorType } from '../synch-error/synch-error.type.js'
import { JobType } from '../synch-job/synch-job.type.js'
import {
  CouplingFilter,
  CouplingOrder,
  CouplingOrderEnum,
  CouplingStatus,
  CouplingStatusEnum,
} from './coupling.input.js'
import { CouplingConnection, CouplingType } from './coupling.type.js'
import { listCouplings } from './list-couplings.js'

const FIELDS_FROM: FieldsFrom = {
  __typename: [],
  mapping: ['mappingId'],
  localRecord: ['mappingId', 'localId', 'localName', 'localVersion', 'localStamp'],
  integrationRecord: [
    'mappingId',
    'integrationId',
    'integrationName',
    'integrationVersion',
    'integrationStamp',
  ],
  lastSynchModifiedOn: ['localStamp'],
  lastSynchCrmModifiedOn: ['integrationStamp'],
  lastSynchronizedBy: ['lastBy'],
  lastSynchronizedFrom: ['lastSource'],
  lastJob: ['lastJobId'],
  status: [],
  skipped: [],
  skippedSynchRecord: [],
  pendingReason: [],
  openErrors: [],
  writes: ['mappingId', 'localId', 'integrationId'],
}

@Resolver(() => CouplingType)
export class CouplingResolver {
  @Authorized(Role.viewer)
  @Query(() => CouplingType, { nullable: true, description: 'One coupled pair. NOT_FOUND if there is none.' })
  async coupling(@Arg('id', () => ID) id: string, @Ctx() { em }: ApiContext): Promise<CouplingType> {
    const found = await em.findOne(CouplingRecord, { id: parseId(id, 'id') }, { disableIdentityMap: true })
    if (found === null) throw apiError(ErrorCode.notFound, `There is no coupling ${id}.`)
    return found
  }

  @Authorized(Role.viewer)
  @Query(() => CouplingConnection, { description: 'Coupled pairs.' })
  async couplings(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Arg('filter', () => CouplingFilter, { nullable: true }) filter: CouplingFilter | null,
    @Arg('orderBy', () => CouplingOrderEnum, { defaultValue: CouplingOrder.id }) order: CouplingOrder,
    @Ctx() { em }: ApiContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<CouplingType>> {
    const only = propertiesAsked(em, CouplingRecord, info, FIELDS_FROM)
    return listCouplings(em, filter, { first, after, order }, only)
  }

  @FieldResolver(() => IntegrationTableMappingType)
  mapping(@Root() coupling: CouplingRecord, @Ctx() { loaders }: ApiContext): Soon<Mapping | null> {
    return loaders.mapping.get(coupling.mappingId)
  }

  @FieldResolver(() => RecordReferenceType, { description: 'The local record.' })
  localRecord(
    @Root() coupling: CouplingRecord,
    @Ctx() { loaders }: ApiContext,
  ): Soon<RecordReferenceType | null> {
    return loadReference(loaders, coupling.mappingId, Side.local, coupledRecord(coupling, Side.local))
  }

  @FieldResolver(() => RecordReferenceType, { description: 'The record of the integration table.' })
  integrationRecord(
    @Root() coupling: CouplingRecord,
    @Ctx() { loaders }: ApiContext,
  ): Soon<RecordReferenceType | null> {
    return loadReference(
      loaders,
      coupling.mappingId,
      Side.integration,
      coupledRecord(coupling, Side.integration),
    )
  }

  @FieldResolver(() => Date, {
    description: 'Last Synch. Modified On: the stamp of the local record when both last agreed.',
  })
  lastSynchModifiedOn(@Root() coupling: CouplingRecord): Date {
    return coupling.localStamp
  }

  @FieldResolver(() => Date, {
    description: 'Last Synch. CRM Modified On: the stamp of the other record when both last agreed.',
  })
  lastSynchCrmModifiedOn(@Root() coupling: CouplingRecord): Date {
    return coupling.integrationStamp
  }

  @FieldResolver(() => SynchronizedByEnum, {
    nullable: true,
    description: 'Null until first contact is recorded.',
  })
  lastSynchronizedBy(@Root() coupling: CouplingRecord): SynchronizedBy | null {
    return coupling.lastBy ?? null
  }

  @FieldResolver(() => SideEnum, { nullable: true, description: 'The side that was the source; null: both.' })
  lastSynchronizedFrom(@Root() coupling: CouplingRecord): Side | null {
    return coupling.lastSource ?? null
  }

  @FieldResolver(() => JobType, { nullable: true })
  async lastJob(@Root() coupling: CouplingRecord, @Ctx() { loaders }: ApiContext): Promise<SynchJob | null> {
    return coupling.lastJobId ? loaders.job.load(coupling.lastJobId) : null
  }

  @FieldResolver(() => CouplingStatusEnum)
  async status(@Root() coupling: CouplingRecord, @Ctx() { loaders }: ApiContext): Promise<CouplingStatus> {
    const state = await loaders.stateOfCoupling.load(coupling.id)
    return state?.state ?? CouplingStatus.settled
  }

  @FieldResolver(() => Boolean, { description: 'Skipped: no run touches it until a person has decided.' })
  async skipped(@Root() coupling: CouplingRecord, @Ctx() { loaders }: ApiContext): Promise<boolean> {
    return (await skipOf(coupling, loaders)) !== null
  }

  @FieldResolver(() => SkippedSynchRecordType, { nullable: true })
  async skippedSynchRecord(
    @Root() coupling: CouplingRecord,
    @Ctx() { loaders }: ApiContext,
  ): Promise<RecordState | null> {
    return skipOf(coupling, loaders)
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Why a later run looks at it again. Null: it is not pending.',
  })
  async pendingReason(
    @Root() coupling: CouplingRecord,
    @Ctx() { loaders }: ApiContext,
  ): Promise<string | null> {
    const state = await loaders.stateOfCoupling.load(coupling.id)
    return state?.state === RecordStatus.pending ? state.reason : null
  }

  @FieldResolver(() => [SynchErrorType], { description: 'Errors that no later success has resolved.' })
  async openErrors(
    @Root() coupling: CouplingRecord,
    @Ctx() { loaders }: ApiContext,
  ): Promise<readonly SynchError[]> {
    return loaders.openErrorsOfCoupling.load(coupling.id)
  }
}

async function skipOf(coupling: CouplingRecord, loaders: ApiContext['loaders']): Promise<RecordState | null> {
  const state = await loaders.stateOfCoupling.load(coupling.id)
  return state?.state === RecordStatus.skipped ? state : null
}
