import type { GraphQLResolveInfo } from '../graphql.js'
import { Arg, Authorized, Ctx, FieldResolver, ID, Info, Int, Query, Resolver, Root } from 'type-graphql'
import { stateOfGroup, type ErrorGroupState } from '../../domain/error-group.js'
import { Role } from '../../domain/role.js'
import { Side } from '../../domain/value.js'
import { ErrorGroup } from '../../persistence/entities/error-group.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { ApiContext } from '../context.js'
import { AFTER_ARGUMENT, FIRST_ARGUMENT } from '../descriptions.js'
import { apiError, ErrorCode } from '../errors.js'
import { parseId } from '../identifiers.js'
import { IntegrationTableMappingType } from '../mapping/mapping.type.js'
import type { Soon } from '../relation.js'
import type { Page } from '../paging/connection.type.js'
import { DEFAULT_PAGE } from '../paging/keyset.js'
import { loadTable } from '../record/record-reference.js'
import { listErrors } from '../synch-error/list-errors.js'
import {
  SynchErrorOrder,
  SynchErrorOrderEnum,
  SynchErrorStatus,
  SynchErrorStatusEnum,
} from '../synch-error/synch-error.input.js'
import { SynchErrorConnection, SynchErrorType } from '../synch-error/synch-error.type.js'
import {
  ErrorGroupFilter,
  ErrorGroupOrder,
  ErrorGroupOrderEnum,
  ErrorGroupStateEnum,
} from './error-group.input.js'
import {
  ErrorGroupConnection,
  ErrorGroupDayType,
  ErrorGroupEventType,
  ErrorGroupType,
} from './error-group.type.js'
import { propertiesAsked, type FieldsFrom } from '../paging/requested.js'
import { listGroups } from './list-groups.js'

const FIELDS_FROM: FieldsFrom = {
  __typename: [],
  state: ['resolvedAt', 'snoozedUntil', 'assignee'],
  mapping: ['mappingId'],
  tables: ['mappingId'],
  trend: [],
  lastHour: [],
  recordsHeld: [],
  recordsWaiting: [],
  samples: [],
  errors: [],
  history: [],
}

@Resolver(() => ErrorGroupType)
export class ErrorGroupResolver {
  @Authorized(Role.viewer)
  @Query(() => ErrorGroupType, {
    nullable: true,
    description: 'Errors with one root cause. NOT_FOUND if there is no such group.',
  })
  async errorGroup(
    @Arg('id', () => ID) id: string,
    @Ctx() { loaders }: ApiContext,
  ): Promise<(ErrorGroupType & ErrorGroup) | null> {
    const found = await loaders.errorGroup.load(parseId(id, 'id'))
    if (found === null) throw apiError(ErrorCode.notFound, `There is no error group ${id}.`)
    return found
  }

  @Authorized(Role.viewer)
  @Query(() => ErrorGroupConnection, { description: 'The errors by root cause.' })
  async errorGroups(
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Arg('filter', () => ErrorGroupFilter, { nullable: true }) filter: ErrorGroupFilter | null,
    @Arg('orderBy', () => ErrorGroupOrderEnum, { defaultValue: ErrorGroupOrder.lastSeenDesc })
    order: ErrorGroupOrder,
    @Ctx() { em }: ApiContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<ErrorGroupType>> {
    const only = propertiesAsked(em, ErrorGroup, info, FIELDS_FROM)
    return listGroups(em, filter, { first, after, order }, only)
  }

  @FieldResolver(() => ErrorGroupStateEnum)
  state(@Root() group: ErrorGroup): ErrorGroupState {
    return stateOfGroup(group, Date.now())
  }

  @FieldResolver(() => IntegrationTableMappingType)
  mapping(@Root() group: ErrorGroup, @Ctx() { loaders }: ApiContext): Soon<Mapping | null> {
    return loaders.mapping.get(group.mappingId)
  }

  @FieldResolver(() => [String], {
    description: "Captions of the mapping's two tables, Business Central's first: Customer, Account.",
  })
  async tables(@Root() group: ErrorGroup, @Ctx() { loaders }: ApiContext): Promise<readonly string[]> {
    const mapping = await loaders.mapping.load(group.mappingId)
    const connection = mapping === null ? null : await loaders.connection.load(mapping.connectionId)
    if (mapping === null || connection === null) return []
    const tables = await Promise.all(
      [Side.local, Side.integration].map((side) => loadTable(loaders, mapping, connection, side)),
    )
    return tables.map((table) => table.caption)
  }

  @FieldResolver(() => [ErrorGroupDayType], {
    description: 'The days of the last thirty on which something happened, the oldest first.',
  })
  async trend(
    @Root() group: ErrorGroup,
    @Ctx() { loaders }: ApiContext,
  ): Promise<readonly ErrorGroupDayType[]> {
    return loaders.daysOfGroup.load(group.id)
  }

  @FieldResolver(() => Int, { description: 'Errors that were last met within the last hour.' })
  async lastHour(@Root() group: ErrorGroup, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.lastHourOfGroup.load(group.id)
  }

  @FieldResolver(() => Int, {
    description:
      'Records of the mapping that are not in sync because of it. Where it stops whole runs: the records whose writes were begun and not carried through.',
  })
  async recordsHeld(@Root() group: ErrorGroup, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.heldByGroup.load(group.id)
  }

  @FieldResolver(() => Int, {
    description: 'Records of other mappings that wait for records of its open errors to be coupled.',
  })
  async recordsWaiting(@Root() group: ErrorGroup, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.waitingForGroup.load(group.id)
  }

  @FieldResolver(() => [SynchErrorType], {
    description: 'Up to three of its errors, open ones first, then the latest.',
  })
  async samples(
    @Root() group: ErrorGroup,
    @Ctx() { loaders }: ApiContext,
  ): Promise<readonly SynchErrorType[]> {
    return loaders.samplesOfGroup.load(group.id)
  }

  @FieldResolver(() => SynchErrorConnection, {
    description: 'Its errors, as far as the log still holds them.',
  })
  async errors(
    @Root() group: ErrorGroup,
    @Arg('first', () => Int, { defaultValue: DEFAULT_PAGE, description: FIRST_ARGUMENT }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER_ARGUMENT }) after: string | null,
    @Arg('status', () => SynchErrorStatusEnum, { nullable: true }) status: SynchErrorStatus | null,
    @Arg('orderBy', () => SynchErrorOrderEnum, { defaultValue: SynchErrorOrder.timeDesc })
    order: SynchErrorOrder,
    @Ctx() { em }: ApiContext,
  ): Promise<Page<SynchErrorType>> {
    return listErrors(em, { group: group.id, status }, { first, after, order })
  }

  @FieldResolver(() => [ErrorGroupEventType], {
    description: 'What happened to it and its notes, the last one first; at most a hundred.',
  })
  async history(
    @Root() group: ErrorGroup,
    @Ctx() { loaders }: ApiContext,
  ): Promise<readonly ErrorGroupEventType[]> {
    return loaders.eventsOfGroup.load(group.id)
  }
}
