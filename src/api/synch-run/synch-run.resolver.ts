import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { PassDirection } from '../../domain/mapping.js'
import { RunMode } from '../../domain/run.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { RecordResult } from '../../persistence/entities/record-result.js'
import type { SynchJob } from '../../persistence/entities/synch-job.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import type { Soon } from '../relation.js'
import type { ApiContext } from '../context.js'
import { CONNECTION_ARGUMENT, NAME_ARGUMENT } from '../descriptions.js'
import { PassDirectionEnum, RunModeEnum } from '../enums.js'
import { StartsWork } from '../idempotency/starts-work.js'
import { parseId, parseIds } from '../identifiers.js'
import { findMapping } from '../mapping/find-mapping.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { JobType } from '../synch-job/synch-job.type.js'
import { cancelRun } from './cancel-run.js'
import { listRuns } from './list-runs.js'
import { retryRun } from './retry-run.js'
import { readRun } from './run-engine.js'
import { RunFilter, SeenVersionsInput } from './synch-run.input.js'
import {
  DestinationChangedType,
  RecordResultType,
  RunType,
  SynchronizeRecordResult,
} from './synch-run.type.js'
import { synchronizeMapping } from './synchronize-mapping.js'
import type { AskedDirection } from './request-synchronization.js'
import { seenCouplings } from './seen-couplings.js'
import { synchronizeRecord } from './synchronize-record.js'
import { synchronizeRecords } from './synchronize-records.js'
import {
  SeenCouplingInput,
  SynchronizeDirectionEnum,
  SynchronizedRecordsType,
} from './synchronize-records.type.js'

@Resolver(() => RunType)
export class RunResolver {
  @Authorized(Role.viewer)
  @Query(() => RunType, { nullable: true, description: 'One run. NOT_FOUND if there is none.' })
  async synchRun(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<RunType> {
    return readRun(context, parseId(id, 'id'))
  }

  @Authorized(Role.viewer)
  @Query(() => [RunType], { description: 'Runs, those asked for last first.' })
  async synchRuns(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: 'At most 500.' }) first: number,
    @Arg('filter', () => RunFilter, { nullable: true }) filter: RunFilter | null,
    @Ctx() { em }: ApiContext,
  ): Promise<readonly RunType[]> {
    return listRuns(em, filter, first)
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => RunType, {
    description:
      'Runs a mapping. During a run that one is returned; a wider mode is queued once behind it. Ask synchRun(id) until it has ended.',
  })
  async synchronizeMapping(
    @Arg('name', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('mode', () => RunModeEnum, { defaultValue: RunMode.modified }) mode: RunMode,
    @Arg('direction', () => PassDirectionEnum, {
      nullable: true,
      description: 'Only this direction. Left out: every direction of the mapping.',
    })
    direction: PassDirection | null | undefined,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<RunType> {
    const mapping = await findMapping(context.em, name, connection)
    return synchronizeMapping(context, mapping, mode, direction ?? null)
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => SynchronizeRecordResult, {
    description:
      'Synchronizes one coupled record in the direction given, and waits up to 25 seconds for it. If the destination was changed since, nothing is written unless `overwrite` is given.',
  })
  async synchronizeRecord(
    @Arg('couplingId', () => ID) couplingId: string,
    @Arg('direction', () => PassDirectionEnum) direction: PassDirection,
    @Arg('overwrite', () => Boolean, { defaultValue: false }) overwrite: boolean,
    @Arg('seenVersions', () => SeenVersionsInput, {
      nullable: true,
      description: 'Binds the request to the versions that were looked at.',
    })
    seenVersions: SeenVersionsInput | null | undefined,
    @Ctx() context: ApiContext,
  ): Promise<SynchRun | DestinationChangedType> {
    return synchronizeRecord(context, {
      couplingId: parseId(couplingId, 'couplingId'),
      direction,
      overwrite,
      seen: seenVersions
        ? { local: seenVersions.local ?? null, integration: seenVersions.integration ?? null }
        : null,
    })
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => SynchronizedRecordsType, {
    description:
      'Synchronizes a selection of coupled records, one or many, in the direction given or merged; waits up to 25 seconds. Of many, skipped synch. records are left alone; so is what was changed at the destination, unless `overwrite` is given.',
  })
  async synchronizeRecords(
    @Arg('couplingIds', () => [ID]) couplingIds: string[],
    @Arg('direction', () => SynchronizeDirectionEnum) direction: AskedDirection,
    @Arg('overwrite', () => Boolean, { defaultValue: false }) overwrite: boolean,
    @Arg('seenVersions', () => [SeenCouplingInput], {
      nullable: true,
      description: 'Binds the request to the versions that were looked at.',
    })
    seenVersions: SeenCouplingInput[] | null | undefined,
    @Ctx() context: ApiContext,
  ): Promise<SynchronizedRecordsType> {
    const ids = parseIds(couplingIds, 'couplingIds')
    return synchronizeRecords(context, ids, {
      direction,
      overwrite,
      seen: null,
      seenBy: seenCouplings(ids, seenVersions ?? []),
    })
  }

  @Authorized(Role.operator)
  @Mutation(() => RunType, { description: 'Stops a run after the page at hand. Nothing is lost.' })
  async cancelSynchRun(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<RunType> {
    return cancelRun(context, parseId(id, 'id'))
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => RunType, {
    description:
      'A new run over the failed and pending records of a run that has ended. NOTHING_TO_RETRY if it left none.',
  })
  async retrySynchRun(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<RunType> {
    return retryRun(context, parseId(id, 'id'))
  }

  @FieldResolver(() => IntegrationTableMappingType)
  mapping(@Root() run: SynchRun, @Ctx() { loaders }: ApiContext): Soon<Mapping | null> {
    return loaders.mapping.get(run.mappingId)
  }

  @FieldResolver(() => [JobType], {
    description: 'One job per direction: to the integration table, then from it.',
  })
  async jobs(@Root() run: SynchRun, @Ctx() { loaders }: ApiContext): Promise<readonly SynchJob[]> {
    return loaders.jobsOfRun.load(run.id)
  }

  @FieldResolver(() => [RecordResultType], {
    description: 'Of a run over chosen records: what it did with each.',
  })
  async recordResults(
    @Root() run: SynchRun,
    @Ctx() { loaders }: ApiContext,
  ): Promise<readonly RecordResult[]> {
    return loaders.resultsOfRun.load(run.id)
  }

  @FieldResolver(() => RunType, {
    nullable: true,
    description: 'The run whose records this one tried again.',
  })
  async retryOf(@Root() run: SynchRun, @Ctx() { loaders }: ApiContext): Promise<SynchRun | null> {
    return (run.retryOf ?? null) === null ? null : loaders.run.load(run.retryOf ?? '')
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "The run's workflow in Temporal's web interface; null without one.",
  })
  temporalUrl(@Root() run: SynchRun, @Ctx() { runControl }: ApiContext): string | null {
    // Delete Couplings has no workflow.
    if (run.workflowId === '') return null
    return runControl.urlOf({ workflowId: run.workflowId, workflowRunId: run.workflowRunId })
  }
}
