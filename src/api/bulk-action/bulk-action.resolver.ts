import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { BulkAction, BulkActionTarget } from '../../persistence/entities/bulk-action.js'
import { sql } from '../../persistence/sql.js'
import type { ApiContext } from '../context.js'
import { AFTER_ARGUMENT, FIRST_ARGUMENT } from '../descriptions.js'
import { parseId } from '../identifiers.js'
import { findByIds } from '../loaders.js'
import { oneOf, present } from '../paging/conditions.js'
import { page, type Page } from '../paging/connection.type.js'
import { KeyType } from '../paging/cursor.js'
import { assertPageSize, DEFAULT_PAGE } from '../paging/keyset.js'
import { isSettlement, type BulkActionStatus } from '../../domain/bulk-action.js'
import { BulkActionStatusEnum, StartBulkActionInput } from './bulk-action.input.js'
import {
  BulkActionConnection,
  BulkActionFailureType,
  BulkActionSubject,
  BulkActionSubjectEnum,
  BulkObstacle,
  BulkObstacleEnum,
  BulkActionType,
  StartBulkActionResultUnion,
  type StartBulkActionResult,
} from './bulk-action.type.js'
import { StartBulkSettlementInput } from './bulk-settlement.input.js'
import { cancelBulkAction, readBulkAction, startBulkAction } from './start-bulk-action.js'
import { startBulkSettlement } from './start-bulk-settlement.js'

@Resolver(() => BulkActionType)
export class BulkActionResolver {
  @Authorized(Role.viewer)
  @Query(() => BulkActionType, {
    nullable: true,
    description:
      'One action over many errors, or many skipped synch. records, with its progress. NOT_FOUND if there is none.',
  })
  async bulkAction(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<BulkActionType> {
    return readBulkAction(context, parseId(id, 'id'))
  }

  @Authorized(Role.viewer)
  @Query(() => BulkActionConnection, {
    description: 'Actions over many errors, or many skipped synch. records, the latest first.',
  })
  async bulkActions(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Arg('status', () => [BulkActionStatusEnum], { nullable: true }) status: BulkActionStatus[] | null,
    @Ctx() { em }: ApiContext,
  ): Promise<Page<BulkActionType>> {
    return page(
      em,
      { from: sql`bulk_action b`, id: sql`b.id`, conditions: present([oneOf(sql`b.status`, status)]) },
      { key: sql`b.requested_at`, keyType: KeyType.timestamp, descending: true },
      { first, after, order: 'REQUESTED_DESC' },
      (ids) => findByIds(em, BulkAction, ids),
    )
  }

  @Authorized(Role.operator)
  @Mutation(() => StartBulkActionResultUnion, {
    description:
      'Does something with many open errors: which they are is fixed now, then a workflow goes through them; ask for bulkAction(id) to follow it.',
  })
  async startBulkAction(
    @Arg('input', () => StartBulkActionInput) input: StartBulkActionInput,
    @Ctx() context: ApiContext,
  ): Promise<StartBulkActionResult> {
    return startBulkAction(context, input)
  }

  @Authorized(Role.operator)
  @Mutation(() => BulkActionType, {
    description: 'Calls off a bulk action after the page at hand; what was done until then stands.',
  })
  async cancelBulkAction(
    @Arg('id', () => ID) id: string,
    @Ctx() context: ApiContext,
  ): Promise<BulkActionType> {
    return cancelBulkAction(context, parseId(id, 'id'))
  }

  @Authorized(Role.operator)
  @Mutation(() => StartBulkActionResultUnion, {
    description:
      'Settles many skipped synch. records alike: which they are is fixed now, with the versions that are known of them; a workflow goes through them, and leaves alone what has changed since. Ask for bulkAction(id) to follow it.',
  })
  async startBulkSettlement(
    @Arg('input', () => StartBulkSettlementInput) input: StartBulkSettlementInput,
    @Ctx() context: ApiContext,
  ): Promise<StartBulkActionResult> {
    return startBulkSettlement(context, input)
  }

  @FieldResolver(() => BulkActionSubjectEnum)
  subject(@Root() action: BulkAction): BulkActionSubject {
    return isSettlement(action.kind) ? BulkActionSubject.skippedRecords : BulkActionSubject.errors
  }

  @FieldResolver(() => Int, {
    description:
      'Those of which the outcome is known: the sum of succeeded, unchanged, changedSince and failed.',
  })
  done(@Root() action: BulkAction): number {
    return action.succeeded + action.unchanged + action.changedSince + action.failed
  }

  @FieldResolver(() => [BulkActionFailureType], {
    description: 'Those with which it was not done, in the order of the action.',
  })
  async failures(
    @Root() action: BulkAction,
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => Int, { defaultValue: 0, description: 'Number of the failure to read on after.' })
    after: number,
    @Arg('outcome', () => BulkObstacleEnum, { defaultValue: BulkObstacle.failed }) outcome: BulkObstacle,
    @Ctx() { em }: ApiContext,
  ): Promise<readonly BulkActionFailureType[]> {
    assertPageSize(first)
    const targets = await em.find(
      BulkActionTarget,
      { actionId: action.id, outcome, number: { $gt: after } },
      { disableIdentityMap: true, orderBy: { number: 'asc' }, limit: first },
    )
    return targets.map(({ number, errorId, stateId, couplingId, message }) => ({
      number,
      outcome,
      errorId: errorId ?? null,
      skippedSynchRecordId: stateId ?? null,
      couplingId: couplingId ?? null,
      message: message ?? null,
    }))
  }
}
