import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import type { Side } from '../../domain/value.js'
import { ActionType } from '../action/action.type.js'
import { graphqlEnum, SideEnum } from '../enums.js'
import { SettingChangeType } from '../mapping/mapping-change.type.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import { RehearsalType } from '../rehearsal/rehearsal.type.js'

@InputType('FieldRule', {
  description: 'Whose change of a field counts from now on, where both sides changed it.',
})
export class FieldRuleInput {
  @Field(() => String, { description: 'Name of the field mapping: local field, colon, integration field.' })
  name!: string

  @Field(() => SideEnum)
  owner!: Side
}

@ObjectType('RehearsedRule', {
  description: 'A rule that the mapping does not have yet, and what it would do.',
})
export class RehearsedRuleType {
  @Field(() => [SettingChangeType], {
    description: 'What it changes of the mapping. Empty: it has the rule already.',
  })
  changes!: readonly SettingChangeType[]

  @Field(() => RehearsalType, {
    nullable: true,
    description:
      'The latest recorded changes run through the mapping with the rule. Null where nothing changes.',
  })
  rehearsal!: RehearsalType | null

  @Field(() => Int, {
    description:
      'Skipped synch. records of the mapping in conflict: they are decided by it once they are retried.',
  })
  waiting!: number

  @Field(() => ActionType, {
    nullable: true,
    description: 'The call that applies it. Null where nothing changes.',
  })
  nextStep!: ActionType | null
}

@ObjectType('RuleApplied', { description: 'The mapping has what was rehearsed, as a new version.' })
export class RuleAppliedType {
  @Field(() => IntegrationTableMappingType)
  mapping!: IntegrationTableMappingType

  @Field(() => Int, { description: 'The version that it has now.' })
  version!: number

  @Field(() => [SettingChangeType])
  changes!: readonly SettingChangeType[]

  @Field(() => ActionType, { description: 'The call that decides the records in conflict by it.' })
  nextStep!: ActionType

  constructor(values: RuleAppliedType) {
    Object.assign(this, values)
  }
}

export const RuleRefusal = {
  notRehearsed: 'NOT_REHEARSED',
  rehearsalFailed: 'REHEARSAL_FAILED',
  mappingChanged: 'MAPPING_CHANGED',
  alreadyApplied: 'ALREADY_APPLIED',
} as const
export type RuleRefusal = (typeof RuleRefusal)[keyof typeof RuleRefusal]

export const RuleRefusalEnum = graphqlEnum('RuleRefusal', RuleRefusal, 'Why a rule was not applied.', {
  NOT_REHEARSED: 'The rehearsal has not ended yet.',
  REHEARSAL_FAILED: 'The rehearsal has no report.',
  MAPPING_CHANGED: 'The mapping was changed since it was rehearsed.',
  ALREADY_APPLIED: 'The mapping has it already.',
})

@ObjectType('RuleNotApplied', { description: 'Nothing was changed.' })
export class RuleNotAppliedType {
  @Field(() => RuleRefusalEnum)
  reason!: RuleRefusal

  @Field(() => ID)
  rehearsalId!: string

  @Field(() => String, { description: 'What happened.' })
  message!: string

  @Field(() => String, { description: 'What to do about it.' })
  remedy!: string

  constructor(values: RuleNotAppliedType) {
    Object.assign(this, values)
  }
}

export const ApplyRuleResult = createUnionType({
  name: 'ApplyRuleResult',
  description: 'What became of a rule.',
  types: () => [RuleAppliedType, RuleNotAppliedType] as const,
})
