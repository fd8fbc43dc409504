import { Field, ID, InputType } from 'type-graphql'
import { BulkSettlement } from '../../domain/bulk-action.js'
import { graphqlEnum } from '../enums.js'
import { FieldChoiceInput, SkippedRecordFilter } from '../skipped-record/skipped-record.input.js'

export const SETTLEMENTS = {
  KEEP_LOCAL: "Keeps Business Central's changes.",
  KEEP_INTEGRATION: "Keeps the integration table's changes.",
  MERGE:
    'Each side keeps what it alone changed. What both changed stays a conflict, unless its field has an owner.',
  KEEP_FIELDS:
    'Keeps field by field what `fields` says; a field that is not named keeps what one side alone changed.',
  AS_RECOMMENDED:
    'Does with each record what is recommended for it. A conflict of which nothing tells which side is right is left, as failed.',
  RETRY:
    'Lifts the skips and tries the records again, as they are then. A conflict that still stands is skipped again.',
  RESTORE_RECORDS: 'Of pairs of which one record was deleted: makes that anew from the other.',
  DELETE_RECORDS: 'Of pairs of which one record was deleted: deletes the other, and the coupling.',
  DELETE_COUPLINGS: 'Removes the couplings; both records stay.',
} as const

export const BulkSettlementEnum = graphqlEnum(
  'BulkSettlement',
  BulkSettlement,
  'What is done with many skipped synch. records at once.',
  SETTLEMENTS,
)

@InputType('StartBulkSettlementInput', {
  description:
    'Exactly one of `ids` and `filter` says which skipped synch. records are meant, as they are now.',
})
export class StartBulkSettlementInput {
  @Field(() => BulkSettlementEnum)
  action!: BulkSettlement

  @Field(() => [ID], { nullable: true, description: 'These, at most 1,000.' })
  ids?: string[] | null

  @Field(() => SkippedRecordFilter, {
    nullable: true,
    description: 'All that it lets in, however many; `alikeTo`: all that are alike one.',
  })
  filter?: SkippedRecordFilter | null

  @Field(() => [FieldChoiceInput], { nullable: true, description: 'Of KEEP_FIELDS: at least one.' })
  fields?: FieldChoiceInput[] | null

  @Field(() => String, {
    nullable: true,
    description:
      'Idempotency key, your own name for this request: asked for again under it, by the same person, the action that it has started is returned.',
  })
  key?: string | null
}
