import { GraphQLJSONObject } from 'graphql-scalars'
import { Field, ObjectType } from 'type-graphql'
import type { Direction, FieldStatus } from '../../domain/mapping.js'
import type { TransformationRule } from '../../domain/transformation.js'
import type { Side, Value } from '../../domain/value.js'
import { DirectionEnum, SideEnum } from '../enums.js'
import { GraphQLFieldValue } from '../field-value.js'
import {
  CLEAR_VALUE,
  CONSTANT,
  LOCAL_CURRENCY,
  LOOKUP_MAPPINGS,
  NOT_NULL,
  OPTION_MAP,
  OWNER,
  TIME_ZONE_OF_FIELD,
  TRANSFORM_FROM,
  TRANSFORM_TO,
  TRUNCATE,
} from './field-mapping.descriptions.js'
import { FieldStatusEnum } from './mapping.enums.js'

@ObjectType('OptionPair', { description: 'One line of an option map. Null is blank.' })
export class OptionPairType {
  @Field(() => GraphQLFieldValue, { nullable: true })
  local!: Value

  @Field(() => GraphQLFieldValue, { nullable: true })
  integration!: Value
}

@ObjectType('LocalCurrencyAmount', { description: LOCAL_CURRENCY })
export class LocalCurrencyAmountType {
  @Field(() => String, { description: "The local lookup that holds the record's currency." })
  currencyField!: string
}

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

  @Field(() => GraphQLFieldValue, { nullable: true, description: CONSTANT })
  constant!: Value

  @Field(() => DirectionEnum)
  direction!: Direction

  @Field(() => FieldStatusEnum)
  status!: FieldStatus

  @Field(() => String, {
    nullable: true,
    description:
      'Why it cannot be carried: the systems have no such field, as far as Accord has read their metadata. Null: it can.',
  })
  unavailable!: string | null

  @Field(() => Boolean, { description: 'User Defined: it is not in the default setup.' })
  userDefined!: boolean

  @Field(() => [String], { description: LOOKUP_MAPPINGS })
  lookupMappings!: readonly string[]

  @Field(() => Boolean, { description: CLEAR_VALUE })
  clearValueOnFailedSync!: boolean

  @Field(() => Boolean, { description: NOT_NULL })
  notNull!: boolean

  @Field(() => [GraphQLJSONObject], { description: TRANSFORM_TO })
  transformTo!: readonly TransformationRule[]

  @Field(() => [GraphQLJSONObject], { description: TRANSFORM_FROM })
  transformFrom!: readonly TransformationRule[]

  @Field(() => [OptionPairType], { nullable: true, description: OPTION_MAP })
  optionMap!: readonly OptionPairType[] | null

  @Field(() => SideEnum, { nullable: true, description: OWNER })
  owner!: Side | null

  @Field(() => Boolean, { description: TRUNCATE })
  truncate!: boolean

  @Field(() => String, { nullable: true, description: TIME_ZONE_OF_FIELD })
  timeZone!: string | null

  @Field(() => LocalCurrencyAmountType, { nullable: true, description: LOCAL_CURRENCY })
  localCurrencyAmount!: LocalCurrencyAmountType | null
}
