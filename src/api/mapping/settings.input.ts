import { GraphQLJSONObject } from 'graphql-scalars'
import { Field, Float, InputType, Int } from 'type-graphql'
import type { Comparison } from '../../domain/filter.js'
import type { Value, Values } from '../../domain/value.js'
import { GraphQLFieldValue } from '../field-value.js'
import { ComparisonEnum } from './mapping.enums.js'
import {
  AND,
  OR,
  FIELD,
  VALUE,
  VALUES,
  PERCENT,
  MINIMUM,
  PRIORITY,
  TEMPLATE_PRIORITY,
  TEMPLATE_FILTER,
  TEMPLATE_VALUES,
  SYNCHRONIZE_AFTERWARDS,
  CREATE_NEW,
  EVERY_MINUTES,
  CRON,
  TIME_ZONE,
} from './settings.type.js'

@InputType('MappingFilterInput', { description: 'A tree: give one of `and`, `or` and `field`.' })
export class FilterInput {
  @Field(() => [FilterInput], { nullable: true, description: AND })
  and?: FilterInput[] | null

  @Field(() => [FilterInput], { nullable: true, description: OR })
  or?: FilterInput[] | null

  @Field(() => String, { nullable: true, description: FIELD })
  field?: string | null

  @Field(() => ComparisonEnum, { nullable: true })
  comparison?: Comparison | null

  @Field(() => GraphQLFieldValue, { nullable: true, description: VALUE })
  value?: Value

  @Field(() => [GraphQLFieldValue], { nullable: 'itemsAndList', description: VALUES })
  values?: Value[] | null
}

@InputType('DeletionReviewLimitsInput')
export class DeletionReviewInput {
  @Field(() => Float, { nullable: true, description: PERCENT })
  percent?: number | null

  @Field(() => Int, { nullable: true, description: MINIMUM })
  minimum?: number | null
}

@InputType('MatchRulePairInput', { description: 'Two fields that must be equal, and not blank.' })
export class MatchRulePairInput {
  @Field(() => String)
  localField!: string

  @Field(() => String)
  integrationField!: string
}

@InputType('MatchRuleInput')
export class MatchRuleInput {
  @Field(() => Int, { description: PRIORITY })
  priority!: number

  @Field(() => Boolean, { nullable: true, description: 'Case-Sensitive Matching. Left out: no.' })
  caseSensitive?: boolean | null

  @Field(() => [MatchRulePairInput])
  pairs!: MatchRulePairInput[]
}

@InputType('InsertTemplateInput')
export class InsertTemplateInput {
  @Field(() => String)
  name!: string

  @Field(() => Int, { description: TEMPLATE_PRIORITY })
  priority!: number

  @Field(() => FilterInput, { nullable: true, description: TEMPLATE_FILTER })
  filter?: FilterInput | null

  @Field(() => GraphQLJSONObject, { description: TEMPLATE_VALUES })
  values!: Values
}

@InputType('InsertTemplatesInput', { description: 'A side that is left out has none.' })
export class InsertTemplatesInput {
  @Field(() => [InsertTemplateInput], { nullable: true })
  local?: InsertTemplateInput[] | null

  @Field(() => [InsertTemplateInput], { nullable: true })
  integration?: InsertTemplateInput[] | null
}

@InputType('MatchBasedCouplingInput')
export class CouplingOptionsInput {
  @Field(() => Boolean, { nullable: true, description: SYNCHRONIZE_AFTERWARDS })
  synchronizeAfterwards?: boolean | null

  @Field(() => Boolean, { nullable: true, description: CREATE_NEW })
  createNew?: boolean | null
}

@InputType('MappingScheduleInput', { description: 'Either `everyMinutes`, or `cron` with `timeZone`.' })
export class ScheduleInput {
  @Field(() => Int, { nullable: true, description: EVERY_MINUTES })
  everyMinutes?: number | null

  @Field(() => String, { nullable: true, description: CRON })
  cron?: string | null

  @Field(() => String, { nullable: true, description: TIME_ZONE })
  timeZone?: string | null
}
