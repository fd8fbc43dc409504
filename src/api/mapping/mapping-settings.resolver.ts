import { GraphQLJSONObject } from 'graphql-scalars'
import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { DEFAULT_MAPPINGS } from '../../domain/catalog/default-mappings.js'
import type { DeletionConflictPolicy } from '../../domain/mapping.js'
import { Side } from '../../domain/value.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { KnownTable } from '../../persistence/tables.js'
import type { ApiContext } from '../context.js'
import { toFilterDocument } from './document/filter-document.js'
import { toDocument } from './document/mapping-document.js'
import { FieldMappingType } from './field-mapping.type.js'
import { MappingNoticeType } from './mapping-change.type.js'
import { SETTING } from './mapping.descriptions.js'
import { DeletionConflictPolicyEnum } from './mapping.enums.js'
import { tableLoaderKey } from './mapping.loaders.js'
import { IntegrationTableMappingType } from './mapping.type.js'
import {
  CouplingOptionsType,
  DeletionReviewType,
  FilterType,
  InsertTemplatesType,
  MatchRuleType,
  ScheduleType,
} from './settings.type.js'
import { captionOf, describeField, describeTemplates, filterTextOf, scheduleType } from './show-settings.js'
import { judge, unknownTables } from './validate-definition.js'

/** The settings of a mapping, out of its definition. */
@Resolver(() => IntegrationTableMappingType)
export class MappingSettingsResolver {
  @FieldResolver(() => String, { description: SETTING.localTable })
  localTable(@Root() mapping: Mapping): string {
    return mapping.definition.localTable
  }

  @FieldResolver(() => String, { description: SETTING.integrationTable })
  integrationTable(@Root() mapping: Mapping): string {
    return mapping.definition.integrationTable
  }

  @FieldResolver(() => String, { nullable: true, description: 'Table Caption: Customer. Null: not known.' })
  async localTableCaption(@Root() mapping: Mapping, @Ctx() context: ApiContext): Promise<string | null> {
    return (await tableOn(context, mapping, Side.local))?.definition.caption ?? null
  }

  @FieldResolver(() => String, { nullable: true, description: 'Account. Null: not known.' })
  async integrationTableCaption(
    @Root() mapping: Mapping,
    @Ctx() context: ApiContext,
  ): Promise<string | null> {
    return (await tableOn(context, mapping, Side.integration))?.definition.caption ?? null
  }

  @FieldResolver(() => Boolean, { description: SETTING.synchOnlyCoupledRecords })
  synchOnlyCoupledRecords(@Root() mapping: Mapping): boolean {
    return mapping.definition.onlyCoupled
  }

  @FieldResolver(() => FilterType, { nullable: true, description: SETTING.localFilter })
  localFilter(@Root() { definition }: Mapping): FilterType | null {
    return definition.localFilter && (toFilterDocument(definition.localFilter) as FilterType)
  }

  @FieldResolver(() => String, { nullable: true, description: 'The filter in words. Null: no filter.' })
  async localFilterText(@Root() mapping: Mapping, @Ctx() context: ApiContext): Promise<string | null> {
    const table = await tableOn(context, mapping, Side.local)
    return filterTextOf(mapping.definition.localFilter, table)
  }

  @FieldResolver(() => FilterType, { nullable: true, description: SETTING.integrationFilter })
  integrationFilter(@Root() { definition }: Mapping): FilterType | null {
    return definition.integrationFilter && (toFilterDocument(definition.integrationFilter) as FilterType)
  }

  @FieldResolver(() => String, { nullable: true, description: 'The filter in words. Null: no filter.' })
  async integrationFilterText(@Root() mapping: Mapping, @Ctx() context: ApiContext): Promise<string | null> {
    const table = await tableOn(context, mapping, Side.integration)
    return filterTextOf(mapping.definition.integrationFilter, table)
  }

  @FieldResolver(() => DeletionConflictPolicyEnum, { description: SETTING.deletionConflictPolicy })
  deletionConflictPolicy(@Root() mapping: Mapping): DeletionConflictPolicy {
    return mapping.definition.deletionConflictPolicy
  }

  @FieldResolver(() => DeletionReviewType, { description: SETTING.deletionReview })
  deletionReview(@Root() mapping: Mapping): DeletionReviewType {
    return mapping.definition.deletionReview
  }

  @FieldResolver(() => [MatchRuleType], { description: SETTING.matchRules })
  matchRules(@Root() mapping: Mapping): MatchRuleType[] {
    return [...mapping.definition.matchRules]
  }

  @FieldResolver(() => InsertTemplatesType, { description: SETTING.templates })
  async templates(@Root() mapping: Mapping, @Ctx() context: ApiContext): Promise<InsertTemplatesType> {
    const { local, integration } = mapping.definition.templates
    // A template's filter is over the record it is created from: the other side's.
    const [localTable, integrationTable] = await tablesOf(context, mapping)
    return {
      ...describeTemplates('local', local, integrationTable),
      ...describeTemplates('integration', integration, localTable),
    }
  }

