import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { tableOf } from '../../domain/catalog/tables.js'
import { fieldOf } from '../../domain/schema.js'
import type { Connection } from '../../persistence/entities/connection.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import type { SynchJob } from '../../persistence/entities/synch-job.js'
import type { SynchRun } from '../../persistence/entities/synch-run.js'
import { REQUESTED_BY, type ApiContext } from '../context.js'
import { CONNECTION_ARGUMENT, NAME_ARGUMENT } from '../descriptions.js'
import { JobType } from '../synch-job/synch-job.type.js'
import { RunType } from '../synch-run/synch-run.type.js'
import { ConnectionType } from './connection.type.js'
import { findMapping } from './find-mapping.js'
import { UpdateMappingInput } from './mapping.input.js'
import { FieldMappingType, IntegrationTableMappingType } from './mapping.type.js'
import { updateMapping } from './update-mapping.js'

@Resolver(() => IntegrationTableMappingType)
export class MappingResolver {
  @Query(() => [IntegrationTableMappingType], {
    description: 'All mappings, in the order in which they depend on one another.',
  })
  async integrationTableMappings(@Ctx() { em }: ApiContext): Promise<IntegrationTableMappingType[]> {
    return em.find(
      Mapping,
      {},
      { orderBy: { connectionId: 'asc', position: 'asc', name: 'asc' }, disableIdentityMap: true },
    )
  }

  @Query(() => IntegrationTableMappingType, {
    nullable: true,
    description: 'NOT_FOUND names those that exist.',
  })
  async integrationTableMapping(
    @Arg('name', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() { em }: ApiContext,
  ): Promise<IntegrationTableMappingType> {
    return findMapping(em, name, connection)
  }

  @Mutation(() => IntegrationTableMappingType, {
    description:
      'Changes settings and watermarks of a mapping. BAD_USER_INPUT lists every problem at once; then nothing is changed. During a run the change counts from the next one.',
  })
  async updateIntegrationTableMapping(
    @Arg('name', () => String, { description: NAME_ARGUMENT }) name: string,
    @Arg('input', () => UpdateMappingInput) input: UpdateMappingInput,
    @Arg('connection', () => String, { nullable: true, description: CONNECTION_ARGUMENT })
    connection: string | null,
    @Ctx() { em }: ApiContext,
  ): Promise<IntegrationTableMappingType> {
    const { id } = await findMapping(em, name, connection)
    await em.fork().transactional((transaction) => updateMapping(transaction, id, input, REQUESTED_BY))
    return em.findOneOrFail(Mapping, { id }, { disableIdentityMap: true })
  }

  @FieldResolver(() => ConnectionType)
  async connection(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<Connection | null> {
    return loaders.connection.load(mapping.connectionId)
  }

  @FieldResolver(() => String, {
    description: "Business Central's table, by its name in the API: customers.",
  })
  localTable(@Root() mapping: Mapping): string {
    return mapping.definition.localTable
  }

  @FieldResolver(() => String, {
    description: "The integration table, by its name in that system's API: accounts.",
  })
  integrationTable(@Root() mapping: Mapping): string {
    return mapping.definition.integrationTable
  }

  @FieldResolver(() => Boolean, {
    description:
      'Synch. Only Coupled Records: if not, records without a partner are created on the other side.',
  })
  synchOnlyCoupledRecords(@Root() mapping: Mapping): boolean {
    return mapping.definition.onlyCoupled
  }

  @FieldResolver(() => [String], { description: 'Names of the mappings whose couplings this one refers to.' })
  dependsOn(@Root() mapping: Mapping): string[] {
    return [...mapping.definition.dependsOn]
  }

  @FieldResolver(() => [FieldMappingType])
  async fields(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<FieldMappingType[]> {
    const connection = await loaders.connection.load(mapping.connectionId)
    if (connection === null) return []
    const local = tableOf(connection.localSystem.kind, mapping.definition.localTable)
    const integration = tableOf(connection.integrationSystem.kind, mapping.definition.integrationTable)
    return mapping.definition.fields.map((field) => ({
      name: field.name,
      localField: field.localField,
      localCaption: field.localField === null ? null : fieldOf(local, field.localField).caption,
      integrationField: field.integrationField,
      integrationCaption:
        field.integrationField === null ? null : fieldOf(integration, field.integrationField).caption,
      direction: field.direction,
      lookupMappings: [...(field.lookupMappings ?? [])],
    }))
  }

  @FieldResolver(() => RunType, { nullable: true, description: 'The run that was asked for last.' })
  async lastRun(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<SynchRun | null> {
    return loaders.lastRunOfMapping.load(mapping.id)
  }

  @FieldResolver(() => [JobType], { description: 'The latest job of each direction.' })
  async lastJobs(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<readonly SynchJob[]> {
    return loaders.lastJobsOfMapping.load(mapping.id)
  }

  @FieldResolver(() => Int, { description: 'Number of errors that no later success has resolved.' })
  async openErrors(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.openErrorCount.load(mapping.id)
  }

  @FieldResolver(() => Int, { description: 'Number of skipped synch. records: they wait for a person.' })
  async skippedRecords(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.skippedCount.load(mapping.id)
  }

  @FieldResolver(() => Int, { description: 'Number of records that a later run tries again.' })
  async pendingRecords(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.pendingCount.load(mapping.id)
  }

  @FieldResolver(() => Int, { description: 'Number of coupled pairs.' })
  async couplings(@Root() mapping: Mapping, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.couplingCount.load(mapping.id)
  }
}
