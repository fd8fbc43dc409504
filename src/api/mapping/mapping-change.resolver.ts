import { GraphQLJSONObject } from 'graphql-scalars'
import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import { MappingVersion } from '../../persistence/entities/mapping-version.js'
import type { ApiContext } from '../context.js'
import { CONNECTION_ARGUMENT, NAME_ARGUMENT } from '../descriptions.js'
import { badUserInput } from '../errors.js'
import { SEEN_VERSION } from '../seen-version.js'
import { applyMappings } from './apply-mappings.js'
import type { ChangeRequest } from './authorship.js'
import { makeMapping } from './create-mapping.js'
import { deleteMapping } from './delete-mapping.js'
import { FieldMappingInput } from './field-mapping.input.js'
import { addFieldMapping, removeFieldMapping, updateFieldMapping } from './field-mappings.js'
import { findMapping } from './find-mapping.js'
import { AppliedMappingType, DeletedMappingType, MappingVersionType } from './mapping-change.type.js'
import { MappingInput, UpdateMappingInput } from './mapping.input.js'
import { IntegrationTableMappingType } from './mapping.type.js'
import { resetMapping, restoreVersion } from './reset-mapping.js'
import { updateMapping } from './update-mapping.js'
import { describeVersions } from './versions.js'

const MOST_VERSIONS = 200
const ALL_AT_ONCE = 'BAD_USER_INPUT lists every problem at once; then nothing is changed.'
const FIELD_ARGUMENT = 'Name of the field mapping: displayName:name.'
const AUTHOR = 'Who makes the change, as versions show it. Left out: who is signed in.'
const NOTE = "Why, in the author's words."

@ArgsType()
class Authorship {
  @Field(() => String, { nullable: true, description: AUTHOR })
  author?: string | null

  @Field(() => String, { nullable: true, description: NOTE })
  note?: string | null
}

/** Which mapping is changed, by whom, and on which version. */
@ArgsType()
class ChangeArguments extends Authorship {
  @Field(() => String, { description: NAME_ARGUMENT })
  name!: string

  @Field(() => String, { nullable: true, description: CONNECTION_ARGUMENT })
  connection?: string | null

  @Field(() => Int, {
    nullable: true,
    description:
      'The version that you have seen. CONFLICTING_STATE says who has changed what since, and nothing is changed. Left out: whatever it is.',
  })
  version?: number | null
}

