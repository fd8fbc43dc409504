import { Field, InputType, Int } from 'type-graphql'
import type {
  ConflictDetection,
  DeletionConflictPolicy,
  Direction,
  UpdateConflictPolicy,
} from '../../domain/mapping.js'
import { ConflictDetectionEnum, DirectionEnum, UpdateConflictPolicyEnum } from '../enums.js'
import { FieldMappingInput } from './field-mapping.input.js'
import { SETTING } from './mapping.descriptions.js'
import { DeletionConflictPolicyEnum } from './mapping.enums.js'
import {
  CouplingOptionsInput,
  DeletionReviewInput,
  FilterInput,
  InsertTemplatesInput,
  MatchRuleInput,
  ScheduleInput,
} from './settings.input.js'

/** What a mapping may be given when it is made and when it is changed. */
@InputType()
abstract class MappingSettingsInput {
  @Field(() => Boolean, { nullable: true, description: SETTING.synchOnlyCoupledRecords })
  synchOnlyCoupledRecords?: boolean | null

  @Field(() => FilterInput, { nullable: true, description: SETTING.localFilter })
  localFilter?: FilterInput | null

  @Field(() => FilterInput, { nullable: true, description: SETTING.integrationFilter })
  integrationFilter?: FilterInput | null

  @Field(() => ConflictDetectionEnum, { nullable: true, description: SETTING.conflictDetection })
  conflictDetection?: ConflictDetection | null

  @Field(() => UpdateConflictPolicyEnum, { nullable: true, description: SETTING.updateConflictPolicy })
  updateConflictPolicy?: UpdateConflictPolicy | null

  @Field(() => DeletionConflictPolicyEnum, { nullable: true, description: SETTING.deletionConflictPolicy })
  deletionConflictPolicy?: DeletionConflictPolicy | null

  @Field(() => DeletionReviewInput, { nullable: true, description: SETTING.deletionReview })
  deletionReview?: DeletionReviewInput | null

  @Field(() => [MatchRuleInput], { nullable: true, description: SETTING.matchRules })
  matchRules?: MatchRuleInput[] | null

  @Field(() => InsertTemplatesInput, { nullable: true, description: SETTING.templates })
  templates?: InsertTemplatesInput | null

  @Field(() => CouplingOptionsInput, { nullable: true, description: SETTING.matchBasedCoupling })
  matchBasedCoupling?: CouplingOptionsInput | null

  @Field(() => ScheduleInput, { nullable: true, description: SETTING.schedule })
  schedule?: ScheduleInput | null

  @Field(() => Int, { nullable: true, description: SETTING.inactivityTimeoutMinutes })
  inactivityTimeoutMinutes?: number | null

  @Field(() => Boolean, { nullable: true, description: SETTING.wakeOnChange })
  wakeOnChange?: boolean | null

  @Field(() => Int, { nullable: true, description: SETTING.findDeletedHours })
  findDeletedHours?: number | null

  @Field(() => Boolean, { nullable: true, description: SETTING.bulkUpdates })
  bulkUpdates?: boolean | null

  @Field(() => ScheduleInput, { nullable: true, description: SETTING.reconcileSchedule })
  reconcileSchedule?: ScheduleInput | null

  @Field(() => [String], { nullable: true, description: SETTING.dependsOn })
  dependsOn?: string[] | null
}

@InputType('IntegrationTableMappingInput', { description: 'What is left out has its default.' })
export class MappingInput extends MappingSettingsInput {
  @Field(() => String, { description: SETTING.name })
  name!: string

  @Field(() => String, { description: SETTING.localTable })
  localTable!: string

  @Field(() => String, { description: SETTING.integrationTable })
  integrationTable!: string

  @Field(() => DirectionEnum)
  direction!: Direction

  @Field(() => [FieldMappingInput], { description: SETTING.fields })
  fields!: FieldMappingInput[]
}

@InputType('UpdateIntegrationTableMappingInput', {
  description:
    'What is left out stays as it is; a list or an object that is given replaces the one there is.',
})
export class UpdateMappingInput extends MappingSettingsInput {
  @Field(() => Date, { nullable: true, description: SETTING.toWatermarkInput })
  toWatermark?: Date | null

  @Field(() => Date, { nullable: true, description: SETTING.fromWatermarkInput })
  fromWatermark?: Date | null

  @Field(() => DirectionEnum, { nullable: true })
  direction?: Direction | null

  @Field(() => [FieldMappingInput], { nullable: true, description: SETTING.fields })
  fields?: FieldMappingInput[] | null
}
