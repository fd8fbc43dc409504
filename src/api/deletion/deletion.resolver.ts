import { inTransaction } from '../in-transaction.js'
import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { DeletionReview } from '../../persistence/entities/deletion-review.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import { requestRecordsRun } from '../../persistence/runs.js'
import { assertEnabled } from '../connection/assert-enabled.js'
import type { ApiContext } from '../context.js'
import { AFTER_ARGUMENT, CONNECTION_ARGUMENT, FIRST_ARGUMENT, NAME_ARGUMENT } from '../descriptions.js'
import { StartsWork } from '../idempotency/starts-work.js'
import { parseId, parseIds } from '../identifiers.js'
import { findMapping } from '../mapping/find-mapping.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import type { Soon } from '../relation.js'
import type { Page } from '../paging/connection.type.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { ResolveSkippedSynchRecordResult, type ResolveResult } from '../skipped-record/resolve-result.type.js'
import { SeenSkippedRecordInput } from '../skipped-record/skipped-record.input.js'
import { readRun, startRun } from '../synch-run/run-engine.js'
import { RunType } from '../synch-run/synch-run.type.js'
import { actOnBereft } from './act-on-bereft.js'
import { DeletionReviewFilter } from './deletion.input.js'
import { DeletionReviewConnection, DeletionReviewType, ReviewedDeletionType } from './deletion.type.js'
import {
  allowDeletions,
  countDeletions,
  listReviews,
  readReview,
  rejectDeletions,
  reviewedDeletions,
} from './reviews.js'

/** Of the two mutations on pairs of which one record is gone. */
const SEEN =
  'The versions that were looked at, null of the record that is gone. A pair that is no longer so is left alone.'

@Resolver(() => DeletionReviewType)
export class DeletionResolver {
  @Authorized(Role.viewer)
  @Query(() => DeletionReviewConnection, {
    description: 'Reviews of deletions, those opened last first.',
  })
  async deletionReviews(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Arg('filter', () => DeletionReviewFilter, { nullable: true }) filter: DeletionReviewFilter | null,
    @Ctx() { em }: ApiContext,
  ): Promise<Page<DeletionReviewType>> {
    return listReviews(em, filter, { first, after })
  }

  @Authorized(Role.viewer)
  @Query(() => DeletionReviewType, { nullable: true, description: 'NOT_FOUND if there is none.' })
  async deletionReview(
    @Arg('id', () => ID) id: string,
    @Ctx() { em }: ApiContext,
  ): Promise<DeletionReviewType> {
    return readReview(em, parseId(id, 'id'))
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => RunType, {
    description:
      'Allows the deletions of an open review: the run that is returned looks at every record again and decides by Resolve Deletion Conflicts.',
  })
  async allowDeletions(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<RunType> {
    return allowDeletions(context, parseId(id, 'id'))
  }

  @Authorized(Role.operator)
  @Mutation(() => DeletionReviewType, {
    description: 'Rejects the deletions of an open review: they become skipped synch. records.',
  })
  async rejectDeletions(
    @Arg('id', () => ID) id: string,
    @Ctx() context: ApiContext,
  ): Promise<DeletionReviewType> {
    return rejectDeletions(context, parseId(id, 'id'))
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => RunType, {
    description:
      'Find for Deleted: compares the ids of both tables with the couplings, looks at every record that is missing, and decides what was deleted. Ask synchRun(id) until it has ended.',
  })
  async findDeletedRecords(
    @Arg('name', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<RunType> {
    const mapping = await findMapping(context.em, name, connection)
    await assertEnabled(context.em, [mapping.id])
    const requested = await inTransaction(context, (em) =>
      requestRecordsRun(em, {
        mappingId: mapping.id,
        scope: { kind: 'deletions', couplingIds: [], sweep: true },
        direction: null,
        requestedBy: context.principal.name,
      }),
    )
    await startRun(context, requested.id)
    return readRun(context, requested.id)
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => [ResolveSkippedSynchRecordResult], {
    description:
      'Restore Records: of skipped synch. records of which one record was deleted, creates it anew from the one that is left, under a new id, and couples the two. Waits up to 25 seconds; one result per id.',
  })
  async restoreRecords(
    @Arg('ids', () => [ID], { description: 'Ids of skipped synch. records.' }) ids: string[],
    @Arg('seenVersions', () => [SeenSkippedRecordInput], { nullable: true, description: SEEN })
    seenVersions: SeenSkippedRecordInput[] | null | undefined,
    @Ctx() context: ApiContext,
  ): Promise<readonly ResolveResult[]> {
    return actOnBereft(context, 'restore', parseIds(ids, 'ids'), seenVersions ?? [])
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => [ResolveSkippedSynchRecordResult], {
    description:
      'Delete Records: of skipped synch. records of which one record was deleted, deletes the one that is left, and the coupling. Waits up to 25 seconds; one result per id.',
  })
  async deleteRecords(
    @Arg('ids', () => [ID], { description: 'Ids of skipped synch. records.' }) ids: string[],
    @Arg('seenVersions', () => [SeenSkippedRecordInput], { nullable: true, description: SEEN })
    seenVersions: SeenSkippedRecordInput[] | null | undefined,
    @Ctx() context: ApiContext,
  ): Promise<readonly ResolveResult[]> {
    return actOnBereft(context, 'delete', parseIds(ids, 'ids'), seenVersions ?? [])
  }

  @FieldResolver(() => IntegrationTableMappingType)
  mapping(@Root() review: DeletionReview, @Ctx() { loaders }: ApiContext): Soon<Mapping | null> {
    return loaders.mapping.get(review.mappingId)
  }

  @FieldResolver(() => RunType, { nullable: true, description: 'The run that found them.' })
  async run(@Root() review: DeletionReview, @Ctx() { loaders }: ApiContext): Promise<SynchRun | null> {
    return review.runId ? loaders.run.load(review.runId) : null
  }

  @FieldResolver(() => Int, { description: 'How many deletions it has.' })
  async deletionsFound(@Root() review: DeletionReview, @Ctx() { em }: ApiContext): Promise<number> {
    return (await countDeletions(em, review.id)).found
  }

  @FieldResolver(() => Int, { description: 'How many of them are not decided yet.' })
  async deletionsWaiting(@Root() review: DeletionReview, @Ctx() { em }: ApiContext): Promise<number> {
    return (await countDeletions(em, review.id)).waiting
  }

  @FieldResolver(() => [ReviewedDeletionType], { description: 'In order of the ids of their couplings.' })
  async deletions(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => ID, { nullable: true, description: 'The last couplingId seen.' })
    after: string | null,
    @Root() review: DeletionReview,
    @Ctx() context: ApiContext,
  ): Promise<readonly ReviewedDeletionType[]> {
    return reviewedDeletions(context, review, {
      first,
      after: (after ?? null) === null ? null : parseId(after ?? '', 'after'),
    })
  }
}
