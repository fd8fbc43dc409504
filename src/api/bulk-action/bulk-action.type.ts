import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql'
import { BulkActionKind, BulkOutcome, type BulkActionStatus } from '../../domain/bulk-action.js'
import { graphqlEnum } from '../enums.js'
import { connectionType } from '../paging/connection.type.js'
import { BulkActionStatusEnum, ERROR_ACTIONS } from './bulk-action.input.js'
import { SETTLEMENTS } from './bulk-settlement.input.js'

export const BulkActionKindEnum = graphqlEnum(
  'BulkActionKind',
  BulkActionKind,
  'What is done with many errors, or many skipped synch. records, at once.',
  { ...ERROR_ACTIONS, ...SETTLEMENTS },
)

export const BulkActionSubject = { errors: 'ERRORS', skippedRecords: 'SKIPPED_RECORDS' } as const
export type BulkActionSubject = (typeof BulkActionSubject)[keyof typeof BulkActionSubject]

export const BulkActionSubjectEnum = graphqlEnum(
  'BulkActionSubject',
  BulkActionSubject,
  'What a bulk action is about.',
  { ERRORS: 'Errors.', SKIPPED_RECORDS: 'Skipped synch. records.' },
)

export const BulkObstacle = { failed: BulkOutcome.failed, changedSince: BulkOutcome.changedSince } as const
export type BulkObstacle = (typeof BulkObstacle)[keyof typeof BulkObstacle]

export const BulkObstacleEnum = graphqlEnum(
  'BulkObstacle',
  BulkObstacle,
  'Why something could not be done with one error or record of a bulk action.',
  {
    FAILED: 'A system refused it, or the run stopped before it.',
    CHANGED_SINCE:
      'A record is no longer as it was when the action was asked for, so it was left alone. Look again, then decide.',
  },
)

@ObjectType('BulkAction', {
  description: 'One action over many errors, or many skipped synch. records, carried out page by page.',
})
export class BulkActionType {
  @Field(() => ID)
  id!: string

  @Field(() => BulkActionKindEnum, { name: 'action' })
  kind!: BulkActionKind

  @Field(() => BulkActionStatusEnum)
  status!: BulkActionStatus

  @Field(() => String, { nullable: true, description: 'The idempotency key that it was asked for under.' })
  key?: string | null

  @Field(() => String, { description: 'What was selected, in words.' })
  selection!: string

  @Field(() => String, { nullable: true, description: 'Of ASSIGN; null: nobody.' })
  assignee?: string | null

  @Field(() => String)
  requestedBy!: string

  @Field(() => Date)
  requestedAt!: Date

  @Field(() => Date, { nullable: true, description: 'When somebody asked to call it off.' })
  cancelRequestedAt?: Date | null

  @Field(() => Date, { nullable: true })
  finishedAt?: Date | null

  @Field(() => Int, { description: 'Errors, or skipped synch. records, that were selected.' })
  total!: number

  @Field(() => Int, {
    description:
      'Those with which it was done. Of a retry of errors: that are resolved now. Of a settlement: that are applied.',
  })
  succeeded!: number

  @Field(() => Int, { description: 'Those with which there was nothing to do (any more).' })
  unchanged!: number

  @Field(() => Int, {
    description:
      'Skipped synch. records that are no longer as they were when it was asked for: they were left alone.',
  })
  changedSince!: number

  @Field(() => Int, { description: 'Those with which it could not be done. Of a retry: that still stand.' })
  failed!: number

  @Field(() => String, { nullable: true, description: 'Why it failed as a whole.' })
  message?: string | null
}

export const BulkActionConnection = connectionType('BulkAction', BulkActionType)

@ObjectType('BulkActionFailure', {
  description: 'An error, or a skipped synch. record, with which a bulk action was not done.',
})
export class BulkActionFailureType {
  @Field(() => Int, { description: 'Its place in the action; pass the last one as `after` to read on.' })
  number!: number

  @Field(() => BulkObstacleEnum)
  outcome!: BulkObstacle

  @Field(() => ID, { nullable: true, description: 'Null: it is about a skipped synch. record.' })
  errorId?: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'Id of the skipped synch. record, which it may have no more. Null: it is about an error.',
  })
  skippedSynchRecordId?: string | null

  @Field(() => ID, { nullable: true, description: 'Of a skipped synch. record that was coupled.' })
  couplingId?: string | null

  @Field(() => String, { nullable: true, description: 'What stands in the way, and what to do about it.' })
  message?: string | null
}

@ObjectType('BulkActionStarted', {
  description: 'It is under way, or was asked for before under the same key.',
})
export class BulkActionStartedType {
  @Field(() => BulkActionType)
  bulkAction!: BulkActionType

  @Field(() => Boolean, { description: 'False: it was asked for before under the same key.' })
  isNew!: boolean

  constructor(values: BulkActionStartedType) {
    Object.assign(this, values)
  }
}

export const BulkActionRefusal = {
  nothingSelected: 'NOTHING_SELECTED',
  keyUsedOtherwise: 'KEY_USED_OTHERWISE',
} as const
export type BulkActionRefusal = (typeof BulkActionRefusal)[keyof typeof BulkActionRefusal]

export const BulkActionRefusalEnum = graphqlEnum(
  'BulkActionRefusal',
  BulkActionRefusal,
  'Why a bulk action was not started.',
  {
    NOTHING_SELECTED: 'No open error, or no skipped synch. record, is selected.',
    KEY_USED_OTHERWISE: 'Something else was asked for under the same idempotency key.',
  },
)

@ObjectType('BulkActionRefused', { description: 'Nothing was started.' })
export class BulkActionRefusedType {
  @Field(() => BulkActionRefusalEnum)
  reason!: BulkActionRefusal

  @Field(() => String)
  message!: string

  constructor(values: BulkActionRefusedType) {
    Object.assign(this, values)
  }
}

export type StartBulkActionResult = BulkActionStartedType | BulkActionRefusedType

export const StartBulkActionResultUnion = createUnionType({
  name: 'StartBulkActionResult',
  description: 'What became of the request for a bulk action.',
  types: () => [BulkActionStartedType, BulkActionRefusedType] as const,
})
