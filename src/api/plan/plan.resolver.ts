import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { PassDirection } from '../../domain/mapping.js'
import type { PlanAction } from '../../domain/plan.js'
import { RunMode } from '../../domain/run.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { Plan } from '../../persistence/entities/plan.js'
import type { SynchJob } from '../../persistence/entities/synch-job.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import { run as execute, sql } from '../../persistence/sql.js'
import type { ApiContext } from '../context.js'
import { CONNECTION_ARGUMENT, FIRST_ARGUMENT, NAME_ARGUMENT } from '../descriptions.js'
import { PassDirectionEnum, RunModeEnum } from '../enums.js'
import { StartsWork } from '../idempotency/starts-work.js'
import { parseId } from '../identifiers.js'
import { findMapping } from '../mapping/find-mapping.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { JobType } from '../synch-job/synch-job.type.js'
import { assertCarried } from '../synch-run/synchronize-mapping.js'
import { RunType } from '../synch-run/synch-run.type.js'
import { applyPlan, listPlans, planItems, planMapping, readPlan } from './plan.js'
import { PlanCountType, PlanItemConnection, PlanItemFilter, PlanType } from './plan.type.js'

@Resolver(() => PlanType)
export class PlanResolver {
  @Authorized(Role.viewer)
  @Query(() => PlanType, { nullable: true, description: 'NOT_FOUND if there is none.' })
  async plan(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<PlanType> {
    return readPlan(context, parseId(id, 'id'))
  }

  @Authorized(Role.viewer)
  @Query(() => [PlanType], { description: 'Plans of a mapping, the latest first.' })
  async plans(
    @Arg('mapping', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<PlanType[]> {
    return listPlans(context, (await findMapping(context.em, name, connection ?? null)).id, first)
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => PlanType, {
    description:
      'Lists exactly what a run would do, without writing anything; waits up to 25 seconds. It runs beside other runs. Of a mapping with mode COUPLE: the preview of match-based coupling.',
  })
  async planMapping(
    @Arg('name', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('mode', () => RunModeEnum, { defaultValue: RunMode.modified }) mode: RunMode,
    @Arg('direction', () => PassDirectionEnum, {
      nullable: true,
      description: 'Only this direction. Left out: every direction of the mapping.',
    })
    direction: PassDirection | null | undefined,
    @Arg('includeUncoupled', () => Boolean, {
      defaultValue: false,
      description:
        'As a full synchronisation would: records without a partner are created, whatever Synch. Only Coupled Records says.',
    })
    includeUncoupled: boolean,
    @Arg('createNew', () => Boolean, {
      nullable: true,
      description: 'Of mode COUPLE: Create New in Case of No Match. Left out: as the mapping says.',
    })
    createNew: boolean | null | undefined,
    @Arg('synchronizeAfterwards', () => Boolean, {
      nullable: true,
      description: 'Of mode COUPLE: Synch. After Match-Based Coupling. Left out: as the mapping says.',
    })
    synchronizeAfterwards: boolean | null | undefined,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<PlanType> {
    const mapping = await findMapping(context.em, name, connection ?? null)
    if (direction) assertCarried(mapping, direction)
    return planMapping(context, mapping, {
      mode,
      direction: direction ?? null,
      includeUncoupled,
      createNew: createNew ?? null,
      synchronizeAfterwards: synchronizeAfterwards ?? null,
    })
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => RunType, {
    description:
      'Carries out a plan, once: its records, as they were planned. What has changed since is left alone and counted as Ignored, CHANGED_SINCE_PLAN. CONFLICTING_STATE if the plan is not the one that was looked at, or its mapping was changed.',
  })
  async applyPlan(
    @Arg('id', () => ID) id: string,
    @Arg('hash', () => String, { description: 'Of the plan that was looked at.' }) hash: string,
    @Arg('allowDeletions', () => Boolean, {
      defaultValue: false,
      description:
        'Needed where the plan acts on so many deletions that a run would let them wait for review; else CONFIRMATION_REQUIRED.',
    })
    allowDeletions: boolean,
    @Ctx() context: ApiContext,
  ): Promise<SynchRun> {
    return applyPlan(context, parseId(id, 'id'), hash, allowDeletions)
  }

  @FieldResolver(() => PlanItemConnection, {
    description: 'Its records in order; filter them by what would be done.',
  })
  async items(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'endCursor of the page before.' })
    after: string | null,
    @Arg('filter', () => PlanItemFilter, { nullable: true }) filter: PlanItemFilter | null,
    @Root() plan: PlanType,
    @Ctx() context: ApiContext,
  ): Promise<PlanItemConnection> {
    return planItems(context, plan, { first, after: after ?? null, filter: filter ?? null })
  }

  @FieldResolver(() => [PlanCountType], { description: 'How many records would be dealt with in which way.' })
  async counts(@Root() plan: PlanType, @Ctx() { em }: ApiContext): Promise<PlanCountType[]> {
    const rows = await execute<{ action: PlanAction; count: number }>(
      em,
      sql`select action, count(*)::integer as count from plan_item where plan_id = ${plan.id} group by action order by action`,
    )
    return [...rows]
  }

  @FieldResolver(() => [JobType], {
    description: 'The counters that the passes of the run would have, also of what it would leave as it is.',
  })
  async jobs(@Root() plan: PlanType, @Ctx() { loaders }: ApiContext): Promise<readonly SynchJob[]> {
    return loaders.jobsOfRun.load(plan.id)
  }

  @FieldResolver(() => RunType, {
    nullable: true,
    description: 'The run that carried it out. Null: none did.',
  })
  async appliedBy(@Root() plan: PlanType, @Ctx() { em, loaders }: ApiContext): Promise<SynchRun | null> {
    const stored = await em.findOne(Plan, { runId: plan.id }, { disableIdentityMap: true })
    return stored?.appliedByRun ? loaders.run.load(stored.appliedByRun) : null
  }

  @FieldResolver(() => IntegrationTableMappingType)
  async mapping(@Root() plan: PlanType, @Ctx() { loaders }: ApiContext): Promise<Mapping | null> {
    const run = await loaders.run.load(plan.id)
    return run === null ? null : loaders.mapping.load(run.mappingId)
  }
}
