import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql'
import type { BulkActionKind, BulkActionStatus } from '../../domain/bulk-action.js'
import { graphqlEnum } from '../enums.js'
import { connectionType } from '../paging/connection.type.js'
import { BulkActionKindEnum, BulkActionStatusEnum } from './bulk-action.input.js'

@ObjectType('BulkAction', { description: 'One action over many errors, carried out page by page.' })
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

  @Field(() => Int, { description: 'Errors that were selected.' })
  total!: number

  @Field(() => Int, { description: 'Errors with which it was done. Of a retry: that are resolved now.' })
  succeeded!: number

  @Field(() => Int, { description: 'Errors with which there was nothing to do (any more).' })
  unchanged!: number

  @Field(() => Int, { description: 'Errors with which it could not be done. Of a retry: that still stand.' })
  failed!: number

  @Field(() => String, { nullable: true, description: 'Why it failed as a whole.' })
  message?: string | null
}

export const BulkActionConnection = connectionType('BulkAction', BulkActionType)

@ObjectType('BulkActionFailure', { description: 'An error with which a bulk action could not be done.' })
export class BulkActionFailureType {
  @Field(() => Int, { description: 'Its place in the action; pass the last one as `after` to read on.' })
  number!: number

  @Field(() => ID)
  errorId!: string

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
    NOTHING_SELECTED: 'No open error is selected.',
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
