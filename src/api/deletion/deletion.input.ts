import { Field, InputType } from 'type-graphql'
import { DeletionReviewStatus } from '../../persistence/entities/deletion-review.js'
import { graphqlEnum } from '../enums.js'

export const DeletionReviewStatusEnum = graphqlEnum(
  'DeletionReviewStatus',
  DeletionReviewStatus,
  'What became of a review of deletions.',
  {
    OPEN: 'Its deletions wait; everything else is synchronized.',
    ALLOWED: 'They are decided by Resolve Deletion Conflicts, after another look at both records.',
    REJECTED: 'They are skipped synch. records.',
  },
)

@InputType('DeletionReviewFilter', { description: 'All that is given must hold.' })
export class DeletionReviewFilter {
  @Field(() => String, { nullable: true, description: 'Name of the mapping.' })
  mapping?: string | null

  @Field(() => String, { nullable: true, description: 'Name of the connection.' })
  connection?: string | null

  @Field(() => [DeletionReviewStatusEnum], { nullable: true })
  status?: DeletionReviewStatus[] | null
}
