import { GraphQLJSON, GraphQLJSONObject } from 'graphql-scalars'
import { Field, Int, ObjectType } from 'type-graphql'
import type { TransformationRule, TransformationSetting } from '../../domain/transformation.js'
import type { Value } from '../../domain/value.js'
import type { ErrorClass } from '../../domain/failure.js'
import { ErrorClassEnum, graphqlEnum } from '../enums.js'
import { GraphQLFieldValue } from '../field-value.js'

type SettingType = TransformationSetting['type']
const SETTING_TYPES = {
  text: 'TEXT',
  integer: 'INTEGER',
  decimal: 'DECIMAL',
  boolean: 'BOOLEAN',
  option: 'OPTION',
  lookupEntries: 'LOOKUP_ENTRIES',
} as const satisfies Readonly<Record<string, SettingType>>

export const SettingTypeEnum = graphqlEnum(
  'TransformationSettingType',
  SETTING_TYPES,
  'What a setting of a transformation rule holds.',
)

@ObjectType('TransformationSetting', { description: 'A setting of a type of transformation rule.' })
export class TransformationSettingType {
  @Field(() => String, { description: 'Its name in a rule.' })
  name!: string

  @Field(() => String, { description: "Business Central's caption, where it has one." })
  caption!: string

  @Field(() => String)
  description!: string

  @Field(() => SettingTypeEnum)
  type!: SettingType

  @Field(() => Boolean)
  required!: boolean

  @Field(() => [String], { nullable: true, description: 'What an OPTION can be.' })
  options!: readonly string[] | null

  @Field(() => Int, { nullable: true, description: 'Of TEXT in UTF-16 units, of LOOKUP_ENTRIES in lines.' })
  minimumLength!: number | null

  @Field(() => Int, { nullable: true })
  maximumLength!: number | null

  @Field(() => Int, { nullable: true })
  minimum!: number | null

  @Field(() => Int, { nullable: true })
  maximum!: number | null

  @Field(() => GraphQLJSON, { nullable: true, description: 'What holds where it is left out.' })
  default!: unknown

  @Field(() => GraphQLJSON)
  example!: unknown
}

@ObjectType('TransformationRuleType', { description: 'A type of transformation rule.' })
export class TransformationRuleTypeType {
  @Field(() => String, { description: 'What a rule says as its `type`.' })
  type!: string

  @Field(() => String, { description: "Business Central's caption, where it has one." })
  caption!: string

  @Field(() => String)
  description!: string

  @Field(() => String, { nullable: true, description: 'What differs from Business Central.' })
  difference!: string | null

  @Field(() => [TransformationSettingType])
  settings!: readonly TransformationSettingType[]
}

@ObjectType('PredefinedTransformation', { description: 'Rules that Business Central creates.' })
export class PredefinedTransformationType {
  @Field(() => String, { description: "Business Central's code: TRIM." })
  code!: string

  @Field(() => [GraphQLJSONObject])
  rules!: readonly TransformationRule[]
}

@ObjectType('RefusedTransformationRuleType', {
  description: "A type of Business Central's that is not carried.",
})
export class RefusedRuleTypeType {
  @Field(() => String)
  type!: string

  @Field(() => String, { description: 'Why, and what to use instead.' })
  reason!: string
}

@ObjectType('TransformationRules', { description: 'What transformation rules there are.' })
export class TransformationRulesType {
  @Field(() => [TransformationRuleTypeType])
  types!: readonly TransformationRuleTypeType[]

  @Field(() => [PredefinedTransformationType])
  predefined!: readonly PredefinedTransformationType[]

  @Field(() => [RefusedRuleTypeType])
  refused!: readonly RefusedRuleTypeType[]

  @Field(() => [String], { description: 'Names of the cultures that rules read.' })
  cultures!: readonly string[]
}

const STEPS = 'The value after each rule, as text; ends with the rule that failed or made it blank.'

@ObjectType('TransformationPreview', { description: 'What rules make of a value.' })
export class TransformationPreviewType {
  @Field(() => GraphQLFieldValue, { nullable: true })
  sample!: Value

  @Field(() => [String], { nullable: 'items', description: STEPS })
  steps!: readonly (string | null)[]

  @Field(() => GraphQLFieldValue, {
    nullable: true,
    description: 'What comes out. Null is blank, or a failure.',
  })
  value!: Value

  @Field(() => String, { nullable: true, description: 'Why nothing comes out.' })
  message!: string | null

  @Field(() => String, { nullable: true, description: 'What to do about it.' })
  remedy!: string | null
}

@ObjectType('FieldMappingPreview', { description: 'What a field mapping would carry.' })
export class FieldMappingPreviewType {
  @Field(() => GraphQLFieldValue, { nullable: true, description: 'What the source holds.' })
  source!: Value

  @Field(() => [String], { nullable: 'items', description: STEPS })
  steps!: readonly (string | null)[]

  @Field(() => GraphQLFieldValue, {
    nullable: true,
    description: 'What the destination would hold. Null is blank, or nothing is carried.',
  })
  destination!: Value

  @Field(() => Boolean, {
    description: 'Whether the destination would be written at all, or keeps what it holds: see message.',
  })
  carried!: boolean

  @Field(() => ErrorClassEnum, { nullable: true })
  errorClass!: ErrorClass | null

  @Field(() => String, { nullable: true, description: 'Why nothing is carried.' })
  message!: string | null

  @Field(() => String, { nullable: true, description: 'What to do about it.' })
  remedy!: string | null
}
