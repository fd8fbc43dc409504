import { Field, ID, InputType } from 'type-graphql'
import { BulkActionStatus, BulkErrorAction } from '../../domain/bulk-action.js'
import { graphqlEnum } from '../enums.js'
import { SynchErrorFilter } from '../synch-error/synch-error.input.js'

export const ERROR_ACTIONS = {
  RETRY_NOW: 'Lifts skips and tries the records again at once; a whole run that failed is run again.',
  RETRY_WITH_BACK_OFF:
    'Lifts skips and leaves the records to the next runs of their mappings, which wait longer after each failure.',
  SKIP: 'Leaves the records alone until somebody lifts the skip, or a new version of theirs does.',
  ASSIGN: 'Says who looks after the errors; with groups, after those as well.',
  RESOLVE: 'Closes the errors by hand. Records that are pending or skipped stay so.',
} as const

export const BulkErrorActionEnum = graphqlEnum(
  'BulkErrorAction',
  BulkErrorAction,
  'What is done with many errors at once.',
  ERROR_ACTIONS,
)

export const BulkActionStatusEnum = graphqlEnum(
  'BulkActionStatus',
  BulkActionStatus,
  'Where a bulk action stands.',
  {
    RUNNING: 'Under way.',
    COMPLETED: 'Through; single errors may have failed.',
    FAILED: 'It could not be started. Nothing was done.',
    CANCELLED: 'Called off; what was done until then stands.',
  },
)

@InputType('StartBulkActionInput', {
  description:
    'Exactly one of `groups`, `errors` and `filter` says which open errors are meant, as they are now.',
})
export class StartBulkActionInput {
  @Field(() => BulkErrorActionEnum)
  action!: BulkErrorAction

  @Field(() => [ID], { nullable: true, description: 'All open errors of these groups.' })
  groups?: string[] | null

  @Field(() => [ID], { nullable: true, description: 'These errors, at most 1,000.' })
  errors?: string[] | null

  @Field(() => SynchErrorFilter, { nullable: true, description: 'All open errors that it lets in.' })
  filter?: SynchErrorFilter | null

  @Field(() => String, { nullable: true, description: 'Of ASSIGN. Left out: nobody.' })
  assignee?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Idempotency key, your own name for this request: asked for again under it, by the same person, the action that it has started is returned.',
  })
  key?: string | null
}
