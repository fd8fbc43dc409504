import { Arg, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import { RecordStatus } from '../../domain/run.js'
import { RecordState } from '../../persistence/entities/record-state.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { parseId } from '../identifiers.js'
import { SkippedSynchRecordType } from '../skipped-record/skipped-record.type.js'
import { compareSkipped } from './compare.js'
import { ComparisonType } from './comparison.type.js'

/** The desk: what a person sees of a skipped synch. record before he decides. */
@Resolver(() => SkippedSynchRecordType)
export class ComparisonResolver {
  @Authorized(Role.viewer)
  @Query(() => ComparisonType, {
    nullable: true,
    description:
      'Both records of a skipped synch. record side by side, who changed what and when, and what is recommended. NOT_FOUND if it is not skipped (any more).',
  })
  async skippedSynchRecordComparison(
    @Arg('id', () => ID) id: string,
    @Arg('fresh', () => Boolean, {
      defaultValue: false,
      description:
        'A worker looks at both records now. SYSTEM_FAILURE where one cannot be read; ENGINE_UNAVAILABLE without a worker.',
    })
    fresh: boolean,
    @Ctx() context: ApiContext,
  ): Promise<ComparisonType | null> {
    const found = await context.em.findOne(
      RecordState,
      { id: parseId(id, 'id'), state: RecordStatus.skipped },
      { disableIdentityMap: true },
    )
    if (found === null) {
      throw apiError(
        ErrorCode.notFound,
        `There is no skipped synch. record ${id}; it may have been settled meanwhile.`,
      )
    }
    return compareSkipped(context, found, fresh)
  }

  @FieldResolver(() => ComparisonType, {
    nullable: true,
    description: 'Both records as they were when it was skipped, and what is recommended.',
  })
  async comparison(@Root() state: RecordState, @Ctx() context: ApiContext): Promise<ComparisonType | null> {
    return compareSkipped(context, state, false)
  }
}