@Resolver(() => IntegrationTableMappingType)
export class MappingChangeResolver {
  @Authorized(Role.viewer)
  @Query(() => [MappingVersionType], {
    description: 'The definitions that a mapping has had, the one in force first.',
  })
  async integrationTableMappingVersions(
    @Arg('name', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Arg('first', () => Int, { defaultValue: 50, description: `At most ${MOST_VERSIONS}.` }) first: number,
    @Arg('before', () => Int, { nullable: true, description: 'Only versions before this one.' })
    before: number | null,
    @Ctx() { em }: ApiContext,
  ): Promise<MappingVersionType[]> {
    if (first < 1 || first > MOST_VERSIONS) {
      throw badUserInput([
        { argument: 'first', message: `Expected a number from 1 to ${MOST_VERSIONS}, got ${first}.` },
      ])
    }
    const { id } = await findMapping(em, name, connection)
    const found = await em.find(
      MappingVersion,
      { mappingId: id, ...(typeof before === 'number' ? { version: { $lt: before } } : {}) },
      // One more than asked for: the last is told against the one before it.
      { orderBy: { version: 'desc' }, limit: first + 1, disableIdentityMap: true },
    )
    return describeVersions(found).slice(0, first)
  }

  @Authorized(Role.administrator)
  @Mutation(() => IntegrationTableMappingType, {
    description: `New Table Mapping. ${ALL_AT_ONCE}`,
  })
  async createIntegrationTableMapping(
    @Arg('input', () => MappingInput) input: MappingInput,
    @Arg('connection', () => String, { nullable: true, description: 'Needed where there are several.' })
    connection: string | null,
    @Arg('paused', () => Boolean, {
      defaultValue: false,
      description: 'It begins paused: nothing of it runs until it is resumed.',
    })
    paused: boolean,
    @Args(() => Authorship) by: Authorship,
    @Ctx() context: ApiContext,
  ): Promise<IntegrationTableMappingType> {
    return makeMapping(context, connection ?? null, input, { ...requestOf(by), paused })
  }

  @Authorized(Role.administrator)
  @Mutation(() => IntegrationTableMappingType, {
    description: `Changes settings and watermarks of a mapping. ${ALL_AT_ONCE} During a run the change counts from the next one.`,
  })
  async updateIntegrationTableMapping(
    @Arg('input', () => UpdateMappingInput) input: UpdateMappingInput,
    @Args(() => ChangeArguments) change: ChangeArguments,
    @Ctx() context: ApiContext,
  ): Promise<IntegrationTableMappingType> {
    return updateMapping(context, await idOf(context, change), input, requestOf(change))
  }

  @Authorized(Role.administrator)
  @Mutation(() => IntegrationTableMappingType, {
    description: `New Field Mapping: it starts disabled unless its status says otherwise. ${ALL_AT_ONCE}`,
  })
  async addIntegrationFieldMapping(
    @Arg('input', () => FieldMappingInput) input: FieldMappingInput,
    @Args(() => ChangeArguments) change: ChangeArguments,
    @Ctx() context: ApiContext,
  ): Promise<IntegrationTableMappingType> {
    return addFieldMapping(context, await idOf(context, change), input, requestOf(change))
  }

  @Authorized(Role.administrator)
  @Mutation(() => IntegrationTableMappingType, {
    description: `Changes a field mapping; what is left out stays. ${ALL_AT_ONCE}`,
  })
  async updateIntegrationFieldMapping(
    @Arg('field', () => String, { description: FIELD_ARGUMENT }) field: string,
    @Arg('input', () => FieldMappingInput) input: FieldMappingInput,
    @Args(() => ChangeArguments) change: ChangeArguments,
    @Ctx() context: ApiContext,
  ): Promise<IntegrationTableMappingType> {
    return updateFieldMapping(context, await idOf(context, change), field, input, requestOf(change))
  }

  @Authorized(Role.administrator)
  @Mutation(() => IntegrationTableMappingType, { description: `Removes a field mapping. ${ALL_AT_ONCE}` })
  async removeIntegrationFieldMapping(
    @Arg('field', () => String, { description: FIELD_ARGUMENT }) field: string,
    @Args(() => ChangeArguments) change: ChangeArguments,
    @Ctx() context: ApiContext,
  ): Promise<IntegrationTableMappingType> {
    return removeFieldMapping(context, await idOf(context, change), field, requestOf(change))
  }

  @Authorized(Role.administrator)
  @Mutation(() => IntegrationTableMappingType, {
    description:
      'Use Default Synchronization Setup. CONFIRMATION_REQUIRED tells which own changes would be lost, unless confirmed.',
  })
  async resetIntegrationTableMapping(
    @Arg('confirm', () => Boolean, { defaultValue: false }) confirm: boolean,
    @Args(() => ChangeArguments) change: ChangeArguments,
    @Ctx() context: ApiContext,
  ): Promise<IntegrationTableMappingType> {
    return resetMapping(context, await idOf(context, change), confirm, requestOf(change))
  }

  @Authorized(Role.administrator)
  @Mutation(() => IntegrationTableMappingType, {
    description: `Gives a mapping the definition of an earlier version, as a new version. ${ALL_AT_ONCE}`,
  })
  async restoreIntegrationTableMappingVersion(
    @Arg('restore', () => Int, { description: 'The version whose definition it gets.' }) restore: number,
    @Args(() => ChangeArguments) change: ChangeArguments,
    @Ctx() context: ApiContext,
  ): Promise<IntegrationTableMappingType> {
    return restoreVersion(context, await idOf(context, change), restore, requestOf(change))
  }

  @Authorized(Role.administrator)
  @Mutation(() => DeletedMappingType, {
    description:
      'Deletes a mapping with its couplings, jobs, errors and history; records stay in both systems. CONFIRMATION_REQUIRED while it has couplings, unless confirmed; CONFLICTING_STATE while a run of it is under way or another mapping refers to it.',
  })
  async deleteIntegrationTableMapping(
    @Arg('name', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Arg('confirm', () => Boolean, { defaultValue: false }) confirm: boolean,
    @Arg('version', () => Int, { nullable: true, description: SEEN_VERSION }) version: number | null,
    @Ctx() context: ApiContext,
  ): Promise<DeletedMappingType> {
    const { id } = await findMapping(context.em, name, connection)
    return deleteMapping(context, id, { confirm, version: version ?? null })
  }

  @Authorized(Role.administrator)
  @Mutation(() => [AppliedMappingType], {
    description: `Makes the mappings of a connection what these documents say, all of them or none; others stay. ${ALL_AT_ONCE}`,
  })
  async applyIntegrationTableMappings(
    @Arg('mappings', () => [GraphQLJSONObject], {
      description: 'As IntegrationTableMapping.document shows them. What is left out has its default.',
    })
    mappings: object[],
    @Arg('connection', () => String, { nullable: true, description: 'Needed where there are several.' })
    connection: string | null,
    @Arg('dryRun', () => Boolean, {
      defaultValue: false,
      description: 'Tell what would be done; do nothing.',
    })
    dryRun: boolean,
    @Args(() => Authorship) by: Authorship,
    @Ctx() context: ApiContext,
  ): Promise<readonly AppliedMappingType[]> {
    return applyMappings(context, {
      connection: connection ?? null,
      documents: mappings,
      dryRun,
      ...requestOf(by),
    })
  }

  @FieldResolver(() => MappingVersionType, {
    nullable: true,
    description: 'The change that made the version in force: who, why, what.',
  })
  async lastChange(@Root() mapping: Mapping, @Ctx() { em }: ApiContext): Promise<MappingVersionType | null> {
    const found = await em.find(
      MappingVersion,
      { mappingId: mapping.id, version: { $in: [mapping.version, mapping.version - 1] } },
      { orderBy: { version: 'desc' }, disableIdentityMap: true },
    )
    return describeVersions(found)[0] ?? null
  }
}

function requestOf(given: Partial<ChangeArguments>): ChangeRequest {
  return { author: given.author ?? null, note: given.note ?? null, version: given.version ?? null }
}

async function idOf(context: ApiContext, change: ChangeArguments): Promise<string> {
  return (await findMapping(context.em, change.name, change.connection)).id
}
