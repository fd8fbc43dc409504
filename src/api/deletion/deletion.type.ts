import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { Side } from '../../domain/value.js'
import type { DeletionReviewStatus } from '../../persistence/entities/deletion-review.js'
import { SideEnum } from '../enums.js'
import { connectionType } from '../paging/connection.type.js'
import { RecordReferenceType } from '../record/record-reference.type.js'
import { DeletionReviewStatusEnum } from './deletion.input.js'

@ObjectType('DeletionReviewCase', {
  description:
    'More records of a mapping deleted at once than its settings let pass: the deletions wait until they are allowed or rejected.',
})
export class DeletionReviewType {
  @Field(() => ID)
  id!: string

  @Field(() => DeletionReviewStatusEnum)
  status!: DeletionReviewStatus

  @Field(() => Int, { description: 'How many couplings the mapping had when they were found.' })
  couplings!: number

  @Field(() => Date)
  openedAt!: Date

  @Field(() => Date, { nullable: true })
  decidedAt?: Date | null

  @Field(() => String, { nullable: true })
  decidedBy?: string | null
}

@ObjectType('ReviewedDeletion', { description: 'A coupled record that was deleted, as it was found.' })
export class ReviewedDeletionType {
  @Field(() => ID)
  couplingId!: string

  @Field(() => SideEnum, { description: 'The side on which the record is gone.' })
  goneSide!: Side

  @Field(() => RecordReferenceType, { nullable: true })
  localRecord!: RecordReferenceType | null

  @Field(() => RecordReferenceType, { nullable: true })
  integrationRecord!: RecordReferenceType | null
}

export const DeletionReviewConnection = connectionType('DeletionReviewCase', DeletionReviewType)
