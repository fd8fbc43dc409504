import { Field, Int, ObjectType } from 'type-graphql'
import { RecordReferenceType } from '../record/record-reference.type.js'

@ObjectType('DependencyGroup', {
  description:
    'Records of one mapping that wait for the same record to be coupled. They are synchronized at once when it is.',
})
export class DependencyGroupType {
  @Field(() => RecordReferenceType, {
    nullable: true,
    description: 'The record that is not coupled yet. Null where none of its mappings exists.',
  })
  missingRecord!: RecordReferenceType | null

  @Field(() => [String], { description: 'Names of the mappings through which it can be coupled.' })
  coupledThrough!: readonly string[]

  @Field(() => Int, { description: 'How many records wait for it.' })
  waiting!: number

  @Field(() => Date, { description: 'Since when the first of them waits.' })
  since!: Date

  @Field(() => Date, {
    nullable: true,
    description: 'When Accord asked for it to be synchronized first. Null: not yet.',
  })
  requestedAt!: Date | null

  /** Of the records that wait. */
  mappingId!: string
}
