import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { ConflictDetection, Direction, UpdateConflictPolicy } from '../../domain/mapping.js'
import { ConflictDetectionEnum, DirectionEnum, UpdateConflictPolicyEnum } from '../enums.js'
import { SETTING } from './mapping.descriptions.js'

@ObjectType('IntegrationTableMapping', {
  description:
    'Pairs a table of the local system with one of the integration system: what is carried, and which way.',
})
export class IntegrationTableMappingType {
  @Field(() => ID)
  id!: string

  @Field(() => String, { description: SETTING.name })
  name!: string

  @Field(() => Int, {
    description: 'Rises with every change of its settings. Hand it back to change only what you have seen.',
  })
  version!: number

  @Field(() => DirectionEnum)
  direction!: Direction

  @Field(() => ConflictDetectionEnum, { description: SETTING.conflictDetection })
  conflictDetection!: ConflictDetection

  @Field(() => UpdateConflictPolicyEnum, { description: SETTING.updateConflictPolicy })
  updateConflictPolicy!: UpdateConflictPolicy

  @Field(() => Date, { nullable: true, description: SETTING.toWatermark })
  toWatermark?: Date | null

  @Field(() => Date, { nullable: true, description: SETTING.fromWatermark })
  fromWatermark?: Date | null

  @Field(() => Date, { nullable: true, description: 'When deleted records were last searched for.' })
  deletionsFoundAt?: Date | null

  @Field(() => Int, {
    description: 'Place among the mappings of its connection: those it depends on come first.',
  })
  position!: number

  @Field(() => Date, { description: 'When its settings or watermarks were last changed.' })
  updatedAt!: Date
}
