import { Field, Float, Int, ObjectType } from 'type-graphql'
import { GraphQLJSONObject } from 'graphql-scalars'
import type { Comparison } from '../../domain/filter.js'
import type { Value, Values } from '../../domain/value.js'
import { GraphQLFieldValue } from '../field-value.js'
import { ComparisonEnum } from './mapping.enums.js'

export const AND = 'All of these hold.'
export const OR = 'At least one of these holds.'
export const FIELD = "A field of the table, by its name in that system's API."
export const VALUE = 'What it is compared with; of every comparison but IN and BLANK.'
export const VALUES = 'Of IN.'

@ObjectType('MappingFilter', {
  description:
    'Which records of a table a mapping takes part in: a tree. One of `and`, `or` and `field` is there.',
})
export class FilterType {
  @Field(() => [FilterType], { nullable: true, description: AND })
  and?: FilterType[] | null

  @Field(() => [FilterType], { nullable: true, description: OR })
  or?: FilterType[] | null

  @Field(() => String, { nullable: true, description: FIELD })
  field?: string | null

  @Field(() => ComparisonEnum, { nullable: true })
  comparison?: Comparison | null

  @Field(() => GraphQLFieldValue, { nullable: true, description: VALUE })
  value?: Value

  @Field(() => [GraphQLFieldValue], { nullable: 'itemsAndList', description: VALUES })
  values?: Value[] | null
}

export const PERCENT = 'Share of the couplings, in percent.'
export const MINIMUM = 'Never fewer than this wait for review.'

@ObjectType('DeletionReviewLimits', {
  description:
    'More deletions at once than this share of the couplings, and than the minimum, wait for review.',
})
export class DeletionReviewType {
  @Field(() => Float, { description: PERCENT })
  percent!: number

  @Field(() => Int, { description: MINIMUM })
  minimum!: number
}

@ObjectType('MatchRulePair', { description: 'Two fields that must be equal, and not blank.' })
export class MatchRulePairType {
  @Field(() => String)
  localField!: string

  @Field(() => String)
  integrationField!: string
}

export const PRIORITY = 'Match Priority: rules are tried by ascending priority, each on its own.'

@ObjectType('MatchRule', {
  description: 'Use For Match-Based Coupling: records match where all pairs are equal and none is blank.',
})
export class MatchRuleType {
  @Field(() => Int, { description: PRIORITY })
  priority!: number

  @Field(() => Boolean, { description: 'Case-Sensitive Matching.' })
  caseSensitive!: boolean

  @Field(() => [MatchRulePairType])
  pairs!: readonly MatchRulePairType[]
}

export const TEMPLATE_PRIORITY =
  'Of the templates of a side the first by priority applies whose filter the source record satisfies.'
export const TEMPLATE_FILTER = 'Over the fields of the record that is the source. Null: every record.'
export const TEMPLATE_VALUES =
  'By field of the table in which the record is created: text, true, false or null. Mapped values that are not blank go before them.'

@ObjectType('InsertTemplate', {
  description: 'Table Config Template: values given to a record that is created.',
})
export class InsertTemplateType {
  @Field(() => String)
  name!: string

  @Field(() => Int, { description: TEMPLATE_PRIORITY })
  priority!: number

  @Field(() => FilterType, { nullable: true, description: TEMPLATE_FILTER })
  filter!: FilterType | null

  @Field(() => String, { nullable: true, description: 'The filter in words.' })
  filterText!: string | null

  @Field(() => GraphQLJSONObject, { description: TEMPLATE_VALUES })
  values!: Values
}

@ObjectType('InsertTemplates')
export class InsertTemplatesType {
  @Field(() => [InsertTemplateType], {
    description: 'Table Config Templates: for records created in the local table.',
  })
  local!: InsertTemplateType[]

  @Field(() => [InsertTemplateType], {
    description: 'Int. Table Config Templates: for records created in the integration table.',
  })
  integration!: InsertTemplateType[]

  @Field(() => String, { description: '`2 templates`' })
  localText!: string

  @Field(() => String, { description: '`2 templates`' })
  integrationText!: string
}

export const SYNCHRONIZE_AFTERWARDS = 'Synch. After Match-Based Coupling.'
export const CREATE_NEW = 'Create New in Case of No Match.'

@ObjectType('MatchBasedCoupling', { description: 'Options of match-based coupling.' })
export class CouplingOptionsType {
  @Field(() => Boolean, { description: SYNCHRONIZE_AFTERWARDS })
  synchronizeAfterwards!: boolean

  @Field(() => Boolean, { description: CREATE_NEW })
  createNew!: boolean
}

export const EVERY_MINUTES = 'Minutes between two scheduled runs.'
export const CRON = 'Five fields: 0 6 * * 1-5.'
export const TIME_ZONE = 'IANA name in which cron is read: Europe/Berlin.'

@ObjectType('MappingSchedule', {
  description: 'When scheduled runs start: `everyMinutes`, or `cron` with `timeZone`.',
})
export class ScheduleType {
  @Field(() => Int, { nullable: true, description: EVERY_MINUTES })
  everyMinutes!: number | null

  @Field(() => String, { nullable: true, description: CRON })
  cron!: string | null

  @Field(() => String, { nullable: true, description: TIME_ZONE })
  timeZone!: string | null

  @Field(() => String, { description: 'In words.' })
  text!: string
}
