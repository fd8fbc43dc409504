import {
  Arg,
  Authorized,
  Ctx,
  FieldResolver,
  Float,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql'
import { Role } from '../../domain/role.js'
import { RepairKeep } from '../../domain/reconcile-repair.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { Reconciliation } from '../../persistence/entities/reconciliation.js'
import type { Soon } from '../relation.js'
import type { ApiContext } from '../context.js'
import { CONNECTION_ARGUMENT, FIRST_ARGUMENT, NAME_ARGUMENT } from '../descriptions.js'
import { badUserInput } from '../errors.js'
import { StartsWork } from '../idempotency/starts-work.js'
import { parseId, parseIds } from '../identifiers.js'
import { findMapping } from '../mapping/find-mapping.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { listItems, type ItemSource } from './items.js'
import {
  cancelReconciliation,
  figuresOf,
  listReconciliations,
  readReconciliation,
  reconcileMapping,
  setReconciliationPaused,
  summaryOf,
} from './reconcile.js'
import {
  ReconciliationCountType,
  ReconciliationItemConnection,
  ReconciliationItemFilter,
  ReconciliationItemType,
  ReconciliationType,
} from './reconcile.type.js'
import { repairReconciliation } from './repair.js'
import { repairOfItem } from './repair-outcome.js'
import { ItemRepairType, RepairKeepEnum, RepairPayload } from './repair.type.js'

@Resolver(() => ReconciliationType)
export class ReconciliationResolver {
  @Authorized(Role.viewer)
  @Query(() => ReconciliationType, { nullable: true, description: 'NOT_FOUND if there is none.' })
  async reconciliation(
    @Arg('id', () => ID) id: string,
    @Ctx() context: ApiContext,
  ): Promise<ReconciliationType> {
    return readReconciliation(context, parseId(id, 'id'))
  }

  @Authorized(Role.viewer)
  @Query(() => [ReconciliationType], { description: 'Reconciliations of a mapping, the latest first.' })
  async reconciliations(
    @Arg('mapping', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<ReconciliationType[]> {
    return listReconciliations(context, (await findMapping(context.em, name, connection ?? null)).id, first)
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => ReconciliationType, {
    description:
      'Compares all pairs of a mapping without writing anything outside; waits up to 25 seconds. One that is under way is returned. It runs beside synch. runs.',
  })
  async reconcileMapping(
    @Arg('name', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<ReconciliationType> {
    return reconcileMapping(context, await findMapping(context.em, name, connection ?? null))
  }

  @Authorized(Role.operator)
  @Mutation(() => ReconciliationType, {
    description: 'It stops after the page at hand. What it found until then stands.',
  })
  async cancelReconciliation(
    @Arg('id', () => ID) id: string,
    @Ctx() context: ApiContext,
  ): Promise<ReconciliationType> {
    return cancelReconciliation(context, parseId(id, 'id'))
  }

  @Authorized(Role.operator)
  @Mutation(() => ReconciliationType, { description: 'It waits between two pages. Nothing is lost.' })
  async pauseReconciliation(
    @Arg('id', () => ID) id: string,
    @Ctx() context: ApiContext,
  ): Promise<ReconciliationType> {
    return setReconciliationPaused(context, parseId(id, 'id'), true)
  }

  @Authorized(Role.operator)
  @Mutation(() => ReconciliationType, { description: 'It goes on where it was.' })
  async resumeReconciliation(
    @Arg('id', () => ID) id: string,
    @Ctx() context: ApiContext,
  ): Promise<ReconciliationType> {
    return setReconciliationPaused(context, parseId(id, 'id'), false)
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => RepairPayload, {
    description:
      'Repairs what is approved: the items named, or those of a filter that no repair has dealt with. A record that is no longer at the version which was compared is left alone, and the result says so. Waits up to 25 seconds. CONFLICTING_STATE if the mapping was changed since.',
  })
  async repairReconciliation(
    @Arg('id', () => ID) id: string,
    @Arg('items', () => [ID], { nullable: true, description: 'Ids of items; give these, or `filter`.' })
    items: string[] | null,
    @Arg('filter', () => ReconciliationItemFilter, {
      nullable: true,
      description: 'Up to a thousand items at a time.',
    })
    filter: ReconciliationItemFilter | null,
    @Arg('keep', () => RepairKeepEnum, { defaultValue: RepairKeep.recommended }) keep: RepairKeep,
    @Ctx() context: ApiContext,
  ): Promise<RepairPayload> {
    const [ids, asked] = [items ?? null, filter ?? null]
    if ((ids === null) === (asked === null)) {
      throw badUserInput([
        {
          argument: 'items',
          message: 'Expected either items or filter, so that it is said what is approved.',
        },
      ])
    }
    return repairReconciliation(context, parseId(id, 'id'), {
      keep,
      ids: ids === null ? null : parseIds(ids, 'items'),
      filter: asked,
    })
  }

  @FieldResolver(() => ReconciliationItemConnection, {
    description: 'What it found, by no particular order.',
  })
  async items(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'endCursor of the page before.' })
    after: string | null,
    @Arg('filter', () => ReconciliationItemFilter, { nullable: true })
    filter: ReconciliationItemFilter | null,
    @Root() found: Reconciliation,
    @Ctx() context: ApiContext,
  ): Promise<ReconciliationItemConnection> {
    return listItems(context, found, { first, after: after ?? null, filter: filter ?? null })
  }

  @FieldResolver(() => [ReconciliationCountType], {
    description:
      'By verdict; empty ones are left out. What was not compared to the end does not count as equal.',
  })
  counts(@Root() found: Reconciliation): ReconciliationCountType[] {
    return [...figuresOf(found).counts]
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Pairs that agree. Null until all were compared.',
  })
  equal(@Root() found: Reconciliation): number | null {
    return figuresOf(found).equal
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Pairs that do not simply agree. Null until all were compared.',
  })
  differing(@Root() found: Reconciliation): number | null {
    return figuresOf(found).differing
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Pairs that agree, in percent of all, cut after three decimals: 99.998. 100 only when all agree.',
  })
  equalPercent(@Root() found: Reconciliation): number | null {
    return figuresOf(found).percent
  }

  @FieldResolver(() => String, { description: 'The same in a sentence.' })
  summary(@Root() found: Reconciliation): string {
    return summaryOf(found)
  }

  @FieldResolver(() => IntegrationTableMappingType)
  mapping(@Root() found: Reconciliation, @Ctx() { loaders }: ApiContext): Soon<Mapping | null> {
    return loaders.mapping.get(found.mappingId)
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "The workflow in Temporal's own web interface. Null without one.",
  })
  temporalUrl(@Root() found: Reconciliation, @Ctx() { runControl }: ApiContext): string | null {
    return runControl.urlOf({ workflowId: found.workflowId, workflowRunId: found.workflowRunId })
  }
}

@Resolver(() => ReconciliationItemType)
export class ReconciliationItemResolver {
  @FieldResolver(() => ItemRepairType, { nullable: true, description: 'The last repair that was approved.' })
  async repair(
    @Root() { row, terms }: ItemSource,
    @Ctx() context: ApiContext,
  ): Promise<ItemRepairType | null> {
    return repairOfItem(context, row, terms)
  }
}
