import { GraphQLJSONObject } from 'graphql-scalars'
import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { Failure } from '../../domain/failure.js'
import { Side, type Value } from '../../domain/value.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { Rehearsal } from '../../persistence/entities/rehearsal.js'
import type { Soon } from '../relation.js'
import type { ApiContext } from '../context.js'
import { CONNECTION_ARGUMENT, NAME_ARGUMENT } from '../descriptions.js'
import { captionsOf } from '../history/captions.js'
import { StartsWork } from '../idempotency/starts-work.js'
import { parseId } from '../identifiers.js'
import { findMapping } from '../mapping/find-mapping.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import { MOST_CHANGES, readRehearsal, rehearseMapping } from './rehearsal.js'
import { RehearsalReportType, RehearsalType } from './rehearsal.type.js'

@Resolver(() => RehearsalType)
export class RehearsalResolver {
  @Authorized(Role.viewer)
  @Query(() => RehearsalType, { nullable: true, description: 'NOT_FOUND if there is none.' })
  async rehearsal(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<RehearsalType> {
    return readRehearsal(context, parseId(id, 'id'))
  }

  @Authorized(Role.operator)
  @StartsWork()
  @Mutation(() => RehearsalType, {
    description:
      'Runs the latest recorded changes of a mapping through changed settings beside those in force, and tells in what the outcome would differ; waits up to 25 seconds. Nothing is written to either system, and the mapping stays as it is. BAD_USER_INPUT lists every problem of the settings at once.',
  })
  async rehearseMapping(
    @Arg('name', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('changes', () => GraphQLJSONObject, {
      description:
        'Settings as IntegrationTableMapping.document shows them. What is left out is as in force; what is given is whole: `fields` replaces all field mappings.',
    })
    changes: object,
    @Arg('last', () => Int, {
      defaultValue: 1000,
      description: `So many recorded changes, at most ${MOST_CHANGES}.`,
    })
    last: number,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() context: ApiContext,
  ): Promise<RehearsalType> {
    return rehearseMapping(context, await findMapping(context.em, name, connection), changes, last)
  }

  @FieldResolver(() => IntegrationTableMappingType)
  mapping(@Root() rehearsal: Rehearsal, @Ctx() { loaders }: ApiContext): Soon<Mapping | null> {
    return loaders.mapping.get(rehearsal.mappingId)
  }

  @FieldResolver(() => RehearsalReportType, { nullable: true, description: 'Null until it is complete.' })
  async report(
    @Root() rehearsal: Rehearsal,
    @Ctx() { loaders }: ApiContext,
  ): Promise<RehearsalReportType | null> {
    const { result } = rehearsal
    if (!result) return null
    const captions = {
      [Side.local]: await captionsOf(loaders, rehearsal.mappingId, Side.local),
      [Side.integration]: await captionsOf(loaders, rehearsal.mappingId, Side.integration),
    }
    return {
      ...result,
      from: result.from === null ? null : new Date(result.from),
      to: result.to === null ? null : new Date(result.to),
      fields: result.fields.map(({ examples, ...field }) => ({
        ...field,
        caption: captions[field.side](field.field),
        examples: examples.map((example) => ({
          ...example,
          before: textOf(example.before),
          after: textOf(example.after),
          failure: failureOf(example.failure),
        })),
      })),
      decisions: result.decisions.map((decision) => ({
        ...decision,
        examples: decision.examples.map((example) => ({ ...example, failure: failureOf(example.failure) })),
      })),
      notRehearsed: [...result.notRehearsed],
    }
  }
}

function textOf(value: Value): string | null {
  return value === null ? null : String(value)
}

function failureOf(failure: Failure | null) {
  if (failure === null) return null
  const { errorClass, message, cause, remedy } = failure
  return { errorClass, message, cause, remedy }
}
