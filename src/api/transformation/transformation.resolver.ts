import { GraphQLJSONObject } from 'graphql-scalars'
import { Arg, Authorized, Ctx, ID, Query, Resolver } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { PassDirection } from '../../domain/mapping.js'
import {
  CULTURE_NAMES,
  PREDEFINED_RULES,
  previewTransformation,
  REFUSED_RULE_TYPES,
  TRANSFORMATION_RULE_TYPES,
} from '../../domain/transformation.js'
import type { Value } from '../../domain/value.js'
import type { ApiContext } from '../context.js'
import { CONNECTION_ARGUMENT, NAME_ARGUMENT } from '../descriptions.js'
import { PassDirectionEnum } from '../enums.js'
import { GraphQLFieldValue } from '../field-value.js'
import { FieldMappingInput } from '../mapping/field-mapping.input.js'
import { fieldMappingOf } from '../mapping/field-mappings.js'
import { findMapping } from '../mapping/find-mapping.js'
import { previewFieldMapping } from './preview-field-mapping.js'
import { checkRules, checkSamples } from './samples.js'
import {
  FieldMappingPreviewType,
  TransformationPreviewType,
  TransformationRulesType,
} from './transformation.type.js'

@Resolver()
export class TransformationResolver {
  @Authorized(Role.viewer)
  @Query(() => TransformationRulesType, {
    description: 'The types of transformation rules with their settings, enough to show a form.',
  })
  transformationRules(): TransformationRulesType {
    return {
      types: TRANSFORMATION_RULE_TYPES.map(({ settings, ...type }) => ({
        ...type,
        settings: settings.map((setting) => ({
          ...setting,
          options: setting.options ?? null,
          minimumLength: setting.minimumLength ?? null,
          maximumLength: setting.maximumLength ?? null,
          minimum: setting.minimum ?? null,
          maximum: setting.maximum ?? null,
          default: setting.default ?? null,
        })),
      })),
      predefined: Object.entries(PREDEFINED_RULES).map(([code, rules]) => ({ code, rules })),
      refused: Object.entries(REFUSED_RULE_TYPES).map(([type, reason]) => ({ type, reason })),
      cultures: CULTURE_NAMES,
    }
  }

  @Authorized(Role.viewer)
  @Query(() => [TransformationPreviewType], {
    description:
      'What rules make of values, step by step. Saves nothing. BAD_USER_INPUT lists every problem of every rule.',
  })
  previewTransformation(
    @Arg('rules', () => [GraphQLJSONObject]) rules: object[],
    @Arg('samples', () => [GraphQLFieldValue], { nullable: 'items' }) samples: Value[],
  ): TransformationPreviewType[] {
    const checked = checkRules(rules)
    checkSamples(samples)
    return previewTransformation(checked, samples).map(({ sample, steps, result }) => ({
      sample,
      steps,
      value: result.kind === 'value' ? result.value : null,
      message: result.kind === 'value' ? null : result.message,
      remedy: result.kind === 'value' ? null : result.remedy,
    }))
  }

  @Authorized(Role.viewer)
  @Query(() => [FieldMappingPreviewType], {
    description:
      'What a field mapping would carry for these values, or for what a coupling last agreed on: after each rule, and at the destination, or why not. Saves nothing and asks no business system.',
  })
  async previewFieldMapping(
    @Arg('mapping', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('field', () => String, {
      nullable: true,
      description: 'Name of the field mapping: displayName:name. Left out: the input is all of it.',
    })
    field: string | null,
    @Arg('input', () => FieldMappingInput, {
      nullable: true,
      description: 'Settings to try; what is left out is as the field mapping has it.',
    })
    input: FieldMappingInput | null,
    @Arg('direction', () => PassDirectionEnum, { nullable: true }) direction: PassDirection | null,
    @Arg('samples', () => [GraphQLFieldValue], { nullable: 'itemsAndList' }) samples: Value[] | null,
    @Arg('couplingId', () => ID, { nullable: true }) couplingId: string | null,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<readonly FieldMappingPreviewType[]> {
    const mapping = await findMapping(context.em, name, connection)
    return previewFieldMapping(context, mapping, fieldMappingOf(mapping, field ?? null, input ?? {}), {
      direction: direction ?? null,
      samples: samples ?? [],
      couplingId: couplingId ?? null,
    })
  }
}
