import { Field, InputType } from 'type-graphql'
import type { ConflictDetection, Direction, UpdateConflictPolicy } from '../../domain/mapping.js'
import { ConflictDetectionEnum, DirectionEnum, UpdateConflictPolicyEnum } from '../enums.js'

@InputType('UpdateIntegrationTableMappingInput', { description: 'What is left out stays as it is.' })
export class UpdateMappingInput {
  @Field(() => Date, {
    nullable: true,
    description:
      'Synch. Int. Tbl. Mod. On Fltr. The next pass reads exactly from here on, also records it has read before. Null: every record is read again.',
  })
  toWatermark?: Date | null

  @Field(() => Date, {
    nullable: true,
    description:
      'Synch. Modified On Filter. The next pass reads exactly from here on, also records it has read before. Null: every record is read again.',
  })
  fromWatermark?: Date | null

  @Field(() => DirectionEnum, { nullable: true })
  direction?: Direction | null

  @Field(() => ConflictDetectionEnum, { nullable: true })
  conflictDetection?: ConflictDetection | null

  @Field(() => UpdateConflictPolicyEnum, { nullable: true })
  updateConflictPolicy?: UpdateConflictPolicy | null
}
