import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { ConflictDetection, Direction, UpdateConflictPolicy } from '../../domain/mapping.js'
import { ConflictDetectionEnum, DirectionEnum, UpdateConflictPolicyEnum } from '../enums.js'

@ObjectType('IntegrationFieldMapping', { description: 'A field that is carried between the two tables.' })
export class FieldMappingType {
  @Field(() => String, { description: 'Local field, colon, integration field; unique within the mapping.' })
  name!: string

  @Field(() => String, { nullable: true, description: 'Null: a constant is carried.' })
  localField!: string | null

  @Field(() => String, { nullable: true })
  localCaption!: string | null

  @Field(() => String, { nullable: true, description: 'Null: a constant is carried.' })
  integrationField!: string | null

  @Field(() => String, { nullable: true })
  integrationCaption!: string | null

  @Field(() => DirectionEnum)
  direction!: Direction

  @Field(() => [String], {
    description: 'The mappings through whose couplings the ids of this lookup are translated.',
  })
  lookupMappings!: string[]
}

@ObjectType('IntegrationTableMapping', {
  description: 'Pairs a table of Business Central with an integration table: what is carried, and which way.',
})
export class IntegrationTableMappingType {
  @Field(() => ID)
  id!: string

  @Field(() => String, { description: 'CUSTOMER; unique within a connection.' })
  name!: string

  @Field(() => DirectionEnum)
  direction!: Direction

  @Field(() => ConflictDetectionEnum, { description: 'Conflict detection.' })
  conflictDetection!: ConflictDetection

  @Field(() => UpdateConflictPolicyEnum, { description: 'Resolve Update Conflicts.' })
  updateConflictPolicy!: UpdateConflictPolicy

  @Field(() => Date, {
    nullable: true,
    description:
      'Synch. Int. Tbl. Mod. On Fltr.: the next pass to the integration table reads records changed at or after this time. Null: all of them.',
  })
  toWatermark?: Date | null

  @Field(() => Date, {
    nullable: true,
    description:
      'Synch. Modified On Filter: the next pass from the integration table reads records changed at or after this time. Null: all of them.',
  })
  fromWatermark?: Date | null

  @Field(() => Int, {
    description: 'Place among the mappings of its connection: those it depends on come first.',
  })
  position!: number

  @Field(() => Date, { description: 'When its settings or watermarks were last changed.' })
  updatedAt!: Date
}
