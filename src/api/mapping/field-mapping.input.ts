import { GraphQLJSONObject } from 'graphql-scalars'
import { Field, InputType } from 'type-graphql'
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

@InputType('OptionPairInput', { description: 'One line of an option map. Null is blank.' })
export class OptionPairInput {
  @Field(() => GraphQLFieldValue, { nullable: true })
  local!: Value

  @Field(() => GraphQLFieldValue, { nullable: true })
  integration!: Value
}

@InputType('LocalCurrencyAmountInput')
export class LocalCurrencyAmountInput {
  @Field(() => String, { description: "The local lookup that holds the record's currency." })
  currencyField!: string
}

@InputType('IntegrationFieldMappingInput', {
  description:
    'A field mapping. When one is changed, what is left out stays; when one is added, it has its default.',
})
export class FieldMappingInput {
  @Field(() => String, { nullable: true, description: 'Null: the constant is carried.' })
  localField?: string | null

  @Field(() => String, { nullable: true, description: 'Null: the constant is carried.' })
  integrationField?: string | null

  @Field(() => GraphQLFieldValue, { nullable: true, description: CONSTANT })
  constant?: Value

  @Field(() => DirectionEnum, {
    nullable: true,
    description: "By default the mapping's; a constant goes to the side that has a field.",
  })
  direction?: Direction | null

  @Field(() => FieldStatusEnum, { nullable: true })
  status?: FieldStatus | null

  @Field(() => [String], { nullable: true, description: LOOKUP_MAPPINGS })
  lookupMappings?: string[] | null

  @Field(() => Boolean, { nullable: true, description: CLEAR_VALUE })
  clearValueOnFailedSync?: boolean | null

  @Field(() => Boolean, { nullable: true, description: NOT_NULL })
  notNull?: boolean | null

  @Field(() => [GraphQLJSONObject], { nullable: true, description: TRANSFORM_TO })
  transformTo?: TransformationRule[] | null

  @Field(() => [GraphQLJSONObject], { nullable: true, description: TRANSFORM_FROM })
  transformFrom?: TransformationRule[] | null

  @Field(() => [OptionPairInput], { nullable: true, description: OPTION_MAP })
  optionMap?: OptionPairInput[] | null

  @Field(() => SideEnum, { nullable: true, description: OWNER })
  owner?: Side | null

  @Field(() => Boolean, { nullable: true, description: TRUNCATE })
  truncate?: boolean | null

  @Field(() => String, { nullable: true, description: TIME_ZONE_OF_FIELD })
  timeZone?: string | null

  @Field(() => LocalCurrencyAmountInput, { nullable: true, description: LOCAL_CURRENCY })
  localCurrencyAmount?: LocalCurrencyAmountInput | null
}