  @FieldResolver(() => CouplingOptionsType, { description: SETTING.matchBasedCoupling })
  matchBasedCoupling(@Root() mapping: Mapping): CouplingOptionsType {
    return mapping.definition.coupling
  }

  @FieldResolver(() => ScheduleType, { description: SETTING.schedule })
  schedule(@Root() { definition: { schedule } }: Mapping): ScheduleType {
    return scheduleType(schedule)
  }

  @FieldResolver(() => ScheduleType, { nullable: true, description: SETTING.reconcileSchedule })
  reconcileSchedule(@Root() { definition: { reconcileSchedule } }: Mapping): ScheduleType | null {
    return reconcileSchedule && scheduleType(reconcileSchedule)
  }

  @FieldResolver(() => Int, { nullable: true, description: SETTING.inactivityTimeoutMinutes })
  inactivityTimeoutMinutes(@Root() mapping: Mapping): number | null {
    return mapping.definition.inactivityTimeoutMinutes
  }

  @FieldResolver(() => Boolean, { description: SETTING.wakeOnChange })
  wakeOnChange(@Root() mapping: Mapping): boolean {
    return mapping.definition.wakeOnChange
  }

  @FieldResolver(() => Int, { nullable: true, description: SETTING.findDeletedHours })
  findDeletedHours(@Root() mapping: Mapping): number | null {
    return mapping.definition.findDeletedHours
  }

  @FieldResolver(() => Boolean, { description: SETTING.bulkUpdates })
  bulkUpdates(@Root() mapping: Mapping): boolean {
    return mapping.definition.bulkUpdates === true
  }

  @FieldResolver(() => [String], { description: SETTING.dependsOn })
  dependsOn(@Root() mapping: Mapping): string[] {
    return [...mapping.definition.dependsOn]
  }

  @FieldResolver(() => Boolean, { description: 'User Defined: there is no default setup of that name.' })
  userDefined(@Root() { definition }: Mapping): boolean {
    return !DEFAULT_MAPPINGS.some((candidate) => candidate.name === definition.name)
  }

  @FieldResolver(() => GraphQLJSONObject, { description: 'The mapping, as a mapping file holds it.' })
  document(@Root() mapping: Mapping): object {
    return toDocument(mapping.definition)
  }

  @FieldResolver(() => [FieldMappingType], { description: SETTING.fields })
  async fields(@Root() mapping: Mapping, @Ctx() context: ApiContext): Promise<FieldMappingType[]> {
    const [local, integration] = await tablesOf(context, mapping)
    const byDefault = DEFAULT_MAPPINGS.find((candidate) => candidate.name === mapping.name)
    return mapping.definition.fields.map((field) => ({
      ...describeField(field, local, integration),
      localCaption: captionOf(local, field.localField),
      integrationCaption: captionOf(integration, field.integrationField),
      userDefined: byDefault?.fields.some(({ name }) => name === field.name) !== true,
    }))
  }

  @FieldResolver(() => [MappingNoticeType], {
    description:
      'What is wrong with it as it stands, by the tables that Accord knows now: metadata may have changed since it was saved.',
  })
  async problems(@Root() mapping: Mapping, @Ctx() context: ApiContext): Promise<MappingNoticeType[]> {
    return (await judged(context, mapping)).problems
  }

  @FieldResolver(() => [MappingNoticeType], { description: 'What deserves a second look, and works.' })
  async warnings(@Root() mapping: Mapping, @Ctx() context: ApiContext): Promise<MappingNoticeType[]> {
    return (await judged(context, mapping)).warnings
  }
}

async function judged(
  context: ApiContext,
  mapping: Mapping,
): Promise<{ readonly problems: MappingNoticeType[]; readonly warnings: MappingNoticeType[] }> {
  const [local, integration] = await tablesOf(context, mapping)
  const all = await context.loaders.definitionsOfConnection.load(mapping.connectionId)
  const others = all.filter((definition) => definition.name !== mapping.name)
  const { problems, warnings } =
    local === null || integration === null
      ? { problems: unknownTables(mapping.definition, local, integration), warnings: [] }
      : judge(mapping.definition, { LOCAL: local.definition, INTEGRATION: integration.definition }, others)
  const notice = ({ argument, message }: { argument: string; message: string }) => ({
    path: argument,
    message,
  })
  return { problems: problems.map(notice), warnings: warnings.map(notice) }
}

async function tablesOf(
  context: ApiContext,
  mapping: Mapping,
): Promise<readonly [KnownTable | null, KnownTable | null]> {
  return Promise.all([tableOn(context, mapping, Side.local), tableOn(context, mapping, Side.integration)])
}

function tableOn({ loaders }: ApiContext, mapping: Mapping, side: Side): Promise<KnownTable | null> {
  const name = side === Side.local ? mapping.definition.localTable : mapping.definition.integrationTable
  return loaders.table.load(tableLoaderKey({ connectionId: mapping.connectionId, side, name }))
}
