import { Field, ID, ObjectType } from 'type-graphql'
import type { SystemKind } from '../../domain/schema.js'
import type { Side } from '../../domain/value.js'
import { SideEnum, SystemKindEnum } from '../enums.js'

@ObjectType('RecordReference', { description: 'One record in one of the two systems.' })
export class RecordReferenceType {
  @Field(() => SideEnum)
  side!: Side

  @Field(() => SystemKindEnum)
  system!: SystemKind

  @Field(() => String, { description: "The table's name in that system's API: customers, accounts." })
  table!: string

  @Field(() => String, { description: 'What people call a record of that table: Customer, Account.' })
  tableCaption!: string

  @Field(() => ID, {
    nullable: true,
    description: "The system's own id. Null while the record is not created.",
  })
  id!: string | null

  @Field(() => String, { nullable: true, description: 'As last seen.' })
  name!: string | null

  @Field(() => String, {
    nullable: true,
    description:
      "Opens the record: in the system's application where the connection names its address, else in its API.",
  })
  url!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The version (ETag) that Accord last saw or wrote; null where it is not known.',
  })
  version?: string | null

  @Field(() => Date, {
    nullable: true,
    description: 'Modification stamp of that version, in UTC; null where it is not known.',
  })
  stamp?: Date | null
}
